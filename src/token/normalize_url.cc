// normalize_url: percent-encoding first, because `%2e%2e` is `..`; then case, port and path. Tested by
// tests/unit/token/normalize_url_test.cc.
#include "src/token/normalize_url.h"

#include <algorithm>

namespace writ::token {
namespace {

int value_of_hex(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// RFC 3986, section 2.3.
bool is_unreserved(char c) noexcept {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

// Sections 2.2 and 2.3: what stands in a URI as it is.
bool may_stand(char c) noexcept {
  return is_unreserved(c) || std::string_view(":/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
}

// Sections 6.2.2.1 and 6.2.2.2. None for a `%` without two digits, and for what no URI holds.
std::optional<std::string> decode_unreserved(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!may_stand(text[i])) return std::nullopt;
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? value_of_hex(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? value_of_hex(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    if (const char c = static_cast<char>(high * 16 + low); is_unreserved(c)) {
      out += c;
    } else {
      out.append({'%', upper(text[i + 1]), upper(text[i + 2])});
    }
    i += 2;
  }
  return out;
}

// Letters of %XX stay as they are.
std::string lower_but_encoded(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '%') {
      i += 2;
    } else {
      out[i] = lower(out[i]);
    }
  }
  return out;
}

// Section 5.2.4, of a path that begins with a slash.
std::string remove_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, end - 1);
    path.remove_prefix(end);
    const bool dots = segment == "." || segment == "..";
    if (segment == "..") out.resize(out.empty() ? 0 : out.rfind('/'));
    if (!dots) out.append("/").append(segment);
    if (dots && path.empty()) out += '/';
  }
  return out.empty() ? "/" : out;
}

}  // namespace

std::optional<std::string> normalize_url(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower_but_encoded(url.substr(0, colon));
  if (scheme != "https" && scheme != "http") return std::nullopt;
  url.remove_prefix(colon + 3);
  const std::optional<std::string> decoded = decode_unreserved(url.substr(0, url.find_first_of("?#")));
  if (!decoded) return std::nullopt;
  const std::string_view rest = *decoded;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string authority = lower_but_encoded(rest.substr(0, slash));
  if (authority.find('@') != std::string::npos) return std::nullopt;
  const std::string_view own_port = scheme == "https" ? ":443" : ":80";
  if (authority.ends_with(own_port)) authority.resize(authority.size() - own_port.size());
  if (authority.ends_with(':')) authority.pop_back();
  if (authority.empty()) return std::nullopt;
  return scheme + "://" + authority + remove_dots(rest.substr(slash));
}

}  // namespace writ::token
