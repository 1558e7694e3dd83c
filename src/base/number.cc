#include "src/base/number.h"

#include <limits>

namespace writ {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits are added to a negative number, because there is one more of those than of positive ones.
struct Digits {
  std::int64_t negative = 0;
  bool overflow = false;

  void push(char digit) {
    overflow = overflow || __builtin_mul_overflow(negative, 10, &negative) ||
               __builtin_sub_overflow(negative, digit - '0', &negative);
  }

  ParsedNumber take(bool minus) const {
    if (overflow) return {0, NumberFault::kTooLarge};
    if (minus) return {negative, NumberFault::kNone};
    if (negative == std::numeric_limits<std::int64_t>::min()) return {0, NumberFault::kTooLarge};
    return {-negative, NumberFault::kNone};
  }
};

ParsedNumber parse_fixed(std::string_view text, int places) noexcept {
  const bool minus = text.starts_with('-');
  std::size_t at = minus ? 1 : 0;
  const std::size_t first = at;
  Digits digits;
  for (; at < text.size() && is_digit(text[at]); ++at)
    digits.push(text[at]);
  if (at == first) return {0, NumberFault::kMalformed};
  int missing = places;
  if (places > 0 && at < text.size()) {
    if (text[at] != '.') return {0, NumberFault::kMalformed};
    const std::size_t point = at++;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (missing > 0) digits.push(text[at]);
      --missing;
    }
    if (at == point + 1) return {0, NumberFault::kMalformed};
  }
  if (at != text.size()) return {0, NumberFault::kMalformed};
  if (missing < 0) return {0, NumberFault::kTooManyDecimals};
  for (; missing > 0; --missing)
    digits.push('0');
  return digits.take(minus);
}

}  // namespace

ParsedNumber parse_int(std::string_view text) noexcept {
  return parse_fixed(text, 0);
}

ParsedNumber parse_decimal(std::string_view text) noexcept {
  return parse_fixed(text, kDecimalPlaces);
}

std::string format_decimal(std::int64_t units) {
  // The magnitude as unsigned: the smallest number has no positive twin.
  const auto magnitude = units < 0 ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
  constexpr auto kUnits = static_cast<std::uint64_t>(kDecimalUnits);
  std::string places = std::to_string(kUnits + magnitude % kUnits).substr(1);
  while (places.size() > 2 && places.back() == '0')
    places.pop_back();
  return (units < 0 ? "-" : "") + std::to_string(magnitude / kUnits) + "." + places;
}

}  // namespace writ
