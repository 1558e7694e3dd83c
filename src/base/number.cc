#include "src/base/number.h"

#include <array>

namespace writ {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};

// From the largest down: a duration names them in this order.
constexpr std::array<Unit, 6> kUnits = {{
    {"w", 7 * 86400 * kMicrosPerSecond},
    {"d", 86400 * kMicrosPerSecond},
    {"h", 3600 * kMicrosPerSecond},
    {"m", 60 * kMicrosPerSecond},
    {"s", kMicrosPerSecond},
    {"ms", 1000},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front of `text`. Counts downwards, because the least 64-bit number has no positive twin.
ParsedNumber take_digits(std::string_view& text) {
  ParsedNumber result;
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) {
    if (__builtin_mul_overflow(result.value, 10, &result.value) ||
        __builtin_sub_overflow(result.value, text[length] - '0', &result.value)) {
      result.fault = NumberFault::kTooLarge;
      result.value = 0;
    }
    ++length;
  }
  if (length == 0) result.fault = NumberFault::kMalformed;
  text.remove_prefix(length);
  return result;
}

bool take_minus(std::string_view& text) {
  if (text.empty() || text.front() != '-') return false;
  text.remove_prefix(1);
  return true;
}

ParsedNumber with_sign(ParsedNumber negated, bool minus) {
  if (!negated || minus) return negated;
  ParsedNumber result;
  if (__builtin_sub_overflow(std::int64_t{0}, negated.value, &result.value)) return {0, NumberFault::kTooLarge};
  return result;
}

// The digits after the point as a count of ten-thousandths.
ParsedNumber parse_places(std::string_view digits) {
  if (digits.empty()) return {0, NumberFault::kMalformed};
  for (const char c : digits) {
    if (!is_digit(c)) return {0, NumberFault::kMalformed};
  }
  if (digits.size() > 4) return {0, NumberFault::kTooManyDecimals};
  std::int64_t value = 0;
  for (std::size_t place = 0; place < 4; ++place) value = value * 10 + (place < digits.size() ? digits[place] - '0' : 0);
  return {value, NumberFault::kNone};
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

}  // namespace

ParsedNumber parse_int(std::string_view text) {
  const bool minus = take_minus(text);
  const ParsedNumber digits = take_digits(text);
  if (!text.empty()) return {0, NumberFault::kMalformed};
  return with_sign(digits, minus);
}

ParsedNumber parse_decimal(std::string_view text) {
  const bool minus = take_minus(text);
  ParsedNumber result = take_digits(text);
  std::int64_t places = 0;
  if (!text.empty()) {
    if (text.front() != '.') return {0, NumberFault::kMalformed};
    const ParsedNumber parsed = parse_places(text.substr(1));
    if (!parsed) return parsed;
    places = parsed.value;
  }
  if (!result) return result;
  if (__builtin_mul_overflow(result.value, kDecimalUnit, &result.value) ||
      __builtin_sub_overflow(result.value, places, &result.value)) {
    return {0, NumberFault::kTooLarge};
  }
  return with_sign(result, minus);
}

std::string format_decimal(std::int64_t ten_thousandths) {
  const std::uint64_t size = magnitude(ten_thousandths);
  std::string places = std::to_string(size % kDecimalUnit + kDecimalUnit).substr(1);
  while (places.size() > 1 && places.back() == '0') places.pop_back();
  return (ten_thousandths < 0 ? "-" : "") + std::to_string(size / kDecimalUnit) + "." + places;
}

ParsedNumber parse_duration(std::string_view text) {
  const bool minus = take_minus(text);
  if (text.empty()) return {0, NumberFault::kMalformed};
  ParsedNumber sum;
  bool too_large = false;
  for (std::size_t next = 0; !text.empty();) {
    ParsedNumber count = take_digits(text);
    if (count.fault == NumberFault::kMalformed) return count;
    std::size_t letters = 0;
    while (letters < text.size() && !is_digit(text[letters])) ++letters;
    const std::string_view name = text.substr(0, letters);
    text.remove_prefix(letters);
    while (next < kUnits.size() && kUnits[next].name != name) ++next;
    if (next == kUnits.size()) return {0, NumberFault::kMalformed};
    too_large = too_large || !count || __builtin_mul_overflow(count.value, kUnits[next].micros, &count.value) ||
                __builtin_add_overflow(sum.value, count.value, &sum.value);
    ++next;
  }
  if (too_large) return {0, NumberFault::kTooLarge};
  return with_sign(sum, minus);
}

std::string format_duration(std::int64_t micros) {
  std::uint64_t rest = magnitude(micros);
  std::string result = micros < 0 ? "-" : "";
  const std::size_t sign = result.size();
  for (const Unit& unit : kUnits) {
    const auto each = static_cast<std::uint64_t>(unit.micros);
    if (rest >= each) result.append(std::to_string(rest / each)).append(unit.name);
    rest %= each;
  }
  return result.size() == sign ? "0s" : result;
}

}  // namespace writ
