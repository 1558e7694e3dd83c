// Base64 with the URL and file name safe alphabet, without padding: RFC 4648, section 5, as RFC 7515 uses it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace writ {

std::string encode_base64url(std::string_view bytes);
// The same, behind what is in `out`.
void append_base64url(std::string_view bytes, std::string& out);

// Strict, so that one sequence of bytes has one spelling: no padding, no white space, no character of the other
// alphabet, and no bits left over that are not zero.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace writ
