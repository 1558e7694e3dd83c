// Text -> RedirectUri.
#pragma once

#include <string_view>

#include "src/oauth/redirect_uri.h"
#include "writ/result.h"

namespace writ::oauth {

// RFC 3986 as far as a redirect may go: absolute, no fragment, no user information. kBadRedirect says what it breaks.
Result<RedirectUri> parse_redirect(std::string_view uri) noexcept;

}  // namespace writ::oauth
