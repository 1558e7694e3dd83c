// Tested by tests/unit/oauth/pkce_test.cc and tests/suites/pkce_test.cc.
#include "src/crypto/equal.h"
#include "writ/oauth/pkce.h"

namespace writ::oauth {

Result<void> verify_challenge(std::string_view challenge, std::string_view verifier) {
  if (challenge.empty()) return Error(ErrorCode::kBadVerifier, "the code was asked for without a `code_challenge`");
  if (verifier.empty()) return Error(ErrorCode::kBadVerifier, "`code_verifier` is missing");
  const Result<std::string> made = make_challenge(verifier);
  if (!made) return made.error();
  if (!crypto::equal(*made, challenge)) {
    return Error(ErrorCode::kBadVerifier, "`code_verifier` is not the one of the code's `code_challenge`");
  }
  return {};
}

}  // namespace writ::oauth
