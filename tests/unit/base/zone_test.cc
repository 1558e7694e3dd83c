#include "src/base/zone.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "src/base/zone_rule.h"

namespace writ {
namespace {

std::int32_t offset_at(const Zone& zone, std::int64_t at) {
  const auto after = std::upper_bound(zone.transitions.begin(), zone.transitions.end(), at,
                                      [](std::int64_t value, const ZoneTransition& t) { return value < t.at; });
  return std::prev(after)->offset;
}

TEST(Zone, BeginsIn1970AndNeighboursDiffer) {
  for (const char* name :
       {"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Africa/Casablanca"}) {
    const std::optional<Zone> zone = load_zone(name);
    ASSERT_TRUE(zone) << name;
    EXPECT_EQ(zone->transitions.front().at, kZoneBegin);
    for (std::size_t i = 1; i < zone->transitions.size(); ++i) {
      EXPECT_GT(zone->transitions[i].at, zone->transitions[i - 1].at) << name;
      EXPECT_NE(zone->transitions[i].offset, zone->transitions[i - 1].offset) << name;
    }
    EXPECT_LT(zone->transitions.back().at, kZoneEnd);
  }
}

// 2037 is where zone files stop listing transitions and go on by a rule.
TEST(Zone, GoesOnPastTheListedTransitions) {
  const std::optional<Zone> paris = load_zone("Europe/Paris");
  ASSERT_TRUE(paris);
  EXPECT_EQ(offset_at(*paris, 1'783'987'200), 7'200);  // 2026-07-14
  EXPECT_EQ(offset_at(*paris, 3'298'752'000), 7'200);  // 2074-07-14
  EXPECT_EQ(offset_at(*paris, 3'283'200'000), 3'600);  // 2074-01-15
  EXPECT_EQ(offset_at(*paris, 4'120'761'600), 7'200);  // 2100-08-01
  EXPECT_EQ(offset_at(*paris, kZoneEnd - 1), 3'600);
  const std::optional<Zone> sydney = load_zone("Australia/Sydney");
  ASSERT_TRUE(sydney);
  EXPECT_EQ(offset_at(*sydney, 3'283'200'000), 39'600);
  EXPECT_EQ(offset_at(*sydney, 3'298'752'000), 36'000);
}

TEST(Zone, UnknownNamesGiveNothing) {
  for (const char* name : {"Europe/Pariss", "", "../../etc/passwd", "/etc/passwd", "posix"})
    EXPECT_FALSE(load_zone(name)) << name;
  const std::vector<std::string> names = zone_names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_TRUE(std::binary_search(names.begin(), names.end(), "Europe/Paris"));
  EXPECT_FALSE(zone_version().empty());
}

TEST(ZoneRule, ReadsWhatZoneFilesEndWith) {
  const std::optional<ZoneRule> paris = parse_zone_rule("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(paris);
  EXPECT_EQ(paris->standard, 3'600);
  EXPECT_TRUE(paris->changes);
  EXPECT_EQ(paris->summer, 7'200);
  EXPECT_EQ(paris->begin.month, 3);
  EXPECT_EQ(paris->begin.at, 7'200);
  EXPECT_EQ(paris->end.at, 10'800);
  const std::optional<ZoneRule> lord_howe = parse_zone_rule("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
  ASSERT_TRUE(lord_howe);
  EXPECT_EQ(lord_howe->standard, 37'800);
  EXPECT_EQ(lord_howe->summer, 39'600);
  const std::optional<ZoneRule> fixed = parse_zone_rule("JST-9");
  ASSERT_TRUE(fixed);
  EXPECT_FALSE(fixed->changes);
  EXPECT_EQ(parse_zone_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")->begin.at, -3'600);
  EXPECT_EQ(parse_zone_rule("AAA3BBB,J60,299/25:30:15")->end.at, 91'815);
}

TEST(ZoneRule, TakesNothingElse) {
  for (const char* text : {"", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x",
                           "CET-1CEST,M13.5.0,M1.1.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "<+03-3",
                           "CET-168", "CET-1:60", "CET-1CEST,J0,J1", "CET-1CEST,J366,J1", "CET-1CEST,366,1"}) {
    EXPECT_FALSE(parse_zone_rule(text)) << text;
  }
}

TEST(ZoneRule, JulianDaysSkipLeapDays) {
  Zone zone{"x", {{kZoneBegin, 0}}};
  // Summer time from March 1 (J60 in every year) to day 300.
  extend(zone, *parse_zone_rule("AAA0BBB,J60/0,300/0"), kZoneBegin);
  ASSERT_GT(zone.transitions.size(), 6U);
  EXPECT_EQ(zone.transitions[1].at, 5'097'600);                          // 1970-03-01T00:00Z
  EXPECT_EQ(zone.transitions[5].at, 68'256'000);                         // 1972-03-01T00:00Z, a leap year
  EXPECT_EQ(zone.transitions[6].at, 63'072'000 + 300 * 86'400 - 3'600);  // day 300, counted from 0, by the summer clock
}

}  // namespace
}  // namespace writ
