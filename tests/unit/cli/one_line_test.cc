#include "src/cli/one_line.h"

#include <gtest/gtest.h>

namespace writ::cli {
namespace {

TEST(OneLine, StaysTheSameJson) {
  EXPECT_EQ(one_line("{\"a\":\"b\"}"), "{\"a\":\"b\"}");
  EXPECT_EQ(one_line("{\n\t\"a\":\r\n1}"), "{  \"a\":  1}");
  EXPECT_EQ(one_line("\"Z\xC3\xBCrich\""), "\"Z\xC3\xBCrich\"");
}

TEST(OneLine, NothingReachesATerminalThatMisleads) {
  EXPECT_EQ(one_line("\"a\xE2\x80\xAE\""), "\"a\\u202e\"");       // right-to-left override
  EXPECT_EQ(one_line("\"\xC2\x9B\x7F\""), "\"\\u009b\\u007f\"");  // CSI
}

}  // namespace
}  // namespace writ::cli
