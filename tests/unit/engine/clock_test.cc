#include <gtest/gtest.h>

#include "src/base/civil_time.h"
#include "src/base/zone.h"
#include "src/engine/evaluate.h"

namespace writ {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;

std::int64_t at(std::string_view text) {
  return parse_rfc3339(text).value;
}

std::string told(const Truth& truth) {
  const std::string value = truth.is_true() ? "true" : truth.is_false() ? "false" : "unknown";
  return value + (truth.until == kForever ? "" : " until " + format_rfc3339(truth.until));
}

Zone zone(std::string_view name) {
  const std::optional<Zone> loaded = load_zone(name);
  EXPECT_TRUE(loaded) << name;
  return loaded.value_or(Zone{"", {{0, 0}}});
}

TEST(Clock, HoldsToTheEndOfTheRange) {
  const Zone paris = zone("Europe/Paris");
  EXPECT_EQ(told(clock_in(at("2026-03-02T16:58:00Z"), paris, 8 * kHour, 18 * kHour)),
            "true until 2026-03-02T17:00:00Z");
  EXPECT_EQ(told(clock_in(at("2026-03-02T17:00:00Z"), paris, 8 * kHour, 18 * kHour)),
            "false until 2026-03-03T07:00:00Z");
}

TEST(Clock, PassesMidnight) {
  const Zone utc = zone("UTC");
  EXPECT_EQ(told(clock_in(at("2026-03-02T23:00:00Z"), utc, 22 * kHour, 6 * kHour)), "true until 2026-03-03T06:00:00Z");
  EXPECT_EQ(told(clock_in(at("2026-03-02T12:00:00Z"), utc, 22 * kHour, 6 * kHour)), "false until 2026-03-02T22:00:00Z");
}

TEST(Clock, AWholeDayHoldsAcrossDays) {
  const Truth whole = clock_in(at("2026-03-02T12:00:00Z"), std::int64_t{0}, 0, 24 * kHour);
  EXPECT_TRUE(whole.is_true());
  EXPECT_EQ(whole.until, kForever);
}

// In Paris the clock goes from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25.
TEST(Clock, ClocksGoForwardAndBack) {
  const Zone paris = zone("Europe/Paris");
  EXPECT_EQ(told(clock_in(at("2026-03-29T00:30:00Z"), paris, 1 * kHour, 2 * kHour + kHour / 2)),
            "true until 2026-03-29T01:00:00Z");
  EXPECT_EQ(told(clock_in(at("2026-10-25T00:30:00Z"), paris, 2 * kHour, 2 * kHour + kHour / 2)),
            "false until 2026-10-25T01:00:00Z");
}

TEST(Weekday, HoldsToTheEndOfTheWeek) {
  constexpr std::int64_t kMondayToFriday = 0b111110;
  const Zone utc = zone("UTC");
  EXPECT_EQ(told(weekday_in(at("2026-03-02T09:00:00Z"), utc, kMondayToFriday)), "true until 2026-03-07T00:00:00Z");
  EXPECT_EQ(told(weekday_in(at("2026-03-07T09:00:00Z"), utc, kMondayToFriday)), "false until 2026-03-09T00:00:00Z");
  EXPECT_EQ(told(weekday_in(at("2026-03-07T09:00:00Z"), utc, 0b11111110)), "true");
  // Five hours west of UTC it is still Sunday.
  EXPECT_EQ(told(weekday_in(at("2026-03-09T03:00:00Z"), -5 * kHour, kMondayToFriday)),
            "false until 2026-03-09T05:00:00Z");
}

TEST(Calendar, OutsideTheZoneDataNothingIsKnown) {
  const Zone paris = zone("Europe/Paris");
  EXPECT_EQ(told(weekday_in(at("1969-12-31T23:59:59Z"), paris, 0b111110)), "unknown");
  EXPECT_EQ(told(weekday_in(at("2101-01-01T00:00:00Z"), paris, 0b111110)), "unknown");
}

TEST(Glob, RunsWithAndWithoutSlashes) {
  EXPECT_TRUE(glob_match("a*c", "abbbc"));
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_FALSE(glob_match("a*c", "ab"));
  EXPECT_TRUE(glob_match("docs/{}/x", "docs/a/x"));
  EXPECT_FALSE(glob_match("docs/{}/x", "docs/a/b/x"));
  EXPECT_TRUE(glob_match("docs/*/x", "docs/a/b/x"));
  EXPECT_TRUE(glob_match("a\\*b", "a*b"));
  EXPECT_FALSE(glob_match("a\\*b", "axb"));
  EXPECT_TRUE(glob_match("", ""));
  EXPECT_FALSE(glob_match("", "x"));
  // Where a matcher that backtracks would take for ever.
  EXPECT_FALSE(glob_match("*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace writ
