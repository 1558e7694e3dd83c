// What two readers of a URI could take for different hosts is refused rather than understood: user information, a
// backslash, an encoded host, a port that is none. Tested by tests/unit/oauth/redirect_test.cc and, on others' cases,
// tests/suites/redirect_test.cc.
#include "src/oauth/parse_redirect.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/base/ip.h"
#include "src/base/quote.h"
#include "src/scope/bare.h"
#include "writ/oauth/redirect.h"

namespace writ::oauth {
namespace {

constexpr std::size_t kMaxPortDigits = 5;
constexpr std::uint32_t kMaxPort = 65'535;

Error bad(std::string_view detail) noexcept {
  return {ErrorCode::kBadRedirect, detail};
}

bool is_hex_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// RFC 3986, appendix A: unreserved, gen-delims and sub-delims.
bool is_uri_char(char c) noexcept {
  return is_letter_or_digit(c) || std::string_view("-._~:/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
}

Result<void> check_characters(std::string_view uri) noexcept {
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] == '%') {
      if (i + 2 >= uri.size() || !is_hex_digit(uri[i + 1]) || !is_hex_digit(uri[i + 2])) {
        return bad("a `%` in a redirect URI is followed by two hexadecimal digits");
      }
    } else if (!is_uri_char(uri[i])) {
      return bad("a redirect URI holds a character that no URI has: encode it with `%`");
    }
  }
  return {};
}

bool is_scheme(std::string_view text) noexcept {
  if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
  for (const char c : text) {
    const bool lower = c >= 'a' && c <= 'z';
    if (!lower && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

bool is_port(std::string_view text) noexcept {
  if (text.empty() || text.size() > kMaxPortDigits || text.front() == '0') return false;
  std::uint32_t port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return port <= kMaxPort;
}

// Letters, digits, hyphens and periods: what every reader takes for the same name.
bool is_host_name(std::string_view text) noexcept {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is_letter_or_digit(c) && c != '-' && c != '.') return false;
  }
  return true;
}

bool is_ipv6_literal(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
  const std::string_view inner = text.substr(1, text.size() - 2);
  const std::optional<Ip> ip = parse_ip(inner);
  return ip && !ip->v4 && inner.find('/') == std::string_view::npos;
}

Result<void> parse_authority(std::string_view authority, RedirectUri& out) noexcept {
  if (authority.find('@') != std::string_view::npos) {
    return bad("a redirect URI has no user information: what stands before `@` is easily taken for the host");
  }
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  out.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) {
    out.port = authority.substr(colon + 1);
    if (!is_port(out.port)) return bad("the port of a redirect URI is a number from 1 to 65535 without leading zeros");
  }
  const bool may_be_empty = out.scheme != "https" && !out.is_http() && out.port.empty();
  if (!is_host_name(out.host) && !is_ipv6_literal(out.host) && !(out.host.empty() && may_be_empty)) {
    Error error = bad("the host of a redirect URI is a name of letters, digits, `-` and `.`, or an address; not ");
    return append_quoted(error, out.host);
  }
  return {};
}

}  // namespace

Result<RedirectUri> parse_redirect(std::string_view uri) noexcept {
  if (uri.empty()) return bad("a redirect URI is not empty");
  if (uri.size() > kMaxRedirectBytes) return bad("a redirect URI has at most 2048 bytes");
  if (const Result<void> fine = check_characters(uri); !fine) return fine.error();
  if (uri.find('#') != std::string_view::npos) {
    return bad("a redirect URI has no fragment (RFC 6749, section 3.1.2)");
  }
  const std::size_t colon = uri.find(':');
  RedirectUri out;
  out.scheme = uri.substr(0, colon);
  if (colon == std::string_view::npos || !is_scheme(out.scheme)) {
    return bad("a redirect URI is absolute and begins with its scheme in lower case, as in `https://`");
  }
  out.rest = uri.substr(colon + 1);
  if (out.rest.substr(0, 2) == "//") {
    out.has_authority = true;
    const std::string_view after = out.rest.substr(2);
    const std::size_t end = after.find_first_of("/?");
    out.rest = end == std::string_view::npos ? std::string_view() : after.substr(end);
    if (const Result<void> fine = parse_authority(after.substr(0, end), out); !fine) return fine.error();
  } else if (out.scheme == "https" || out.is_http()) {
    return bad("an http or https redirect URI has a host, after `//`");
  }
  return out;
}

bool is_loopback_address(std::string_view host) noexcept {
  constexpr std::string_view kIpv4Network = "127.0.0.0/8";
  constexpr std::string_view kIpv6Address = "::1";
  const bool bracketed = is_ipv6_literal(host);
  const std::optional<Ip> ip = parse_ip(bracketed ? host.substr(1, host.size() - 2) : host);
  const std::optional<Ip> loopback = parse_ip(bracketed ? kIpv6Address : kIpv4Network);
  return ip && loopback && host.find('/') == std::string_view::npos && contains(*loopback, *ip);
}

bool is_localhost(std::string_view host) noexcept {
  return host == "localhost" || host.ends_with(".localhost");
}

}  // namespace writ::oauth
