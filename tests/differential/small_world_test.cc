// Every policy of up to three statements over a small alphabet, with every request over it: nothing is drawn. RE2 is
// tested so with regular expressions. Over a large alphabet every statement with every request, and every pair with
// some.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "tests/differential/comparing.h"

namespace writ::test {
namespace {

using reference::Alphabet;
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

// Order changes nothing (tests/properties/order_test.cc), so each set of statements is taken in one order; a statement
// may be there twice. The longer run has the larger alphabet; a shorter one leaves out policies.
TEST(SmallWorld, EveryPolicyOfUpToThreeStatementsAndEveryRequest) {
  const SmallWorld world(run_length() < 10 ? Alphabet::kSmall : Alphabet::kMiddle);
  Comparing comparing("up-to-three-statements");
  const auto stride = static_cast<std::size_t>(std::max(1.0, 1 / run_length()));
  const std::size_t none = world.statement_count();  // in place of a statement
  std::size_t number = 0;
  for (std::size_t a = 0; a <= none; ++a) {
    for (std::size_t b = a; b <= none; ++b) {
      for (std::size_t c = b; c <= none && !comparing.gave_up(); ++c) {
        std::vector<std::size_t> statements = {a, b, c};
        std::erase(statements, none);
        if (number++ % stride == 0) compare_some(comparing, world, statements, 1, 0);
      }
    }
  }
  std::cout << number << " policies over an alphabet of " << none << " statements, " << world.requests().size()
            << " requests\n";
}

TEST(SmallWorld, EveryStatementOfALargeAlphabetAndEveryRequest) {
  const SmallWorld world(Alphabet::kLarge);
  Comparing comparing("one-statement");
  for (std::size_t n = 0; n < world.statement_count() && !comparing.gave_up(); ++n) {
    compare_some(comparing, world, {n}, 1, n);
  }
}

// Each pair meets some of the requests; over all pairs each statement meets each request many times.
TEST(SmallWorld, EveryPairOfALargeAlphabet) {
  const SmallWorld world(Alphabet::kLarge);
  Comparing comparing("two-statements");
  const auto stride = static_cast<std::size_t>(std::max(1.0, 50 / run_length()));
  std::size_t number = 0;
  for (std::size_t a = 0; a < world.statement_count() && !comparing.gave_up(); ++a) {
    for (std::size_t b = a + 1; b < world.statement_count() && !comparing.gave_up(); ++b) {
      compare_some(comparing, world, {a, b}, stride, ++number);
    }
  }
}

}  // namespace
}  // namespace writ::test
