// Tested by tests/unit/crypto/sign_test.cc.
#include "src/crypto/prepare.h"

#include <new>

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "src/crypto/fetched.h"

namespace writ::crypto {
namespace {

bool prepare_mac(const KeyState& key, Context& context) {
  if (fetched().hmac == nullptr) return false;
  context.mac.reset(EVP_MAC_CTX_new(fetched().hmac));
  if (context.mac == nullptr) return false;
  char name[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                               OSSL_PARAM_construct_end()};
  const auto* const bytes = reinterpret_cast<const unsigned char*>(key.mac_key.view().data());
  return EVP_MAC_init(context.mac.get(), bytes, key.mac_key.size(), params) == 1;
}

bool prepare_eddsa(const KeyState& key, Direction direction, Context& context) {
  context.digest.reset(EVP_MD_CTX_new());
  EVP_MD_CTX* const of = context.digest.get();
  if (of == nullptr) return false;
  return (direction == Direction::kSign
              ? EVP_DigestSignInit_ex(of, nullptr, nullptr, nullptr, nullptr, key.pkey.get(), nullptr)
              : EVP_DigestVerifyInit_ex(of, nullptr, nullptr, nullptr, nullptr, key.pkey.get(), nullptr)) == 1;
}

bool prepare_pkey(const KeyState& key, Direction direction, Context& context) {
  const EVP_MD* const sha256 = fetched().sha256;
  context.pkey.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key.pkey.get(), nullptr));
  EVP_PKEY_CTX* const of = context.pkey.get();
  if (of == nullptr || sha256 == nullptr) return false;
  if ((direction == Direction::kSign ? EVP_PKEY_sign_init(of) : EVP_PKEY_verify_init(of)) != 1) return false;
  switch (key.algorithm) {
    case Algorithm::kES256:
      return EVP_PKEY_CTX_set_signature_md(of, sha256) == 1;
    case Algorithm::kRS256:
      return EVP_PKEY_CTX_set_rsa_padding(of, RSA_PKCS1_PADDING) == 1 && EVP_PKEY_CTX_set_signature_md(of, sha256) == 1;
    case Algorithm::kPS256:
      // RFC 7518, section 3.5: MGF1 with the same digest, a salt as long as the digest. When verifying this is a
      // demand, too: a salt of another length is refused.
      return EVP_PKEY_CTX_set_rsa_padding(of, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(of, sha256) == 1 && EVP_PKEY_CTX_set_rsa_mgf1_md(of, sha256) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(of, RSA_PSS_SALTLEN_DIGEST) == 1;
    case Algorithm::kEdDSA:
    case Algorithm::kHS256:
      break;
  }
  return false;
}

}  // namespace

std::unique_ptr<Context> prepare(const KeyState& key, Direction direction) noexcept {
  ContextPool& pool = direction == Direction::kSign ? key.signing : key.verifying;
  std::unique_ptr<Context> context = pool.take();
  if (context != nullptr) return context;
  context.reset(new (std::nothrow) Context);
  if (context == nullptr) return nullptr;
  bool done = false;
  switch (key.algorithm) {
    case Algorithm::kHS256:
      done = prepare_mac(key, *context);
      break;
    case Algorithm::kEdDSA:
      done = prepare_eddsa(key, direction, *context);
      break;
    case Algorithm::kES256:
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      done = prepare_pkey(key, direction, *context);
      break;
  }
  return done ? std::move(context) : nullptr;
}

bool mac(const Context& context, std::string_view message, unsigned char* out) noexcept {
  std::size_t size = 0;
  // Without a key it starts anew with the one it has, which is 3.6 times as fast as HMAC().
  return EVP_MAC_init(context.mac.get(), nullptr, 0, nullptr) == 1 &&
         EVP_MAC_update(context.mac.get(), reinterpret_cast<const unsigned char*>(message.data()), message.size()) ==
             1 &&
         EVP_MAC_final(context.mac.get(), out, &size, 32) == 1 && size == 32;
}

}  // namespace writ::crypto
