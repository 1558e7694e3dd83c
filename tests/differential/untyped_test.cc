// Texts that hardly are policies. Most are errors, and then nothing may happen but that; what passes has to agree.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/differential/comparing.h"

namespace writ::test {
namespace {

TEST(Untyped, StatementsWithoutTypesAreErrorsOrAgree) {
  Comparing comparing("untyped");
  const std::uint64_t wanted = drawn(6'000);
  for (std::uint64_t seed = 1; seed <= wanted && !comparing.gave_up(); ++seed) {
    comparing.compare_all(reference::untyped_case(seed));
  }
}

// A text that does not compile says why, within the text; one that still does has to agree.
TEST(Untyped, DamagedPoliciesAreErrorsWithAPlaceOrAgree) {
  Comparing comparing("damaged");
  std::vector<reference::Case> whole;
  for (std::uint64_t seed = 1; seed <= drawn(60); ++seed)
    whole.push_back(compiling(reference::typed_case(seed)));
  const std::uint64_t wanted = drawn(6'000);
  std::uint64_t errors = 0;
  for (std::uint64_t seed = 1; seed <= wanted && !comparing.gave_up(); ++seed) {
    reference::Case made = whole[seed % whole.size()];
    made.policy = {reference::damaged(made.policy_text(), seed)};
    const PolicyText text{"case.writ", made.policy_text()};
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
    if (!error) comparing.compare_all(made);
  }
  std::cout << "damaged: " << wanted << " texts, " << errors << " of them errors\n";
  EXPECT_GT(errors, wanted / 2);
  EXPECT_GT(wanted - errors, wanted / 50);
}

}  // namespace
}  // namespace writ::test
