// Which redirect URIs a client may register. Tested by tests/unit/oauth/redirect_test.cc and
// tests/suites/redirect_test.cc.
#include <algorithm>
#include <array>

#include "src/base/quote.h"
#include "src/oauth/parse_redirect.h"
#include "writ/oauth/redirect.h"

namespace writ::oauth {
namespace {

Error bad(std::string_view detail) {
  return {ErrorCode::kBadRedirect, detail};
}

// Schemes that a browser runs, shows or hands on by itself: a code that is sent there has left the client's hands.
bool is_browsers_own(std::string_view scheme) {
  constexpr std::array<std::string_view, 14> kSchemes = {"about",      "blob",        "chrome", "data",       "file",
                                                         "filesystem", "ftp",         "intent", "javascript", "mailto",
                                                         "vbscript",   "view-source", "ws",     "wss"};
  return std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end();
}

}  // namespace

Result<RedirectClass> check_redirect(std::string_view uri) {
  const Result<RedirectUri> parsed = parse_redirect(uri);
  if (!parsed) return parsed.error();
  if (uri.find('*') != std::string_view::npos) {
    return bad("redirect URIs are compared as they are: a `*` would stand for itself, so list each URI");
  }
  RedirectClass out;
  const bool web = parsed->is_http() || parsed->scheme == "https";
  out.local = web && (is_loopback_address(parsed->host) || is_localhost(parsed->host));
  if (parsed->is_http()) {
    if (!out.local) {
      return bad(
          "an http redirect URI leads to this machine itself (127.0.0.1, [::1], localhost); use https elsewhere");
    }
    out.kind = RedirectKind::kLoopback;
  } else if (!web) {
    if (is_browsers_own(parsed->scheme)) {
      Error error = bad("no client can own the scheme ");
      return append_quoted(error, parsed->scheme).append(": use https, or a scheme named after a domain of yours");
    }
    const bool named_after_domain = parsed->scheme.find('.') != std::string_view::npos;
    out.kind = named_after_domain ? RedirectKind::kPrivateUse : RedirectKind::kOtherScheme;
  }
  return out;
}

}  // namespace writ::oauth
