// RedirectUri: the pieces of a redirect URI, as written.
#pragma once

#include <string_view>

namespace writ::oauth {

// Views of the URI. Nothing is decoded and nothing brought to another case.
struct RedirectUri {
  std::string_view scheme;
  bool has_authority = false;  // whether `//` follows the scheme
  std::string_view host;       // with its brackets, where it is an IPv6 address
  std::string_view port;       // digits; empty: none
  std::string_view rest;       // path and query

  bool is_http() const noexcept { return scheme == "http"; }
};

// An address of the loopback interface, spelled as one.
bool is_loopback_address(std::string_view host) noexcept;
// RFC 6761, section 6.3: the name and what is below it.
bool is_localhost(std::string_view host) noexcept;

}  // namespace writ::oauth
