// Where an authorization response goes. Tested by tests/unit/oauth/redirect_test.cc and tests/suites/redirect_test.cc.
#include "src/oauth/parse_redirect.h"
#include "writ/oauth/redirect.h"

namespace writ::oauth {

Result<std::string> resolve_redirect(std::span<const std::string> registered, std::optional<std::string_view> requested,
                                     RedirectRule rule) {
  if (!requested) {
    if (registered.size() != 1) {
      return Error(ErrorCode::kBadRedirect, "`redirect_uri` is missing, and the client has not registered just one");
    }
    if (const Result<RedirectUri> parsed = parse_redirect(registered.front()); !parsed) return parsed.error();
    return registered.front();
  }
  if (const Result<RedirectUri> parsed = parse_redirect(*requested); !parsed) return parsed.error();
  for (const std::string& known : registered) {
    if (redirect_matches(known, *requested, rule)) return std::string(*requested);
  }
  return Error(ErrorCode::kBadRedirect,
               "`redirect_uri` is none that the client has registered; they are compared exactly");
}

}  // namespace writ::oauth
