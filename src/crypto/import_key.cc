// Tested by tests/unit/crypto/key_test.cc and tests/suites/jose_signature_test.cc.
#include "src/crypto/import_key.h"

#include <vector>

#include <openssl/core_names.h>

#include "src/crypto/equal.h"
#include "src/crypto/failure.h"
#include "src/crypto/key_state.h"

namespace writ::crypto {
namespace {

constexpr std::size_t kCurveBytes = 32;
constexpr std::size_t kMaxExponentBytes = 4;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error bad(std::string_view what) {
  return Error(ErrorCode::kBadKey, what);
}

// Parameters for EVP_PKEY_fromdata. The builder refers to the numbers until it is turned into parameters.
class Parameters {
 public:
  Parameters() : builder_(OSSL_PARAM_BLD_new()) {}

  void text(const char* name, const char* value) {
    good_ = good_ && OSSL_PARAM_BLD_push_utf8_string(builder_.get(), name, value, 0) == 1;
  }
  void octets(const char* name, std::string_view value) {
    good_ = good_ && OSSL_PARAM_BLD_push_octet_string(builder_.get(), name, value.data(), value.size()) == 1;
  }
  void number(const char* name, std::string_view big_endian) {
    numbers_.emplace_back(BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
    good_ =
        good_ && numbers_.back() != nullptr && OSSL_PARAM_BLD_push_BN(builder_.get(), name, numbers_.back().get()) == 1;
  }
  // OpenSSL keeps what is secret in its own memory only, and wipes it, if it is told so.
  void secret(const char* name, std::string_view big_endian) {
    numbers_.emplace_back(BN_secure_new());
    good_ = good_ && numbers_.back() != nullptr &&
            BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), numbers_.back().get()) != nullptr;
    if (good_) BN_set_flags(numbers_.back().get(), BN_FLG_CONSTTIME);
    good_ = good_ && OSSL_PARAM_BLD_push_BN(builder_.get(), name, numbers_.back().get()) == 1;
  }

  PkeyHandle build(const char* type, bool is_private) {
    if (builder_ == nullptr || !good_) return nullptr;
    const Params params(OSSL_PARAM_BLD_to_param(builder_.get()));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
    if (EVP_PKEY_fromdata(context.get(), &made, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params.get()) !=
        1) {
      EVP_PKEY_free(made);
      return nullptr;
    }
    return PkeyHandle(made);
  }

 private:
  ParamBuilder builder_;
  std::vector<Number> numbers_;
  bool good_ = true;
};

bool is_sound(const PkeyHandle& key, bool is_private) {
  const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  // Not of RSA, where it is a test for primes that takes longer than many signatures: whoever is sent a key by a
  // stranger would pay for it. check_rsa_public() has looked at what matters.
  if (context == nullptr) return false;
  if (EVP_PKEY_is_a(key.get(), "EC") && EVP_PKEY_public_check_quick(context.get()) != 1) return false;
  return !is_private || EVP_PKEY_pairwise_check(context.get()) == 1;
}

Result<Key> checked(Algorithm algorithm, PkeyHandle made, bool is_private, const Failures& failures) {
  if (made == nullptr) return failures.error(ErrorCode::kBadKey, "OpenSSL takes it for no key");
  if (!is_sound(made, is_private)) {
    return failures.error(ErrorCode::kBadKey, is_private ? "private and public part do not belong together"
                                                         : "the public part is none of such a key");
  }
  const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(made.get()));
  return Key(std::make_shared<KeyState>(algorithm, std::move(made), is_private,
                                        algorithm == Algorithm::kES256 ? 2 * kCurveBytes : size));
}

// RFC 8037, section 2.
Result<Key> import_ed25519(const KeyParts& parts, const Failures& failures) {
  const bool is_private = !parts.d.empty();
  if (parts.x.size() != kCurveBytes) return bad("x of an Ed25519 key has 32 bytes");
  if (is_private && parts.d.size() != kCurveBytes) return bad("d of an Ed25519 key has 32 bytes");
  PkeyHandle made(
      is_private ? EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, bytes_of(parts.d.view()), kCurveBytes)
                 : EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(parts.x), kCurveBytes));
  if (made == nullptr) return failures.error(ErrorCode::kBadKey, "OpenSSL takes it for no key");
  char x[kCurveBytes];
  std::size_t size = sizeof(x);
  if (EVP_PKEY_get_raw_public_key(made.get(), reinterpret_cast<unsigned char*>(x), &size) != 1 ||
      !equal({x, size}, parts.x)) {
    return bad("private and public part do not belong together");
  }
  return Key(std::make_shared<KeyState>(Algorithm::kEdDSA, std::move(made), is_private, 2 * kCurveBytes));
}

