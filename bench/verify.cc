// verify: one access token, against the bare signature of the same bytes: OpenSSL with a context that is kept, the
// signature decoded beforehand. One thread.
//
//   verify/ALGORITHM         a good token of 13 claims, with a chain of one agent
//   verify/ALGORITHM/early   the same for another audience: told before the signature is looked at
//
// Instructions are counted under valgrind, where there is one, against the same bare signature.
//
// What is warm: everything; it is the same token again and again. Allocations are those of the texts a VerifiedToken
// holds.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "bench/callgrind.h"
#include "bench/workloads.h"
#include "src/base/base64url.h"
#include "src/token/key_ring.h"
#include "src/token/sign_compact.h"
#include "src/token/split_compact.h"
#include "writ/verifier.h"

namespace writ::bench {
namespace {

constexpr std::string_view kClaims =
    R"({"iss":"https://as.example","sub":"user:alice","aud":"https://billing.example","client_id":"agent:claude",)"
    R"("scope":"read:invoice_1234 write:invoice_1234","iat":1000,"exp":1600,"jti":"AAAAAAAAAAAAAAAAAAAAAA",)"
    R"("act":{"sub":"agent:claude"},"writ_policy":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})";

// Keys of the counted runs, which sign nothing but that: RFC 8410's, and one made with `openssl ecparam`.
constexpr std::string_view kEdKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view kEcKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxj2YBL4D0zK1G3ap\n"
    "suV80sLH08q/rpjzt32uvnO4wSahRANCAAQxSYdC6MsKcMw4pJdGiypPSbN5e4aD\n"
    "8XzNtIE5DtS75xnY2JCYZJnkWYD+kZbmKwJX3neZ+p8ELTYu2xqncKWk\n"
    "-----END PRIVATE KEY-----\n";

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "writ_bench: verify: %s\n", what);
  std::exit(1);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// In PEM; of HS256 its 32 bytes.
std::string new_key(Algorithm algorithm) {
  if (algorithm == Algorithm::kHS256) return "a secret that is thirty-two long";
  EVP_PKEY* key = nullptr;
  if (algorithm == Algorithm::kEdDSA) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  } else if (algorithm == Algorithm::kES256) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  } else {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
  }
  BIO* const out = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(out);
  EVP_PKEY_free(key);
  return pem;
}

