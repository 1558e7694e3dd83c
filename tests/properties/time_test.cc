// A token never outlives the test of time that allowed it.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/properties/property.h"

namespace writ::test {
namespace {

using reference::Answer;
using reference::Verdict;

constexpr std::int64_t kSecond = 1'000'000;

// Instants between now and the end, near either and anywhere.
std::vector<std::int64_t> between(std::int64_t now, std::int64_t end, reference::Random& random) {
  std::vector<std::int64_t> instants = {now, now + 1, end - kSecond, end - kSecond - 1, now + (end - now) / 2};
  for (int n = 0; n < 6; ++n) {
    instants.push_back(now + static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(end - now)));
  }
  std::erase_if(instants, [&](std::int64_t at) { return at < now || at > end - kSecond; });
  return instants;
}

// A lifetime never outlives valid_until; and the answer at every instant before valid_until is at least as wide: still
// an allow, valid at least as long, for as long as the limits said, with no demand more.
TEST_F(Property, ALifetimeNeverOutlivesValidUntil_AndUntilThenTheAnswerIsAtLeastAsWide) {
  std::uint64_t with_an_end = 0;
  for (std::uint64_t seed = 1; seed <= drawn(250); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    reference::Random random(seed);
    for (const std::string& request : checked.from.requests) {
      const std::int64_t now = time_of(request);
      for (const auto& [name, ask] : sides()) {
        const Answer first = ask(*checked.twins, request);
        if (first.error || first.verdict != Verdict::kAllow) continue;
        const bool ends = first.valid_until != reference::kForever;
        const std::int64_t end = ends ? first.valid_until : now + 40 * 86'400 * kSecond;
        with_an_end += ends ? 1 : 0;
        ASSERT_LE(now + first.lifetime * kSecond, ends ? end : reference::kForever) << show(checked.from, request, "");
        for (const std::int64_t at : between(now, end, random)) {
          Answer later = ask(*checked.twins, request, at);
          Answer left = first;  // what is left of the first answer by then
          if (ends) left.lifetime = std::min(left.lifetime, (end - at) / kSecond);
          ASSERT_EQ(what_is_wider(left, later), "")
              << name << " at " << at << " after " << now << ", valid until " << first.valid_until << "\n"
              << show(checked.from, request, show(first) + show(later));
        }
      }
    }
  }
  std::cout << "answers with an end: " << with_an_end << "\n";
  EXPECT_GE(with_an_end, drawn(250) / 20) << "too few to say anything";
}

}  // namespace
}  // namespace writ::test
