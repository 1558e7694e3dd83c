// Tested by tests/unit/crypto/secret_test.cc.
#include "src/crypto/secret.h"

#include <openssl/crypto.h>

namespace writ::crypto {

void wipe(void* memory, std::size_t size) noexcept {
  OPENSSL_cleanse(memory, size);
}

}  // namespace writ::crypto
