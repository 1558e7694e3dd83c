// Characters that make a text look other than it reads.
#pragma once

#include <cstddef>
#include <string_view>

namespace writ {

// Whether the well-formed character is a control character (U+0000 to U+001F, U+007F to U+009F) or one of the marks of
// bidirectional writing (U+202A to U+202E, U+2066 to U+2069), with which a line can be made to show what it does not
// say.
bool is_misleading(std::string_view character) noexcept;

// Where the character that begins at `begin` ends: continuation bytes of UTF-8 belong to the byte before them.
std::size_t character_end(std::string_view text, std::size_t begin) noexcept;

}  // namespace writ
