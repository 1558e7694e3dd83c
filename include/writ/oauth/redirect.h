// Redirect URIs: which may be registered, and which one an authorization response goes to.
// RFC 6749, section 3.1.2; RFC 8252, sections 7 and 8; RFC 9700, section 4.1; OAuth 2.1, section 2.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "writ/result.h"

namespace writ::oauth {

inline constexpr std::size_t kMaxRedirectBytes = 2048;

enum class RedirectKind : std::uint8_t {
  kHttps,
  kLoopback,     // http, to this machine itself: RFC 8252, section 7.3
  kPrivateUse,   // a scheme named after a domain, com.example.app:/cb: RFC 8252, section 7.1
  kOtherScheme,  // a scheme without a period, app://cb: any program may claim it; for an operator to let in by name
};

// What.          What a redirect URI is, as far as whether to take it hangs on that.
// Thread-safety. A value.
// Lifetime.      Independent of the URI.
// Cost.          Nothing.
// Fails.         Never.
struct RedirectClass {
  RedirectKind kind = RedirectKind::kHttps;
  bool local = false;  // an http or https URI whose host is 127.0.0.0/8, [::1], localhost or below localhost
};

// Whether a client may register `uri` at all; which kinds are taken is up to the server. Absolute, at most
// kMaxRedirectBytes of RFC 3986's characters, scheme in lower case; no fragment, no user information, no star; http
// only to a loopback host; no scheme that a browser runs or opens by itself. kBadRedirect says which of these it
// breaks.
Result<RedirectClass> check_redirect(std::string_view uri);

struct RedirectRule {
  // Lets the port of http://localhost vary, too. RFC 9700, section 2.1, speaks of localhost; RFC 8252, section 8.3,
  // warns that the name may lead elsewhere than to the loopback interface. Clients whose one published document lists
  // http://localhost/callback need it.
  bool any_port_on_localhost = false;
};

// Whether a request for `requested` is one for `registered`: byte for byte the same, except that the port of an http
// URI to a loopback address (127.0.0.0/8, [::1]) may be any or none. No wildcard, no normalising; a URI with a
// fragment, user information or a character that no URI has matches nothing, itself included.
bool redirect_matches(std::string_view registered, std::string_view requested, RedirectRule rule = {}) noexcept;

// Where the response goes: `requested`, where one of `registered` matches it; the registered one, where the client sent
// none and has registered just one. kBadRedirect otherwise: tell the person in front of the browser, never redirect.
Result<std::string> resolve_redirect(std::span<const std::string> registered, std::optional<std::string_view> requested,
                                     RedirectRule rule = {});

}  // namespace writ::oauth
