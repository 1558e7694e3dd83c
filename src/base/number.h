// Numbers as they are written: decimals of four places and durations, in policy text and in data alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace writ {

enum class NumberFault : std::uint8_t {
  kNone,
  kMalformed,        // not of this kind at all
  kTooLarge,         // past 64 bits
  kTooManyDecimals,  // a decimal of more than four places
};

struct ParsedNumber {
  std::int64_t value = 0;
  NumberFault fault = NumberFault::kNone;
  explicit operator bool() const { return fault == NumberFault::kNone; }
};

inline constexpr std::int64_t kDecimalUnit = 10'000;  // a decimal counts ten-thousandths
inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;

// An optional minus and digits, nothing else.
ParsedNumber parse_int(std::string_view text);

// `40.00`, `-0.5`, `7`: an optional minus, digits, and at most four digits after a point. In units of 1/10000.
ParsedNumber parse_decimal(std::string_view text);
// The shortest spelling with at least one digit after the point: `40.0`, `-0.5`, `0.0001`.
std::string format_decimal(std::int64_t ten_thousandths);

// `5m`, `1h30m`, `-90s`: an optional minus and pairs of digits and a unit (w d h m s ms), units descending, each once.
// In microseconds.
ParsedNumber parse_duration(std::string_view text);
// The units w to ms from the largest down, those that are zero left out: `1h30m`, `0s`. What is finer than a
// millisecond has no spelling and is cut.
std::string format_duration(std::int64_t micros);

}  // namespace writ
