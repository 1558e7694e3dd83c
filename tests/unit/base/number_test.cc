#include "src/base/number.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace writ {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

NumberFault fault_of_int(std::string_view text) {
  return parse_int(text).fault;
}
NumberFault fault_of_decimal(std::string_view text) {
  return parse_decimal(text).fault;
}

TEST(ParseInt, TakesTheWholeOf64Bits) {
  EXPECT_EQ(parse_int("0").value, 0);
  EXPECT_EQ(parse_int("-0").value, 0);
  EXPECT_EQ(parse_int("007").value, 7);
  EXPECT_EQ(parse_int("9223372036854775807").value, kMost);
  EXPECT_EQ(parse_int("-9223372036854775808").value, kLeast);
  EXPECT_EQ(parse_int("0000000000000000000000000000000000001").value, 1);
}

TEST(ParseInt, RefusesWhatIsTooLarge) {
  for (const auto* text : {"9223372036854775808", "-9223372036854775809", "18446744073709551616",
                           "99999999999999999999999999999999999999"}) {
    EXPECT_EQ(fault_of_int(text), NumberFault::kTooLarge) << text;
  }
}

TEST(ParseInt, RefusesWhatIsNone) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv, "-"sv, "+1"sv, "--1"sv, " 1"sv, "1 "sv, "1.0"sv, "1e3"sv, "0x10"sv, "1\0"sv, "١"sv,
                          "1,000"sv, "1_000"sv, "a"sv}) {
    EXPECT_EQ(fault_of_int(text), NumberFault::kMalformed) << text;
  }
}

TEST(ParseDecimal, IsExact) {
  EXPECT_EQ(parse_decimal("40.00").value, 400000);
  EXPECT_EQ(parse_decimal("40").value, 400000);
  EXPECT_EQ(parse_decimal("0.0001").value, 1);
  EXPECT_EQ(parse_decimal("-0.1").value, -1000);
  EXPECT_EQ(parse_decimal("922337203685477.5807").value, kMost);
  EXPECT_EQ(parse_decimal("-922337203685477.5808").value, kLeast);
}

TEST(ParseDecimal, SaysWhatIsWrong) {
  EXPECT_EQ(fault_of_decimal("922337203685477.5808"), NumberFault::kTooLarge);
  EXPECT_EQ(fault_of_decimal("922337203685478"), NumberFault::kTooLarge);
  EXPECT_EQ(fault_of_decimal("1.00000"), NumberFault::kTooManyDecimals);
  EXPECT_EQ(fault_of_decimal("99999999999999999999.00001"), NumberFault::kTooManyDecimals);
  for (const auto* text :
       {"", ".", "1.", ".5", "-.5", "1.2.3", "1e2", "1.0e2", "+1.0", "1,5", " 1.0", "1.0 ", "0x1.8"}) {
    EXPECT_EQ(fault_of_decimal(text), NumberFault::kMalformed) << text;
  }
}

TEST(FormatDecimal, HasTwoToFourPlaces) {
  EXPECT_EQ(format_decimal(0), "0.00");
  EXPECT_EQ(format_decimal(400000), "40.00");
  EXPECT_EQ(format_decimal(405000), "40.50");
  EXPECT_EQ(format_decimal(1250), "0.125");
  EXPECT_EQ(format_decimal(-1), "-0.0001");
  EXPECT_EQ(format_decimal(kMost), "922337203685477.5807");
  EXPECT_EQ(format_decimal(kLeast), "-922337203685477.5808");
}

TEST(FormatDecimal, IsReadBack) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20000; ++round) {
    const auto units = static_cast<std::int64_t>(random()) >> (random() % 64);
    const ParsedNumber back = parse_decimal(format_decimal(units));
    ASSERT_TRUE(back) << units;
    ASSERT_EQ(back.value, units);
    ASSERT_EQ(parse_int(std::to_string(units)).value, units);
  }
}

// Around the limits, against the order of the texts: equally many digits compare as numbers do.
TEST(ParseInt, AgreesWithTheOrderOfTexts) {
  std::mt19937 random(2);
  for (int round = 0; round < 50000; ++round) {
    std::string text = "9223372036854775807";
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      text[text.size() - 1 - random() % 6] = static_cast<char>('0' + random() % 10);
    }
    const bool minus = random() % 2 == 0;
    const bool fits = text <= (minus ? "9223372036854775808" : "9223372036854775807");
    const ParsedNumber parsed = parse_int(minus ? "-" + text : text);
    ASSERT_EQ(static_cast<bool>(parsed), fits) << text;
    if (fits) {
      ASSERT_EQ(std::to_string(parsed.value), minus ? "-" + text : text);
    }
  }
}

}  // namespace
}  // namespace writ
