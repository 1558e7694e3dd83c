// Numbers as they are written in policies, data and requests: 64-bit integers, and decimals with four places.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace writ {

enum class NumberFault : std::uint8_t {
  kNone,
  kMalformed,
  kTooLarge,         // well written, but not in 64 bits (or, of a time, not within the years 0001 to 9999)
  kTooManyDecimals,  // a decimal, or a second, with more places than are kept
};

struct ParsedNumber {
  std::int64_t value = 0;
  NumberFault fault = NumberFault::kNone;
  explicit operator bool() const noexcept { return fault == NumberFault::kNone; }
};

inline constexpr std::int64_t kDecimalUnits = 10'000;  // a decimal is kept in units of 1/10000
inline constexpr int kDecimalPlaces = 4;

// All of these take the whole text or nothing, look at nothing but ASCII, and allocate nothing.

// `-`? digit+. No plus sign, no white space.
ParsedNumber parse_int(std::string_view text) noexcept;
// `-`? digit+ ( `.` digit{1,4} )?, in units of 1/10000. No exponent: a decimal is exact.
ParsedNumber parse_decimal(std::string_view text) noexcept;

// At least two places, and no zeros after them: 40.00, 0.125. parse_decimal() reads it back.
std::string format_decimal(std::int64_t units);

}  // namespace writ
