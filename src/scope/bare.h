// Which characters names and bare ids are made of. Letters are those of ASCII; no locale is asked.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace writ {

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_letter_or_digit(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9');
}

namespace bare {
constexpr std::array<bool, 256> make_table() {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) {
    const char as_char = static_cast<char>(c);
    table[static_cast<std::size_t>(c)] =
        is_letter_or_digit(as_char) || std::string_view("._~@/+=-").find(as_char) != std::string_view::npos;
  }
  return table;
}
inline constexpr std::array<bool, 256> kTable = make_table();
}  // namespace bare

// [A-Za-z0-9._~@/+=-]
constexpr bool is_bare_char(char c) noexcept {
  return bare::kTable[static_cast<unsigned char>(c)];
}

constexpr bool all_bare(std::string_view text) noexcept {
  for (const char c : text) {
    if (!is_bare_char(c)) return false;
  }
  return true;
}

// RFC 6749, section 3.3, scope-token: what a scope may be, whoever's vocabulary it is from. A blank would make it two.
constexpr bool is_scope_token(std::string_view text) noexcept {
  for (const char c : text) {
    if (c <= ' ' || c > '~' || c == '"' || c == '\\') return false;
  }
  return !text.empty();
}

// A letter, then letters, digits and any of `more`.
constexpr bool is_name(std::string_view text, std::string_view more) noexcept {
  if (text.empty() || !is_letter(text.front())) return false;
  for (const char c : text) {
    if (!is_letter_or_digit(c) && more.find(c) == std::string_view::npos) return false;
  }
  return true;
}
constexpr bool is_type_name(std::string_view text) noexcept {
  return is_name(text, "");
}
constexpr bool is_action_name(std::string_view text) noexcept {
  return is_name(text, "_-");
}
constexpr bool is_identifier(std::string_view text) noexcept {
  return is_name(text, "_");
}

}  // namespace writ
