// Tested by tests/unit/token/verifier_test.cc and tests/suites/jose_test.cc.
#include "src/token/verify_compact.h"

#include "src/base/base64url.h"
#include "src/crypto/verify.h"

namespace writ::token {

Result<void> verify_compact(const Compact& token, const crypto::Key& key) {
  // What has not the length of the key's signatures is not decoded.
  const std::optional<std::string> signature =
      token.signature.size() == (key.signature_size() * 4 + 2) / 3 ? decode_base64url(token.signature) : std::nullopt;
  if (!signature) {
    return Error(ErrorCode::kBadToken, "the token's signature is not base64url, or not of the length of the key's");
  }
  if (!crypto::verify(key, token.signed_part, *signature)) {
    return Error(ErrorCode::kBadToken, "the token's signature is not the key's");
  }
  return {};
}

}  // namespace writ::token
