// Tested by tests/unit/token/verifier_test.cc.
#include "src/token/sign_compact.h"

#include "src/base/base64url.h"
#include "src/crypto/sign.h"

namespace writ::token {

Result<std::string> sign_compact(std::string_view header, std::string_view payload, const crypto::Key& key) {
  char signature[crypto::kMaxSignature];
  std::string token;
  token.reserve(header.size() + (payload.size() + key.signature_size()) * 4 / 3 + 8);
  token.append(header).append(".");
  append_base64url(payload, token);
  if (const Result<void> done = crypto::sign(key, token, signature); !done) return done.error();
  token.append(".");
  append_base64url({signature, key.signature_size()}, token);
  return token;
}

}  // namespace writ::token
