// Every policy of up to three statements over a small alphabet: all of one and of two statements, and of three a
// sample, each with the requests over it. RE2 does the same with regular expressions.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/differential/comparing.h"
#include "tests/reference/random.h"

namespace writ::test {
namespace {

using reference::Case;
using reference::SmallWorld;

// Compares a policy with every `stride`th request, beginning somewhere else for each policy.
void compare_some(Comparing& comparing, const SmallWorld& world, const std::vector<std::size_t>& statements,
                  std::size_t stride, std::size_t number) {
  const Case small = world.of(statements);
  const auto twins = Twins::make(small);
  ASSERT_NE(twins, nullptr) << small.policy_text();
  comparing.count_policy(small);
  const std::vector<std::string>& requests = world.requests();
  for (std::size_t n = number % stride; n < requests.size() && !comparing.gave_up(); n += stride) {
    comparing.compare(*twins, small, requests[n]);
  }
}

TEST(SmallWorld, EveryPolicyOfOneStatementAndEveryRequest) {
  const SmallWorld world;
  Comparing comparing("one-statement");
  for (std::size_t n = 0; n < world.statement_count() && !comparing.gave_up(); ++n) {
    compare_some(comparing, world, {n}, 1, n);
  }
}

// Each pair meets some of the requests; over all pairs each statement meets each request many times.
TEST(SmallWorld, EveryPolicyOfTwoStatements) {
  const SmallWorld world;
  Comparing comparing("two-statements");
  const auto stride = static_cast<std::size_t>(std::max(1.0, 50 / run_length()));
  std::size_t number = 0;
  for (std::size_t a = 0; a < world.statement_count() && !comparing.gave_up(); ++a) {
    for (std::size_t b = a + 1; b < world.statement_count() && !comparing.gave_up(); ++b) {
      compare_some(comparing, world, {a, b}, stride, ++number);
    }
  }
}

TEST(SmallWorld, PoliciesOfThreeStatements) {
  const SmallWorld world;
  Comparing comparing("three-statements");
  reference::Random random(3);
  const auto policies = static_cast<std::size_t>(15'000 * run_length());
  for (std::size_t n = 0; n < policies && !comparing.gave_up(); ++n) {
    const std::size_t count = world.statement_count();
    compare_some(comparing, world, {random.below(count), random.below(count), random.below(count)}, 25, n);
  }
}

}  // namespace
}  // namespace writ::test
