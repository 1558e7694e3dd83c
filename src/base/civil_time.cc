#include "src/base/civil_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace writ {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kDay = 24 * 60 * kMinute;

constexpr ParsedNumber kMalformed{0, NumberFault::kMalformed};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads a text from its beginning; once something does not fit, `ok` stays false.
struct Reader {
  std::string_view rest;
  bool ok = true;

  int digits(std::size_t count) {
    if (!ok || rest.size() < count || !std::all_of(rest.begin(), rest.begin() + static_cast<long>(count), is_digit)) {
      ok = false;
      return 0;
    }
    int value = 0;
    for (const char c : rest.substr(0, count))
      value = value * 10 + (c - '0');
    rest.remove_prefix(count);
    return value;
  }

  int digits_up_to(std::size_t count, int most) {
    const int value = digits(count);
    ok = ok && value <= most;
    return value;
  }

  void expect(std::string_view any_of) {
    ok = ok && !rest.empty() && any_of.find(rest.front()) != std::string_view::npos;
    if (ok) rest.remove_prefix(1);
  }
};

// RFC 3339, section 5.6: time-secfrac, in microseconds.
NumberFault read_fraction(Reader& in, std::int64_t& microseconds) {
  microseconds = 0;
  if (!in.ok || !in.rest.starts_with('.')) return NumberFault::kNone;
  in.rest.remove_prefix(1);
  std::int64_t unit = kSecond / 10;
  std::size_t count = 0;
  for (; !in.rest.empty() && is_digit(in.rest.front()); in.rest.remove_prefix(1), ++count, unit /= 10) {
    microseconds += (in.rest.front() - '0') * unit;
  }
  if (count == 0) in.ok = false;
  return count > 6 ? NumberFault::kTooManyDecimals : NumberFault::kNone;
}

// RFC 3339, section 5.6: time-offset, in minutes east of UTC.
int read_offset(Reader& in) {
  if (!in.ok || in.rest.empty()) {
    in.ok = false;
    return 0;
  }
  if (in.rest == "Z" || in.rest == "z") {
    in.rest = {};
    return 0;
  }
  const int sign = in.rest.front() == '-' ? -1 : 1;
  in.expect("+-");
  const int hours = in.digits_up_to(2, 23);
  in.expect(":");
  const int minutes = in.digits_up_to(2, 59);
  return sign * (hours * 60 + minutes);
}

struct DurationUnit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array<DurationUnit, 7> kDurationUnits{
    {{"w", 7 * kDay}, {"d", kDay}, {"h", 60 * kMinute}, {"m", kMinute}, {"s", kSecond}, {"ms", 1000}, {"us", 1}}};

}  // namespace

ParsedNumber parse_rfc3339(std::string_view text) noexcept {
  namespace chr = std::chrono;
  Reader in{text};
  const int year = in.digits(4);
  in.expect("-");
  const int month = in.digits_up_to(2, 12);
  in.expect("-");
  const int day = in.digits_up_to(2, 31);
  in.expect("Tt");
  const int hour = in.digits_up_to(2, 23);
  in.expect(":");
  const int minute = in.digits_up_to(2, 59);
  in.expect(":");
  const int second = in.digits_up_to(2, 59);
  std::int64_t fraction = 0;
  const NumberFault fraction_fault = read_fraction(in, fraction);
  const int offset = read_offset(in);
  if (!in.ok || !in.rest.empty()) return kMalformed;

  const chr::year_month_day date{chr::year{year}, chr::month{static_cast<unsigned>(month)},
                                 chr::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return kMalformed;
  if (fraction_fault != NumberFault::kNone) return {0, fraction_fault};
  const std::int64_t days = chr::sys_days{date}.time_since_epoch().count();
  const std::int64_t time =
      days * kDay + (std::int64_t{hour} * 60 + minute - offset) * kMinute + second * kSecond + fraction;
  if (time < kEarliestTime || time > kLatestTime) return {0, NumberFault::kTooLarge};
  return {time, NumberFault::kNone};
}

std::string format_rfc3339(std::int64_t microseconds) {
  namespace chr = std::chrono;
  // Rounding towards the past; never through a product that could overflow near the ends of 64 bits.
  std::int64_t days = microseconds / kDay;
  std::int64_t rest = microseconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  // std::chrono's years are 16 bits wide, so far dates are moved by whole cycles of 400 years.
  constexpr std::int64_t kCycleDays = 146'097;
  const std::int64_t cycles = days / kCycleDays;
  const chr::year_month_day date{chr::sys_days{chr::days{days % kCycleDays}}};
  const std::int64_t year = int{date.year()} + cycles * 400;

  std::array<char, 64> out{};
  const char* const format =
      year < 1 || year > 9999 ? "%+06lld-%02u-%02uT%02d:%02d:%02d" : "%04lld-%02u-%02uT%02d:%02d:%02d";
  std::snprintf(out.data(), out.size(), format, static_cast<long long>(year), unsigned{date.month()},
                unsigned{date.day()}, static_cast<int>(rest / (60 * kMinute)), static_cast<int>(rest / kMinute % 60),
                static_cast<int>(rest / kSecond % 60));
  std::string text = out.data();
  if (rest % kSecond != 0) {
    std::string fraction = std::to_string(kSecond + rest % kSecond);
    fraction.front() = '.';
    while (fraction.back() == '0')
      fraction.pop_back();
    text += fraction;
  }
  return text += 'Z';
}

ParsedNumber parse_duration(std::string_view text) noexcept {
  const bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  if (text.empty()) return kMalformed;
  std::int64_t total = 0;
  bool too_large = false;
  auto unit = kDurationUnits.begin();
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const ParsedNumber count = parse_int(text.substr(0, digits));
    if (count.fault == NumberFault::kMalformed) return kMalformed;
    text.remove_prefix(digits);
    const std::size_t letters = std::min(text.find_first_of("0123456789"), text.size());
    unit = std::find_if(unit, kDurationUnits.end(), [&](const auto& u) { return u.name == text.substr(0, letters); });
    if (unit == kDurationUnits.end()) return kMalformed;
    text.remove_prefix(letters);
    // Summed below zero, as the integers are.
    std::int64_t part = 0;
    too_large = too_large || !count || __builtin_mul_overflow(-count.value, unit->microseconds, &part) ||
                __builtin_add_overflow(total, part, &total);
    ++unit;
  }
  if (!minus) too_large = too_large || __builtin_sub_overflow(0, total, &total);
  if (too_large) return {0, NumberFault::kTooLarge};
  return {total, NumberFault::kNone};
}

std::string format_duration(std::int64_t microseconds) {
  if (microseconds == 0) return "0s";
  std::string text = microseconds < 0 ? "-" : "";
  auto rest =
      microseconds < 0 ? 0 - static_cast<std::uint64_t>(microseconds) : static_cast<std::uint64_t>(microseconds);
  for (const DurationUnit& unit : kDurationUnits) {
    const auto size = static_cast<std::uint64_t>(unit.microseconds);
    if (rest >= size) text.append(std::to_string(rest / size)).append(unit.name);
    rest %= size;
  }
  return text;
}

}  // namespace writ