// RFC 7518, section 6.2.
Result<Key> import_p256(const KeyParts& parts, const Failures& failures) {
  const bool is_private = !parts.d.empty();
  if (parts.x.size() != kCurveBytes) return bad("x of a P-256 key has 32 bytes");
  if (parts.y.size() != kCurveBytes) return bad("y of a P-256 key has 32 bytes");
  if (is_private && parts.d.size() != kCurveBytes) return bad("d of a P-256 key has 32 bytes");
  Parameters parameters;
  parameters.text(OSSL_PKEY_PARAM_GROUP_NAME, "P-256");
  const std::string point = '\x04' + parts.x + parts.y;  // SEC 1, section 2.3.3: not compressed
  parameters.octets(OSSL_PKEY_PARAM_PUB_KEY, point);
  if (is_private) parameters.secret(OSSL_PKEY_PARAM_PRIV_KEY, parts.d.view());
  return checked(Algorithm::kES256, parameters.build("EC", is_private), is_private, failures);
}

std::size_t bits_of(std::string_view number) {
  std::size_t bits = number.size() * 8;
  for (unsigned top = 0x80; top != 0 && (static_cast<unsigned char>(number[0]) & top) == 0; top >>= 1U)
    --bits;
  return bits;
}

// The number without zeros in front of it, which change nothing about it, only about its size.
Result<void> check_rsa_public(const KeyParts& parts) {
  if (parts.n.empty() || parts.n[0] == 0) return bad("n of an RSA key is a number without zeros in front");
  if (bits_of(parts.n) < kMinRsaBits) return bad("n of an RSA key has at least 2048 bits");
  if ((static_cast<unsigned char>(parts.n.back()) & 1U) == 0) return bad("n of an RSA key is odd");
  if (bits_of(parts.n) > kMaxRsaBits) return bad("n of an RSA key has at most 8192 bits");
  if (parts.e.empty() || parts.e[0] == 0) return bad("e of an RSA key is a number without zeros in front");
  // A long exponent makes each verification slow for whoever is sent the key; one is no encryption at all.
  const bool is_one = parts.e.size() == 1 && parts.e[0] == 1;
  const bool is_odd = (static_cast<unsigned char>(parts.e.back()) & 1U) != 0;
  if (!is_odd || is_one || parts.e.size() > kMaxExponentBytes) return bad("e of an RSA key is odd, from 3 to 2^32");
  return {};
}

// RFC 7518, section 6.3.
Result<Key> import_rsa(Algorithm algorithm, const KeyParts& parts, const Failures& failures) {
  const bool is_private = !parts.d.empty();
  if (const Result<void> sound = check_rsa_public(parts); !sound) return sound.error();
  Parameters parameters;
  parameters.number(OSSL_PKEY_PARAM_RSA_N, parts.n);
  parameters.number(OSSL_PKEY_PARAM_RSA_E, parts.e);
  if (is_private) {
    struct Part {
      const char* name;
      const Secret& value;
      const char* missing;
    };
    const Part all[] = {{OSSL_PKEY_PARAM_RSA_D, parts.d, "d is empty"},
                        {OSSL_PKEY_PARAM_RSA_FACTOR1, parts.p, "p of the private RSA key is missing"},
                        {OSSL_PKEY_PARAM_RSA_FACTOR2, parts.q, "q of the private RSA key is missing"},
                        {OSSL_PKEY_PARAM_RSA_EXPONENT1, parts.dp, "dp of the private RSA key is missing"},
                        {OSSL_PKEY_PARAM_RSA_EXPONENT2, parts.dq, "dq of the private RSA key is missing"},
                        {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, parts.qi, "qi of the private RSA key is missing"}};
    for (const Part& part : all) {
      if (part.value.empty()) return bad(part.missing);
      if (part.value.size() > parts.n.size()) return bad("a part of the private RSA key is longer than n");
      parameters.secret(part.name, part.value.view());
    }
  }
  return checked(algorithm, parameters.build("RSA", is_private), is_private, failures);
}

}  // namespace

Result<Key> import_key(Algorithm algorithm, const KeyParts& parts) {
  const Failures failures;
  switch (algorithm) {
    case Algorithm::kEdDSA:
      return import_ed25519(parts, failures);
    case Algorithm::kES256:
      return import_p256(parts, failures);
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      return import_rsa(algorithm, parts, failures);
    case Algorithm::kHS256:
      break;
  }
  if (parts.k.size() < kMinMacBytes) return bad("k of an HS256 key has at least 32 bytes");
  return Key(std::make_shared<KeyState>(algorithm, Secret(parts.k.view())));
}

}  // namespace writ::crypto
