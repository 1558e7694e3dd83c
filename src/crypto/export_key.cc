// Tested by tests/unit/crypto/key_test.cc.
#include "src/crypto/export_key.h"

#include <openssl/core_names.h>

#include "src/crypto/failure.h"
#include "src/crypto/key_state.h"

namespace writ::crypto {
namespace {

constexpr std::size_t kCurveBytes = 32;

// `size` bytes with zeros in front, or as many as the number has.
Secret number(const EVP_PKEY* key, const char* name, std::size_t size = 0) {
  BIGNUM* found = BN_secure_new();
  const bool there = EVP_PKEY_get_bn_param(key, name, &found) == 1;
  const Number owned(found);
  if (!there) return {};
  Secret bytes(size == 0 ? static_cast<std::size_t>(BN_num_bytes(found)) : size);
  if (BN_bn2binpad(found, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) < 0)
    return {};
  return bytes;
}

std::string public_number(const EVP_PKEY* key, const char* name, std::size_t size = 0) {
  return std::string(number(key, name, size).view());
}

bool export_ed25519(const EVP_PKEY* key, bool with_private, KeyParts& parts) {
  parts.x.resize(kCurveBytes);
  std::size_t size = kCurveBytes;
  bool done = EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(parts.x.data()), &size) == 1;
  if (with_private) {
    parts.d = Secret(kCurveBytes);
    done = done && EVP_PKEY_get_raw_private_key(key, reinterpret_cast<unsigned char*>(parts.d.data()), &size) == 1;
  }
  return done;
}

bool export_p256(const EVP_PKEY* key, bool with_private, KeyParts& parts) {
  parts.x = public_number(key, OSSL_PKEY_PARAM_EC_PUB_X, kCurveBytes);
  parts.y = public_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, kCurveBytes);
  if (with_private) parts.d = number(key, OSSL_PKEY_PARAM_PRIV_KEY, kCurveBytes);
  return !parts.x.empty() && !parts.y.empty() && parts.d.empty() != with_private;
}

bool export_rsa(const EVP_PKEY* key, bool with_private, KeyParts& parts) {
  parts.n = public_number(key, OSSL_PKEY_PARAM_RSA_N);
  parts.e = public_number(key, OSSL_PKEY_PARAM_RSA_E);
  if (with_private) {
    parts.d = number(key, OSSL_PKEY_PARAM_RSA_D);
    parts.p = number(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
    parts.q = number(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
    parts.dp = number(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
    parts.dq = number(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
    parts.qi = number(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  }
  return !parts.n.empty() && !parts.e.empty() && parts.d.empty() != with_private;
}

}  // namespace

Result<KeyParts> export_key(const Key& key, Parts which) {
  const Failures failures;
  const KeyState& state = key.state();
  const bool with_private = which == Parts::kAll && state.can_sign;
  KeyParts parts;
  bool done = true;
  switch (state.algorithm) {
    case Algorithm::kEdDSA:
      done = export_ed25519(state.pkey.get(), with_private, parts);
      break;
    case Algorithm::kES256:
      done = export_p256(state.pkey.get(), with_private, parts);
      break;
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      done = export_rsa(state.pkey.get(), with_private, parts);
      break;
    case Algorithm::kHS256:
      if (with_private) parts.k = Secret(state.mac_key.view());
      break;
  }
  if (!done) return failures.error(ErrorCode::kUnsupported, "OpenSSL does not give the parts of the key");
  return parts;
}

}  // namespace writ::crypto
