// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace writ {

// The offset of the first byte that belongs to no well-formed character, or text.size(). A NUL is a character.
std::size_t valid_utf8_prefix(std::string_view text) noexcept;

inline bool is_utf8(std::string_view text) noexcept {
  return valid_utf8_prefix(text) == text.size();
}

// Appends one code point; false, and nothing appended, for surrogates and what lies past U+10FFFF.
bool append_utf8(std::uint32_t code_point, std::string& out);

}  // namespace writ
