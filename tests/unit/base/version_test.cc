#include "writ/version.h"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(Version, LinkedLibraryIsTheOneOfTheHeader) {
  const std::string header = std::to_string(WRIT_VERSION_MAJOR) + "." + std::to_string(WRIT_VERSION_MINOR) + "." +
                             std::to_string(WRIT_VERSION_PATCH);
  EXPECT_EQ(header, writ::version());
}

}  // namespace
