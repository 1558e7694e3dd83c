// Seconds since 1970, as a token has them.
#pragma once

#include <optional>
#include <string_view>

#include "writ/value.h"

namespace writ::token {

enum class Rounding : bool { kDown, kUp };

// RFC 7519, section 2, NumericDate: digits, with or without a fraction, which is rounded to a whole second. No sign, no
// exponent, at most twelve digits (the year 33658): what is past that is no time that anyone means.
std::optional<Time> numeric_date(std::string_view text, Rounding rounding);

}  // namespace writ::token
