// The rule by which a time zone goes on after its last listed transition, as zone files end with:
// `CET-1CEST,M3.5.0,M10.5.0/3`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/zone.h"

namespace writ {

// When in a year the clock is changed.
struct ZoneChange {
  enum class Day : std::uint8_t { kWeekday, kJulian, kZeroBased };
  Day kind = Day::kWeekday;
  int month = 1;  // kWeekday: 1..12
  int week = 1;   // kWeekday: 1..5, 5 the last
  int day = 0;    // kWeekday: 0 Sunday..6; kJulian: 1..365, never a leap day; kZeroBased: 0..365
  std::int32_t at =
      7'200;  // seconds after local midnight, in the time before the change; may be negative or past a day
};

struct ZoneRule {
  std::int32_t standard = 0;  // seconds east of UTC
  bool changes = false;       // whether there is summer time at all
  std::int32_t summer = 0;
  ZoneChange begin;  // of summer time
  ZoneChange end;
};

// POSIX `TZ` with the extensions of RFC 9636, whole; nothing where the text is not one.
std::optional<ZoneRule> parse_zone_rule(std::string_view text) noexcept;

// Adds what follows from the rule after the instant `after`, which is no earlier than the last transition, up to
// kZoneEnd.
void extend(Zone& zone, const ZoneRule& rule, std::int64_t after);

}  // namespace writ
