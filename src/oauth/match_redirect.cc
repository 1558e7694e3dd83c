// Whether a redirect URI is the registered one. Tested by tests/unit/oauth/redirect_test.cc and
// tests/suites/redirect_test.cc.
#include "src/oauth/parse_redirect.h"
#include "writ/oauth/redirect.h"

namespace writ::oauth {

bool redirect_matches(std::string_view registered, std::string_view requested, RedirectRule rule) noexcept {
  const Result<RedirectUri> asked = parse_redirect(requested);
  if (!asked) return false;
  if (registered == requested) return true;
  // RFC 8252, section 7.3: the operating system picks the port when the client starts to listen.
  const bool any_port = is_loopback_address(asked->host) || (rule.any_port_on_localhost && asked->host == "localhost");
  if (!asked->is_http() || !any_port) return false;
  const Result<RedirectUri> known = parse_redirect(registered);
  return known && known->is_http() && known->host == asked->host && known->rest == asked->rest;
}

}  // namespace writ::oauth
