#include "src/base/civil_time.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace writ {
namespace {

using namespace std::string_view_literals;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

std::string time_again(std::string_view text) {
  const ParsedNumber parsed = parse_rfc3339(text);
  return parsed ? format_rfc3339(parsed.value) : "fault " + std::to_string(static_cast<int>(parsed.fault));
}

TEST(Rfc3339, ReadsTimes) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z").value, 0);
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.000001Z").value, 1);
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.999999Z").value, -1);
  EXPECT_EQ(parse_rfc3339("2026-03-02T09:00:00Z").value, 1772442000000000);
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00Z").value, kEarliestTime);
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59.999999Z").value, kLatestTime);
}

TEST(Rfc3339, OffsetsMoveToUtc) {
  EXPECT_EQ(time_again("2026-03-02T10:00:00.25+01:00"), "2026-03-02T09:00:00.25Z");
  EXPECT_EQ(time_again("2025-12-31T23:30:00-00:30"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(time_again("2026-01-01T00:00:00+23:59"), "2025-12-31T00:01:00Z");
  EXPECT_EQ(time_again("2026-03-02T09:00:00-00:00"), "2026-03-02T09:00:00Z");
  EXPECT_EQ(time_again("2026-03-02t09:00:00z"), "2026-03-02T09:00:00Z");
}

TEST(Rfc3339, LeapYears) {
  EXPECT_EQ(time_again("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(time_again("2000-02-29T00:00:00Z"), "2000-02-29T00:00:00Z");
  for (const auto* text : {"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z"}) {
    EXPECT_EQ(parse_rfc3339(text).fault, NumberFault::kMalformed) << text;
  }
}

TEST(Rfc3339, RefusesWhatIsNone) {
  for (const auto text : {""sv,
                          "2026-03-02"sv,
                          "2026-03-02T09:00:00"sv,
                          "2026-03-02T09:00Z"sv,
                          "2026-03-02 09:00:00Z"sv,
                          "2026-3-2T09:00:00Z"sv,
                          "26-03-02T09:00:00Z"sv,
                          "2026-00-02T09:00:00Z"sv,
                          "2026-13-02T09:00:00Z"sv,
                          "2026-03-00T09:00:00Z"sv,
                          "2026-03-32T09:00:00Z"sv,
                          "2026-04-31T09:00:00Z"sv,
                          "2026-03-02T24:00:00Z"sv,
                          "2026-03-02T09:60:00Z"sv,
                          "2026-03-02T09:00:60Z"sv,
                          "2016-12-31T23:59:60Z"sv,
                          "2026-03-02T09:00:00.Z"sv,
                          "2026-03-02T09:00:00,5Z"sv,
                          "2026-03-02T09:00:00+1:00"sv,
                          "2026-03-02T09:00:00+0100"sv,
                          "2026-03-02T09:00:00+24:00"sv,
                          "2026-03-02T09:00:00+01:60"sv,
                          "2026-03-02T09:00:00+01:00Z"sv,
                          "2026-03-02T09:00:00Z "sv,
                          " 2026-03-02T09:00:00Z"sv,
                          "+2026-03-02T09:00:00Z"sv,
                          "-026-03-02T09:00:00Z"sv,
                          "2026-03-02T09:00:00UTC"sv,
                          "2026-03-02T09:00:00\0Z"sv,
                          "2026-03-02T09:00:0٠Z"sv,
                          "12026-03-02T09:00:00Z"sv}) {
    EXPECT_EQ(parse_rfc3339(text).fault, NumberFault::kMalformed) << text;
  }
  EXPECT_EQ(parse_rfc3339("2026-03-02T09:00:00.1234567Z").fault, NumberFault::kTooManyDecimals);
  EXPECT_EQ(parse_rfc3339("0000-12-31T23:59:59Z").fault, NumberFault::kTooLarge);
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:59:59+01:00").fault, NumberFault::kTooLarge);
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59-00:01").fault, NumberFault::kTooLarge);
}

TEST(Rfc3339, FractionsOnlyWhereThereAreSome) {
  EXPECT_EQ(format_rfc3339(500000), "1970-01-01T00:00:00.5Z");
  EXPECT_EQ(format_rfc3339(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(format_rfc3339(1000000), "1970-01-01T00:00:01Z");
}

TEST(Rfc3339, FarTimesAreStillShown) {
  EXPECT_EQ(format_rfc3339(kLatestTime + 1), "+10000-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(kEarliestTime - 1), "+00000-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_rfc3339(kMost), "+294247-01-10T04:00:54.775807Z");
  EXPECT_EQ(format_rfc3339(kLeast), "-290308-12-21T19:59:05.224192Z");
}

TEST(Rfc3339, WhatIsWrittenIsReadBack) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50000; ++round) {
    const auto span = static_cast<std::uint64_t>(kLatestTime - kEarliestTime) + 1;
    const std::int64_t time = kEarliestTime + static_cast<std::int64_t>(random() % span);
    const std::string text = format_rfc3339(time);
    ASSERT_EQ(parse_rfc3339(text).value, time) << text;
    ASSERT_TRUE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, MutationsAreTimesOrRefused) {
  std::mt19937 random(4);
  const std::string_view alphabet = "0123456789-:+.TZtz ";
  for (int round = 0; round < 50000; ++round) {
    std::string text = "2026-03-02T09:00:00.25+01:00";
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0) {
        text.erase(at, 1);
      } else {
        text[at] = alphabet[random() % alphabet.size()];
      }
    }
    const ParsedNumber parsed = parse_rfc3339(text);
    if (!parsed) continue;
    ASSERT_EQ(parse_rfc3339(format_rfc3339(parsed.value)).value, parsed.value) << text;
  }
}

constexpr std::int64_t kSecond = 1'000'000;

TEST(Duration, ReadsUnitsInDescendingOrder) {
  EXPECT_EQ(parse_duration("1h30m").value, 5400 * kSecond);
  EXPECT_EQ(parse_duration("90m").value, 5400 * kSecond);
  EXPECT_EQ(parse_duration("1w2d3h4m5s6ms7us").value, 788645006007);
  EXPECT_EQ(parse_duration("0s").value, 0);
  EXPECT_EQ(parse_duration("5m10ms").value, 300010000);
  EXPECT_EQ(parse_duration("-5h").value, -5 * 3600 * kSecond);
}

TEST(Duration, RefusesWhatIsNone) {
  for (const auto text : {""sv,       "-"sv,   "5"sv,    "m"sv,    "1m1h"sv, "1h1h"sv, "1ms1s"sv, "1.5h"sv,
                          "1h 30m"sv, " 1h"sv, "1h "sv,  "+1h"sv,  "1H"sv,   "1min"sv, "1y"sv,    "1h-30m"sv,
                          "--1h"sv,   "1hm"sv, "1h30"sv, "1\0h"sv, "P1D"sv,  "1mss"sv, "1ns"sv}) {
    EXPECT_EQ(parse_duration(text).fault, NumberFault::kMalformed) << text;
  }
}

TEST(Duration, OverflowIsAnError) {
  EXPECT_TRUE(parse_duration("15250284w"));
  for (const auto* text : {"15250285w", "9223372036854775808us", "9223372036854775807ms", "106751991d4h54s776ms",
                           "99999999999999999999h", "-15250285w", "15250284w3d4h0m54s775ms808us"}) {
    EXPECT_EQ(parse_duration(text).fault, NumberFault::kTooLarge) << text;
  }
  EXPECT_EQ(parse_duration("99999999999999999999hx").fault, NumberFault::kMalformed);
}

TEST(Duration, WhatIsWrittenIsReadBack) {
  EXPECT_EQ(format_duration(0), "0s");
  EXPECT_EQ(format_duration(5400 * kSecond), "1h30m");
  EXPECT_EQ(format_duration(-1), "-1us");
  EXPECT_EQ(format_duration(7 * 86400 * kSecond), "1w");
  for (const std::int64_t ends : {kMost, kLeast, kMost - 1, kLeast + 1}) {
    EXPECT_EQ(parse_duration(format_duration(ends)).value, ends) << format_duration(ends);
  }
  std::mt19937_64 random(5);
  for (int round = 0; round < 20000; ++round) {
    const auto microseconds = static_cast<std::int64_t>(random()) >> (random() % 64);
    const ParsedNumber back = parse_duration(format_duration(microseconds));
    ASSERT_TRUE(back) << microseconds;
    ASSERT_EQ(back.value, microseconds);
  }
}

}  // namespace
}  // namespace writ
