// Instants and times of day as they are written, in policy text and in data alike. UTC and the proleptic Gregorian
// calendar; zones are not known here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace writ {

// The years 0001 to 9999, in microseconds since 1970.
inline constexpr std::int64_t kMinTime = -62'135'596'800'000'000;
inline constexpr std::int64_t kMaxTime = 253'402'300'799'999'999;

// RFC 3339: `2026-03-02T09:00:00Z`, with an offset in place of the Z and at most six digits of a second's fraction if
// so written. No leap second, capital letters only. In microseconds since 1970.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);
// In UTC, with as many digits of the fraction as it takes. For kMinTime to kMaxTime.
std::string format_rfc3339(std::int64_t micros);

// `08:00` or `08:00:30`, `00:00` to `24:00`. In seconds since midnight.
std::optional<std::int64_t> parse_clock(std::string_view text);
std::string format_clock(std::int64_t seconds);

// Days since 1970-01-01 of a date, whatever the year.
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day);

}  // namespace writ
