// Tested by tests/unit/crypto/sign_test.cc and tests/suites/jose_signature_test.cc.
#include "src/crypto/sign.h"

#include <cstring>

#include "src/crypto/digest.h"
#include "src/crypto/ecdsa_form.h"
#include "src/crypto/failure.h"
#include "src/crypto/prepare.h"

namespace writ::crypto {
namespace {

bool sign_eddsa(const Context& context, std::string_view message, unsigned char* out) {
  EVP_MD_CTX* const of = context.digest.get();
  std::size_t size = 64;
  // Without a key it starts anew with the one it has; a context that has signed would not sign again otherwise.
  return EVP_DigestSignInit_ex(of, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1 &&
         EVP_DigestSign(of, out, &size, reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1 &&
         size == 64;
}

bool sign_ecdsa(const Context& context, const Digest& digest, unsigned char* out) {
  unsigned char der[72];
  std::size_t size = sizeof(der);
  if (EVP_PKEY_sign(context.pkey.get(), der, &size, digest.bytes.data(), digest.bytes.size()) != 1) return false;
  const std::optional<RawSignature> raw = to_raw({reinterpret_cast<const char*>(der), size});
  if (raw) std::memcpy(out, raw->data(), raw->size());
  return raw.has_value();
}

bool sign_rsa(const Context& context, const Digest& digest, unsigned char* out, std::size_t room) {
  std::size_t size = room;
  return EVP_PKEY_sign(context.pkey.get(), out, &size, digest.bytes.data(), digest.bytes.size()) == 1 && size == room;
}

bool sign_with(const KeyState& key, const Context& context, std::string_view message, unsigned char* out) {
  if (key.algorithm == Algorithm::kHS256) return mac(context, message, out);
  if (key.algorithm == Algorithm::kEdDSA) return sign_eddsa(context, message, out);
  Digest made;
  if (!digest(message, made)) return false;
  if (key.algorithm == Algorithm::kES256) return sign_ecdsa(context, made, out);
  return sign_rsa(context, made, out, key.signature_size);
}

}  // namespace

Result<void> sign(const Key& key, std::string_view message, std::span<char> out) noexcept {
  const KeyState& state = key.state();
  if (!state.can_sign) return Error(ErrorCode::kBadKey, "a public key signs nothing: give the private one");
  if (out.size() < state.signature_size) return Error(ErrorCode::kTooMany, "no room for the signature");
  const Failures failures;
  std::unique_ptr<Context> context = prepare(state, Direction::kSign);
  if (context == nullptr || !sign_with(state, *context, message, reinterpret_cast<unsigned char*>(out.data()))) {
    return failures.error(ErrorCode::kUnsupported, "OpenSSL did not sign");
  }
  state.signing.put_back(std::move(context));
  return {};
}

}  // namespace writ::crypto
