// Tested by tests/unit/token/numeric_date_test.cc.
#include "src/token/numeric_date.h"

#include <charconv>

namespace writ::token {

std::optional<Time> numeric_date(std::string_view text, Rounding rounding) {
  constexpr std::size_t kMostDigits = 12;
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  constexpr std::string_view kDigits = "0123456789";
  if (whole.empty() || whole.size() > kMostDigits || whole.find_first_not_of(kDigits) != std::string_view::npos ||
      fraction.find_first_not_of(kDigits) != std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  const bool is_whole = fraction.find_first_not_of('0') == std::string_view::npos;
  if (!is_whole && rounding == Rounding::kUp) ++seconds;
  return Time{seconds * 1'000'000};
}

}  // namespace writ::token
