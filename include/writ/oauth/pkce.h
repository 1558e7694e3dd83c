// PKCE: whoever redeems a code is whoever asked for it. RFC 7636, with the method S256 alone (RFC 9700, section 2.1.1:
// `plain` shows the verifier to whoever sees the request).
#pragma once

#include <string>
#include <string_view>

#include "writ/result.h"

namespace writ::oauth {

// At the authorization endpoint: whether `challenge` and `method` (as sent; empty where they were not) are a challenge
// of S256. RFC 7636, section 4.3, takes a missing method for `plain`, so a missing one is refused as well.
// kBadVerifier.
Result<void> check_challenge(std::string_view challenge, std::string_view method);

// At the token endpoint: whether `verifier` is the one of `challenge`, which was kept with the code and is empty where
// none was sent. RFC 7636, sections 4.1 and 4.6; a verifier without a challenge is refused as well (RFC 9700, section
// 4.8.2). Compares in constant time. kBadVerifier; the error quotes neither. kUnsupported: OpenSSL has no SHA-256.
Result<void> verify_challenge(std::string_view challenge, std::string_view verifier);

// For clients: the challenge of a verifier. Errors as verify_challenge().
Result<std::string> make_challenge(std::string_view verifier);

}  // namespace writ::oauth