// What a careful person would write with OpenSSL for one key.
class Bare {
 public:
  Bare(Algorithm algorithm, const std::string& pem)
      : algorithm_(algorithm), sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {
    if (algorithm == Algorithm::kHS256) {
      begin_mac(pem);
      return;
    }
    BIO* const in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    key_ = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
    BIO_free(in);
    if (algorithm == Algorithm::kEdDSA) {
      EVP_DigestVerifyInit_ex(context_, nullptr, nullptr, nullptr, nullptr, key_, nullptr);
      return;
    }
    verifier_ = EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr);
    EVP_PKEY_verify_init(verifier_);
    if (algorithm != Algorithm::kES256) {
      EVP_PKEY_CTX_set_rsa_padding(verifier_,
                                   algorithm == Algorithm::kRS256 ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING);
    }
    EVP_PKEY_CTX_set_signature_md(verifier_, sha256_);
    if (algorithm == Algorithm::kPS256) EVP_PKEY_CTX_set_rsa_pss_saltlen(verifier_, RSA_PSS_SALTLEN_DIGEST);
  }
  ~Bare() {
    EVP_MAC_CTX_free(mac_);
    EVP_PKEY_CTX_free(verifier_);
    EVP_MD_CTX_free(context_);
    EVP_PKEY_free(key_);
    EVP_MD_free(sha256_);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  // ECDSA as OpenSSL has it, in DER.
  bool verify(std::string_view message, std::string_view signature) const {
    if (algorithm_ == Algorithm::kEdDSA) {
      return EVP_DigestVerifyInit_ex(context_, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1 &&
             EVP_DigestVerify(context_, bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
    }
    unsigned char digest[32];
    if (algorithm_ == Algorithm::kHS256) {
      std::size_t size = 0;
      return EVP_MAC_init(mac_, nullptr, 0, nullptr) == 1 &&
             EVP_MAC_update(mac_, bytes_of(message), message.size()) == 1 &&
             EVP_MAC_final(mac_, digest, &size, sizeof(digest)) == 1 && size == signature.size() &&
             CRYPTO_memcmp(digest, signature.data(), size) == 0;
    }
    return EVP_DigestInit_ex2(context_, sha256_, nullptr) == 1 &&
           EVP_DigestUpdate(context_, message.data(), message.size()) == 1 &&
           EVP_DigestFinal_ex(context_, digest, nullptr) == 1 &&
           EVP_PKEY_verify(verifier_, bytes_of(signature), signature.size(), digest, sizeof(digest)) == 1;
  }

 private:
  void begin_mac(const std::string& key) {
    EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    mac_ = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_END};
    EVP_MAC_init(mac_, bytes_of(key), key.size(), params);
  }

  Algorithm algorithm_;
  EVP_MD* sha256_;
  EVP_PKEY* key_ = nullptr;
  EVP_MD_CTX* context_ = EVP_MD_CTX_new();
  EVP_PKEY_CTX* verifier_ = nullptr;
  EVP_MAC_CTX* mac_ = nullptr;
};

std::string as_der(const std::string& raw) {
  const auto integer = [](std::string number) {
    number.erase(0, std::min(number.find_first_not_of('\0'), number.size() - 1));
    if ((static_cast<unsigned char>(number[0]) & 0x80U) != 0) number.insert(0, 1, '\0');
    return std::string{'\x02', static_cast<char>(number.size())} + number;
  };
  const std::string both = integer(raw.substr(0, 32)) + integer(raw.substr(32));
  return std::string{'\x30', static_cast<char>(both.size())} + both;
}

Verifier verifier_for(const KeySet& keys, const char* audience) {
  Result<Verifier> made = Verifier::make(keys, {"https://as.example", audience});
  if (!made) give_up("no verifier");
  return std::move(*made);
}

// The three things that are compared, for one key.
class Sides {
 public:
  Sides(Algorithm algorithm, const std::string& pem)
      : bare_(algorithm, pem),
        keys_(keys_from(pem, algorithm)),
        here_(verifier_for(keys_, "https://billing.example")),
        elsewhere_(verifier_for(keys_, "https://other.example")) {
    const token::Jwk& key = keys_.ring().keys().front();
    Result<std::string> token = token::sign_compact(key.header, kClaims, key.key);
    if (!token) give_up("the token");
    token_ = std::move(*token);
    const token::Compact parts = *token::split_compact(token_);
    message_ = parts.signed_part;
    const std::string raw = *decode_base64url(parts.signature);
    signature_ = algorithm == Algorithm::kES256 ? as_der(raw) : raw;
    if (!bare()) give_up("the bare signature does not verify");
    if (!good()) give_up("the token does not verify");
    if (!early()) give_up("the token is good for another audience");
  }

  bool bare() const { return bare_.verify(message_, signature_); }
  bool good() const { return here_.verify(token_, kPresented).has_value(); }
  bool early() const { return !elsewhere_.verify(token_, kPresented).has_value(); }

 private:
  static constexpr Presented kPresented{Time{1'000'000'000}, {}};

  static KeySet keys_from(const std::string& pem, Algorithm algorithm) {
    Result<KeySet> keys = algorithm == Algorithm::kHS256
                              ? KeySet::from_jwk(R"({"kty":"oct","k":")" + encode_base64url(pem) + R"("})")
                              : KeySet::from_pem(pem, algorithm);
    if (!keys) give_up("the key");
    return std::move(*keys);
  }

  Bare bare_;
  KeySet keys_;
  Verifier here_;
  Verifier elsewhere_;
  std::string token_;
  std::string_view message_;
  std::string signature_;
};

template <bool (Sides::*kOperation)() const>
Block block_of(const Sides& sides) {
  return [&sides](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sum += (sides.*kOperation)() ? 1 : 0;
    return sum;
  };
}

constexpr Algorithm kAlgorithms[] = {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256,
                                     Algorithm::kHS256};

void put(Session& session, const std::string& what, const Comparison& found) {
  session.put({what, "ratio_to_signature", found.ratio(), std::nullopt,
               "bare ns: " + spread(found.floor) + "; Writ ns: " + spread(found.writ)});
  session.put({what, "ns", found.writ.median(), std::nullopt, {}, false});
  session.put({what, "allocations", found.allocations, std::nullopt, {}, false});
}

// Where the goal is: EdDSA and ES256. One key for all runs, because verifying takes longer with some keys than with
// others.
void put_instructions(Session& session, const std::string& name) {
  const std::optional<double> bare = instructions(name + "/bare");
  const std::optional<double> good = instructions(name);
  const std::optional<double> early = instructions(name + "/early");
  if (!bare || !good || !early) {
    session.put({name, "instructions", 0, std::nullopt, "not counted: there is no valgrind here"});
    return;
  }
  char said[128];
  std::snprintf(said, sizeof(said), "instructions: bare %.0f; Writ %.0f; told early %.0f", *bare, *good, *early);
  session.put({name, "instructions_ratio", *good / *bare, Goal{1.03, 1.01}, said});
}

void verify(Session& session, Algorithm algorithm) {
  const std::string name = "verify/" + std::string(algorithm_name(algorithm));
  session.progress(name);
  constexpr std::size_t kFew = 64;  // signatures take long
  const Sides sides(algorithm, new_key(algorithm));
  const Block bare = block_of<&Sides::bare>(sides);
  put(session, name, session.compare(name, bare, block_of<&Sides::good>(sides), kFew));
  put(session, name + "/early", session.compare(name + "/early", bare, block_of<&Sides::early>(sides), kFew));
  const bool has_goal = algorithm == Algorithm::kEdDSA || algorithm == Algorithm::kES256;
  if (has_goal && !session.quick()) put_instructions(session, name);
}

}  // namespace

void verify(Session& session) {
  for (const Algorithm algorithm : kAlgorithms)
    verify(session, algorithm);
}

bool count_verify(std::string_view operation, std::size_t times) {
  for (const Algorithm algorithm : {Algorithm::kEdDSA, Algorithm::kES256}) {
    const std::string name = "verify/" + std::string(algorithm_name(algorithm));
    if (!operation.starts_with(name)) continue;
    const Sides sides(algorithm, std::string(algorithm == Algorithm::kEdDSA ? kEdKey : kEcKey));
    const std::string_view which = operation.substr(name.size());
    const Block block = which == "/bare"    ? block_of<&Sides::bare>(sides)
                        : which == "/early" ? block_of<&Sides::early>(sides)
                                            : block_of<&Sides::good>(sides);
    return block(0, times) == times;
  }
  return false;
}

}  // namespace writ::bench
