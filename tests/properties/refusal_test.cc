// What refuses, and that nothing undoes it.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/properties/property.h"

namespace writ::test {
namespace {

using reference::Case;
using reference::Verdict;

// What nothing allows is denied: a policy without an allow never allows, and never steps up.
TEST_F(Property, DefaultDeny_WithoutAnAllowEveryAnswerIsDeny) {
  for (std::uint64_t seed = 1; seed <= drawn(300); ++seed) {
    Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    std::erase_if(checked.from.policy, is_allow);
    const auto twins = Twins::make(checked.from);
    ASSERT_NE(twins, nullptr);
    for (const std::string& request : checked.from.requests) {
      for (const auto& [name, ask] : sides()) {
        const reference::Answer answer = ask(*twins, request);
        ASSERT_TRUE(answer.error || answer.verdict == Verdict::kDeny) << name << "\n"
                                                                      << show(checked.from, request, show(answer));
      }
    }
  }
}

// A deny wins, whatever else is said: with one that covers what is asked, and whose condition is not false, the answer
// is a deny, and it is the policy that refuses.
TEST_F(Property, ADenyWins_WhateverElseIsSaid) {
  for (std::uint64_t seed = 1; seed <= drawn(300); ++seed) {
    Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    checked.from.policy.push_back("@last deny * because \"everything\"");
    const auto twins = Twins::make(checked.from);
    ASSERT_NE(twins, nullptr);
    for (const std::string& request : checked.from.requests) {
      for (const auto& [name, ask] : sides()) {
        const reference::Answer answer = ask(*twins, request);
        if (answer.error) continue;
        const bool says_so = std::find(answer.rules.begin(), answer.rules.end(), "last") != answer.rules.end();
        ASSERT_TRUE(answer.verdict == Verdict::kDeny && answer.link == "policy" && says_so)
            << name << "\n"
            << show(checked.from, request, show(answer));
      }
    }
  }
}

// Adding a deny, a require or a limit never widens: what is allowed with it is allowed without it, at least as long and
// with no demand more. The default lifetime is no limit and gives way to one, so it is set longer than any limit here.
TEST_F(Property, AddingADenyARequireOrALimitNeverWidens) {
  for (std::uint64_t seed = 1; seed <= drawn(120); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    const EngineOptions endless{.default_lifetime = 1'000'000'000};
    const auto with = Twins::make(checked.from, nullptr, endless);
    for (std::size_t line = 0; line < checked.from.policy.size(); ++line) {
      if (!is_restriction(checked.from.policy[line])) continue;
      Case less = checked.from;
      less.policy.erase(less.policy.begin() + static_cast<std::ptrdiff_t>(line));
      const auto without = Twins::make(less, nullptr, endless);
      ASSERT_NE(without, nullptr);
      for (const std::string& request : less.requests) {
        for (const auto& [name, ask] : sides()) {
          ASSERT_EQ(what_is_wider(ask(*with, request), ask(*without, request)), "") << name << ": with\n"
                                                                                    << checked.from.policy[line] << "\n"
                                                                                    << show(checked.from, request, "");
        }
      }
    }
  }
}

}  // namespace
}  // namespace writ::test
