#include "src/token/numeric_date.h"

#include <gtest/gtest.h>

namespace {

using namespace writ;
using namespace writ::token;

TEST(NumericDate, WholeSeconds) {
  EXPECT_EQ(numeric_date("0", Rounding::kDown), Time{0});
  EXPECT_EQ(numeric_date("1700000000", Rounding::kUp), Time{1'700'000'000'000'000});
  EXPECT_EQ(numeric_date("999999999999", Rounding::kDown), Time{999'999'999'999'000'000});
}

TEST(NumericDate, AFractionToTheAskedSide) {
  EXPECT_EQ(numeric_date("7.9", Rounding::kDown), Time{7'000'000});
  EXPECT_EQ(numeric_date("7.0001", Rounding::kUp), Time{8'000'000});
  EXPECT_EQ(numeric_date("7.000", Rounding::kUp), Time{7'000'000});
}

TEST(NumericDate, NothingElse) {
  for (const std::string_view text : {"", "-1", "1e9", "1E9", "1.5e3", "+1", " 1", "1 ", "0x10", "1000000000000",
                                      "9007199254740993", "18446744073709551616", "1.-5", "NaN", "1.2.3"}) {
    EXPECT_FALSE(numeric_date(text, Rounding::kDown)) << text;
  }
}

}  // namespace
