// Tested by tests/unit/crypto/key_test.cc.
#include "src/crypto/generate_key.h"

#include <openssl/rand.h>

#include "src/crypto/failure.h"
#include "src/crypto/key_state.h"

namespace writ::crypto {
namespace {

EVP_PKEY* generate(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEdDSA:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case Algorithm::kES256:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", kMinRsaBits);
    case Algorithm::kHS256:
      break;
  }
  return nullptr;
}

}  // namespace

Result<Key> generate_key(Algorithm algorithm) {
  const Failures failures;
  if (algorithm == Algorithm::kHS256) {
    Secret bytes(kMinMacBytes);
    if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(bytes.data()), kMinMacBytes) != 1) {
      return failures.error(ErrorCode::kUnsupported, "OpenSSL has no randomness for a key");
    }
    return Key(std::make_shared<KeyState>(algorithm, std::move(bytes)));
  }
  PkeyHandle made(generate(algorithm));
  if (made == nullptr) return failures.error(ErrorCode::kUnsupported, "OpenSSL cannot make such a key");
  const bool is_rsa = algorithm == Algorithm::kRS256 || algorithm == Algorithm::kPS256;
  return Key(std::make_shared<KeyState>(algorithm, std::move(made), true, is_rsa ? kMinRsaBits / 8 : 64));
}

}  // namespace writ::crypto
