// Tested by tests/unit/crypto/digest_test.cc and tests/unit/crypto/sign_test.cc.
#include "src/crypto/fetched.h"

#include "src/crypto/failure.h"

namespace writ::crypto {

const Fetched& fetched() noexcept {
  static const Fetched once = [] {
    const Failures failures;
    return Fetched{EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  }();
  return once;
}

}  // namespace writ::crypto
