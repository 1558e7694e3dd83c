// What a client may send as a PKCE challenge. Tested by tests/unit/oauth/pkce_test.cc and tests/suites/pkce_test.cc.
#include "src/base/base64url.h"
#include "writ/oauth/pkce.h"

namespace writ::oauth {

Result<void> check_challenge(std::string_view challenge, std::string_view method) {
  constexpr std::size_t kDigestBytes = 32;
  if (challenge.empty()) return Error(ErrorCode::kBadVerifier, "`code_challenge` is missing: PKCE is required");
  if (method != "S256") {
    return Error(ErrorCode::kBadVerifier, "`code_challenge_method` must be S256; without one it would mean plain");
  }
  const std::optional<std::string> digest = decode_base64url(challenge);
  if (!digest || digest->size() != kDigestBytes) {
    return Error(ErrorCode::kBadVerifier, "`code_challenge` is no SHA-256 digest in base64url, 43 characters");
  }
  return {};
}

}  // namespace writ::oauth
