// verify: one access token, against the bare signature of the same bytes: OpenSSL with a context that is kept, the
// signature decoded beforehand. One thread.
//
//   verify/ALGORITHM         a good token of 13 claims, with a chain of one agent
//   verify/ALGORITHM/early   the same for another audience: told before the signature is looked at
//
// What is warm: everything; it is the same token again and again. Allocations are those of the texts a VerifiedToken
// holds.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

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

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "writ_bench: verify: %s\n", what);
  std::exit(1);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// What a careful person would write with OpenSSL for one key.
class Bare {
 public:
  explicit Bare(Algorithm algorithm) : algorithm_(algorithm), sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {
    switch (algorithm) {
      case Algorithm::kEdDSA:
        key_ = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        EVP_DigestVerifyInit_ex(context_, nullptr, nullptr, nullptr, nullptr, key_, nullptr);
        return;
      case Algorithm::kES256:
        key_ = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
        break;
      case Algorithm::kRS256:
      case Algorithm::kPS256:
        key_ = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
        break;
      case Algorithm::kHS256:
        give_up("no bare MAC");
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
    EVP_PKEY_CTX_free(verifier_);
    EVP_MD_CTX_free(context_);
    EVP_PKEY_free(key_);
    EVP_MD_free(sha256_);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  std::string pem() const {
    BIO* const out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key_, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out, &text);
    std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(out);
    return pem;
  }

  // ECDSA as OpenSSL has it, in DER.
  bool verify(std::string_view message, std::string_view signature) const {
    if (algorithm_ == Algorithm::kEdDSA) {
      return EVP_DigestVerifyInit_ex(context_, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1 &&
             EVP_DigestVerify(context_, bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
    }
    unsigned char digest[32];
    return EVP_DigestInit_ex2(context_, sha256_, nullptr) == 1 &&
           EVP_DigestUpdate(context_, message.data(), message.size()) == 1 &&
           EVP_DigestFinal_ex(context_, digest, nullptr) == 1 &&
           EVP_PKEY_verify(verifier_, bytes_of(signature), signature.size(), digest, sizeof(digest)) == 1;
  }

 private:
  Algorithm algorithm_;
  EVP_MD* sha256_;
  EVP_PKEY* key_ = nullptr;
  EVP_MD_CTX* context_ = EVP_MD_CTX_new();
  EVP_PKEY_CTX* verifier_ = nullptr;
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

void verify(Session& session, Algorithm algorithm) {
  const std::string name = "verify/" + std::string(algorithm_name(algorithm));
  session.progress(name);
  const Bare bare(algorithm);
  const Result<KeySet> keys = KeySet::from_pem(bare.pem(), algorithm);
  if (!keys) give_up("the key");
  const token::Jwk& key = keys->ring().keys().front();
  const Result<std::string> token = token::sign_compact(key.header, kClaims, key.key);
  if (!token) give_up("the token");
  const token::Compact parts = *token::split_compact(*token);
  const std::string raw = *decode_base64url(parts.signature);
  const std::string signature = algorithm == Algorithm::kES256 ? as_der(raw) : raw;
  const Verifier verifier = verifier_for(*keys, "https://billing.example");
  const Verifier elsewhere = verifier_for(*keys, "https://other.example");
  const Presented presented{Time{1'000'000'000}, {}};
  if (!bare.verify(parts.signed_part, signature)) give_up("the bare signature does not verify");
  if (!verifier.verify(*token, presented)) give_up("the token does not verify");

  constexpr std::size_t kFew = 64;  // signatures take long
  const Block floor = [&](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sum += bare.verify(parts.signed_part, signature) ? 1 : 0;
    return sum;
  };
  const auto verifying = [&](const Verifier& with) -> Block {
    return [&](std::size_t, std::size_t count) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < count; ++i)
        sum += with.verify(*token, presented) ? 1 : 0;
      return sum;
    };
  };
  const auto put = [&session](const std::string& what, const Comparison& found) {
    session.put({what, "ratio_to_signature", found.ratio(), std::nullopt,
                 "bare ns: " + spread(found.floor) + "; Writ ns: " + spread(found.writ)});
    session.put({what, "ns", found.writ.median(), std::nullopt, {}, false});
    session.put({what, "allocations", found.allocations, std::nullopt, {}, false});
  };
  put(name, session.compare(name, floor, verifying(verifier), kFew));
  put(name + "/early", session.compare(name + "/early", floor, verifying(elsewhere), kFew));
}

}  // namespace

void verify(Session& session) {
  for (const Algorithm algorithm : {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256}) {
    verify(session, algorithm);
  }
}

}  // namespace writ::bench
