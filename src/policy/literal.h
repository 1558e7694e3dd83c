// The literals of the language that have no other home: text between quotes, and a time of day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/number.h"

namespace writ::policy {

struct TextFault {
  std::size_t begin = 0;  // in the body, of the escape that is wrong
  std::size_t end = 0;
};

// Decodes what stands between the quotes: \" \\ \n \t \r and \u{HEX}, one to six digits, any character but NUL.
// On a fault `out` is what was decoded before it.
std::optional<TextFault> decode_text(std::string_view body, std::string& out);
// The text with its quotes, escaped where it must be. decode_text() of what is between them gives it back.
std::string quote_text(std::string_view text);

// `08:00` or `08:00:30`, from 00:00 to 24:00, in seconds since midnight.
std::optional<std::int64_t> parse_clock(std::string_view text);
std::string format_clock(std::int64_t seconds);

// Durations of policy text: as parse_duration(), but neither sign nor `us`.
ParsedNumber parse_lifetime(std::string_view text);

bool is_bare_id_char(char c);
bool is_bare_id(std::string_view text);

}  // namespace writ::policy
