// Tested by tests/unit/crypto/secret_test.cc.
#include "src/crypto/equal.h"

#include <openssl/crypto.h>

namespace writ::crypto {

bool equal(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace writ::crypto
