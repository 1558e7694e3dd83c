// Tested by tests/unit/crypto/sign_test.cc and tests/suites/jose_signature_test.cc.
#include "src/crypto/verify.h"

#include <cstring>

#include "src/crypto/digest.h"
#include "src/crypto/ecdsa_form.h"
#include "src/crypto/equal.h"
#include "src/crypto/failure.h"
#include "src/crypto/prepare.h"

namespace writ::crypto {
namespace {

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool verify_mac(const Context& context, std::string_view message, std::string_view signature) {
  char expected[32];
  const bool made = mac(context, message, reinterpret_cast<unsigned char*>(expected));
  const bool same = made && equal({expected, sizeof(expected)}, signature);
  wipe(expected, sizeof(expected));  // the right MAC of a message that somebody made up
  return same;
}

bool verify_eddsa(const Context& context, std::string_view message, std::string_view signature) {
  EVP_MD_CTX* const of = context.digest.get();
  return EVP_DigestVerifyInit_ex(of, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1 &&
         EVP_DigestVerify(of, bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
}

bool verify_digest(const Context& context, std::string_view message, const unsigned char* signature, std::size_t size) {
  Digest made;
  return digest(message, made) &&
         EVP_PKEY_verify(context.pkey.get(), signature, size, made.bytes.data(), made.bytes.size()) == 1;
}

bool verify_with(const KeyState& key, const Context& context, std::string_view message, std::string_view signature) {
  switch (key.algorithm) {
    case Algorithm::kHS256:
      return verify_mac(context, message, signature);
    case Algorithm::kEdDSA:
      return verify_eddsa(context, message, signature);
    case Algorithm::kES256: {
      RawSignature raw;
      std::memcpy(raw.data(), signature.data(), raw.size());
      const DerSignature der = to_der(raw);
      return verify_digest(context, message, der.bytes.data(), der.size);
    }
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      return verify_digest(context, message, bytes_of(signature), signature.size());
  }
  return false;
}

}  // namespace

bool verify(const Key& key, std::string_view message, std::string_view signature) noexcept {
  const KeyState& state = key.state();
  if (signature.size() != state.signature_size) return false;
  const Failures failures;
  std::unique_ptr<Context> context = prepare(state, Direction::kVerify);
  if (context == nullptr) return false;
  const bool valid = verify_with(state, *context, message, signature);
  state.verifying.put_back(std::move(context));
  return valid;
}

}  // namespace writ::crypto
