// Times and durations as they are written: RFC 3339, and `1h30m`. Both are kept in microseconds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/number.h"

namespace writ {

// What may be written: from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.
inline constexpr std::int64_t kEarliestTime = -62'135'596'800'000'000;
inline constexpr std::int64_t kLatestTime = 253'402'300'799'999'999;

// Microseconds since 1970-01-01T00:00:00Z of `2026-03-02T09:00:00Z` or `2026-03-02T10:00:00.25+01:00`: a date, a `T`, a
// time to the second with at most six places, and `Z` or an offset. The whole text or nothing. A leap second (`:60`)
// has no place on a scale of equal days and is refused, not moved.
ParsedNumber parse_rfc3339(std::string_view text) noexcept;
// In UTC, with `Z`, and with a fraction only where there is one; parse_rfc3339() reads it back. A time past the years
// that can be written gets a sign and five or more digits of year, which nothing reads back.
std::string format_rfc3339(std::int64_t microseconds);

// Microseconds of `1h30m`: whole numbers with the units w d h m s ms us, each at most once and in descending order,
// after an optional `-`. The language knows no `us` and no sign; they are for what is measured and sent as data. The
// whole text or nothing.
ParsedNumber parse_duration(std::string_view text) noexcept;
// Each unit below its next: `1h30m`, `1w2d`; `0s` for none. parse_duration() reads it back.
std::string format_duration(std::int64_t microseconds);

}  // namespace writ
