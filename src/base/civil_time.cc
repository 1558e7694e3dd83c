#include "src/base/civil_time.h"

#include <array>

#include "src/base/number.h"

namespace writ {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

// Reads fixed-width pieces from the front of a text; after the first that does not fit, everything fails.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9') return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!take(c)) fail();
  }

  // What follows the point of a second, in microseconds.
  int fraction() {
    std::size_t digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') ++digits;
    if (digits == 0 || digits > 6) return fail();
    int value = number(digits);
    for (; digits < 6; ++digits) value *= 10;
    return value;
  }

  int fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

  bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// Seconds east of UTC.
int offset(Pieces& pieces) {
  if (pieces.take('Z')) return 0;
  const bool west = pieces.take('-');
  if (!west) pieces.expect('+');
  const int hours = pieces.number(2);
  pieces.expect(':');
  const int minutes = pieces.number(2);
  if (hours > 23 || minutes > 59) pieces.fail();
  return (west ? -1 : 1) * (hours * 3600 + minutes * 60);
}

std::string two_digits(std::int64_t value) { return std::to_string(100 + value).substr(1); }

struct Date {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

// The inverse of days_from_civil, by eras of 400 years that begin on 1 March.
Date civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_from_march = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

}  // namespace

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  Pieces pieces(text);
  const int year = pieces.number(4);
  pieces.expect('-');
  const int month = pieces.number(2);
  pieces.expect('-');
  const int day = pieces.number(2);
  pieces.expect('T');
  const int hour = pieces.number(2);
  pieces.expect(':');
  const int minute = pieces.number(2);
  pieces.expect(':');
  const int second = pieces.number(2);
  const int fraction = pieces.take('.') ? pieces.fraction() : 0;
  const int east = offset(pieces);
  if (!pieces.done() || year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) ||
      hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  const std::int64_t days = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  const std::int64_t seconds = days * kSecondsPerDay + hour * 3600 + minute * 60 + second - east;
  const std::int64_t micros = seconds * kMicrosPerSecond + fraction;
  // An offset can lead out of the years that have a spelling.
  if (micros < kMinTime || micros > kMaxTime) return std::nullopt;
  return micros;
}

std::string format_rfc3339(std::int64_t micros) {
  std::int64_t fraction = micros % kMicrosPerSecond;
  if (fraction < 0) fraction += kMicrosPerSecond;
  const std::int64_t seconds = (micros - fraction) / kMicrosPerSecond;
  std::int64_t of_day = seconds % kSecondsPerDay;
  if (of_day < 0) of_day += kSecondsPerDay;
  const Date date = civil_from_days((seconds - of_day) / kSecondsPerDay);
  std::string result = std::to_string(10'000 + date.year).substr(1) + "-" + two_digits(date.month) + "-" +
                       two_digits(date.day) + "T" + two_digits(of_day / 3600) + ":" + two_digits(of_day / 60 % 60) +
                       ":" + two_digits(of_day % 60);
  if (fraction != 0) {
    std::string digits = std::to_string(kMicrosPerSecond + fraction).substr(1);
    while (digits.back() == '0') digits.pop_back();
    result += "." + digits;
  }
  return result + "Z";
}

std::optional<std::int64_t> parse_clock(std::string_view text) {
  Pieces pieces(text);
  const int hour = pieces.number(2);
  pieces.expect(':');
  const int minute = pieces.number(2);
  const int second = pieces.take(':') ? pieces.number(2) : 0;
  const std::int64_t seconds = hour * 3600 + minute * 60 + second;
  if (!pieces.done() || minute > 59 || second > 59 || seconds > kSecondsPerDay) return std::nullopt;
  return seconds;
}

std::string format_clock(std::int64_t seconds) {
  std::string result = two_digits(seconds / 3600) + ":" + two_digits(seconds / 60 % 60);
  if (seconds % 60 != 0) result += ":" + two_digits(seconds % 60);
  return result;
}

}  // namespace writ
