// Texts that hardly are policies. Most are errors, and then nothing may happen but that; what passes has to agree.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/differential/comparing.h"

namespace writ::test {
namespace {

TEST(Untyped, StatementsWithoutTypesAreErrorsOrAgree) {
  Comparing comparing("untyped");
  const auto wanted = static_cast<std::uint64_t>(6'000 * run_length());
  for (std::uint64_t seed = 1; seed <= wanted && !comparing.gave_up(); ++seed) {
    comparing.compare_all(reference::untyped_case(seed));
  }
}

// A text that does not compile says why, within the text.
TEST(Untyped, DamagedPoliciesAreErrorsWithAPlaceOrStillPolicies) {
  const auto wanted = static_cast<std::uint64_t>(6'000 * run_length());
  std::uint64_t errors = 0;
  for (std::uint64_t seed = 1; seed <= wanted; ++seed) {
    const PolicyText text{"case.writ", reference::damaged(reference::typed_case(seed % 97).policy_text(), seed)};
    SCOPED_TRACE("seed " + std::to_string(seed));
    if (std::getenv("WRIT_SHOW") != nullptr) std::cerr << "----- " << seed << "\n" << text.text << "\n";
    const Compilation compiled = compile_texts({&text, 1});
    bool error = false;
    for (const Diagnostic& said : compiled.diagnostics) {
      error |= said.severity == Severity::kError;
      ASSERT_FALSE(said.name.empty()) << text.text;
      ASSERT_FALSE(said.message.empty()) << text.text;
      ASSERT_GE(said.line, 1U);
      ASSERT_FALSE(render(said).empty());
    }
    ASSERT_EQ(error, !compiled.policy.has_value()) << text.text;
    errors += error ? 1 : 0;
  }
  std::cout << "damaged: " << wanted << " texts, " << errors << " of them errors\n";
}

}  // namespace
}  // namespace writ::test
