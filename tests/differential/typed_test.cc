// Random policies, typed by a random schema, over random data and requests.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/differential/comparing.h"

namespace writ::test {
namespace {

TEST(Typed, EngineAndReferenceAgree) {
  Comparing comparing("typed");
  const std::uint64_t wanted = drawn(350'000);
  for (std::uint64_t seed = 1; comparing.count() < wanted && !comparing.gave_up(); ++seed) {
    comparing.compare_all(reference::typed_case(seed));
  }
}

}  // namespace
}  // namespace writ::test
