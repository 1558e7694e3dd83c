// Tested by tests/unit/oauth/pkce_test.cc.
#include <algorithm>

#include "src/base/base64url.h"
#include "src/crypto/digest.h"
#include "src/scope/bare.h"
#include "writ/oauth/pkce.h"

namespace writ::oauth {
namespace {

// RFC 3986, section 2.3.
bool is_unreserved(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<std::string> make_challenge(std::string_view verifier) {
  if (verifier.size() < 43 || verifier.size() > 128) {
    return Error(ErrorCode::kBadVerifier, "`code_verifier` has 43 to 128 characters");
  }
  if (!std::all_of(verifier.begin(), verifier.end(), is_unreserved)) {
    return Error(ErrorCode::kBadVerifier, "`code_verifier` consists of letters, digits, `-`, `.`, `_` and `~`");
  }
  crypto::Digest digest;
  if (!crypto::digest(verifier, digest)) return Error(ErrorCode::kUnsupported, "OpenSSL has no SHA-256");
  return encode_base64url(digest.view());
}

}  // namespace writ::oauth
