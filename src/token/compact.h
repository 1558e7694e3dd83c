// The parts of a token.
#pragma once

#include <string_view>

namespace writ::token {

// RFC 7515, section 7.1: header, payload and signature in base64url, with dots between them. Views.
struct Compact {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_part;  // header and payload with the dot: what is signed
};

}  // namespace writ::token
