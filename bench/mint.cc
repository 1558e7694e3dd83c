// mint: a token over one scope for one agent, against the bare signature of as many bytes: OpenSSL with a context that
// is kept, nothing encoded. One thread.
//
//   mint/ALGORITHM   a grant of one scope with a chain of one agent, minted again and again, each time with an id of
//                    its own
//
// Instructions are counted under valgrind, where there is one, against the same bare signature. What is warm:
// everything. Allocations are those of the text and of the id.
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/callgrind.h"
#include "bench/workloads.h"
#include "writ/engine.h"
#include "writ/issuer.h"

namespace writ::bench {
namespace {

constexpr Algorithm kAlgorithms[] = {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256,
                                     Algorithm::kHS256};
constexpr Time kNow{1'000'000'000};

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "writ_bench: mint: %s\n", what);
  std::exit(1);
}

// What a careful person would write with OpenSSL for one key. ECDSA signs in DER, as OpenSSL has it.
class Bare {
 public:
  explicit Bare(Algorithm algorithm) : algorithm_(algorithm), sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {
    switch (algorithm) {
      case Algorithm::kEdDSA:
        key_ = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        EVP_DigestSignInit_ex(context_, nullptr, nullptr, nullptr, nullptr, key_, nullptr);
        return;
      case Algorithm::kES256:
        key_ = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
        break;
      case Algorithm::kRS256:
      case Algorithm::kPS256:
        key_ = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
        break;
      case Algorithm::kHS256:
        begin_mac();
        return;
    }
    signer_ = EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr);
    EVP_PKEY_sign_init(signer_);
    if (algorithm != Algorithm::kES256) {
      EVP_PKEY_CTX_set_rsa_padding(signer_, algorithm == Algorithm::kRS256 ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING);
    }
    EVP_PKEY_CTX_set_signature_md(signer_, sha256_);
    if (algorithm == Algorithm::kPS256) EVP_PKEY_CTX_set_rsa_pss_saltlen(signer_, RSA_PSS_SALTLEN_DIGEST);
  }
  ~Bare() {
    EVP_MAC_CTX_free(mac_);
    EVP_PKEY_CTX_free(signer_);
    EVP_MD_CTX_free(context_);
    EVP_PKEY_free(key_);
    EVP_MD_free(sha256_);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  bool sign(const std::string& message) {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(message.data());
    std::size_t size = sizeof(out_);
    if (algorithm_ == Algorithm::kEdDSA) {
      return EVP_DigestSignInit_ex(context_, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1 &&
             EVP_DigestSign(context_, out_, &size, bytes, message.size()) == 1;
    }
    if (algorithm_ == Algorithm::kHS256) {
      return EVP_MAC_init(mac_, nullptr, 0, nullptr) == 1 && EVP_MAC_update(mac_, bytes, message.size()) == 1 &&
             EVP_MAC_final(mac_, out_, &size, size) == 1;
    }
    unsigned char digest[32];
    return EVP_DigestInit_ex2(context_, sha256_, nullptr) == 1 &&
           EVP_DigestUpdate(context_, bytes, message.size()) == 1 &&
           EVP_DigestFinal_ex(context_, digest, nullptr) == 1 &&
           EVP_PKEY_sign(signer_, out_, &size, digest, sizeof(digest)) == 1;
  }

 private:
  void begin_mac() {
    EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    mac_ = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_END};
    const unsigned char key[32] = {1, 2, 3};
    EVP_MAC_init(mac_, key, sizeof(key), params);
  }

  Algorithm algorithm_;
  EVP_MD* sha256_;
  EVP_PKEY* key_ = nullptr;
  EVP_MD_CTX* context_ = EVP_MD_CTX_new();
  EVP_PKEY_CTX* signer_ = nullptr;
  EVP_MAC_CTX* mac_ = nullptr;
  unsigned char out_[512] = {};
};

Grant grant_of_one_scope() {
  const PolicyText text{"mint.writ", R"(
    entity user
    entity invoice
    actions read, write for invoice
    allow *:invoice_*
    trust agent:claude with *:invoice_*
  )"};
  const Compilation compiled = compile_texts({&text, 1});
  if (!compiled.policy) give_up("the policy");
  const Engine engine(*compiled.policy, Entities::none(*compiled.policy));
  const std::string_view chain[] = {"agent:claude"};
  Request request;
  request.user = "user:alice";
  request.agents = chain;
  request.scope = "write:invoice_1234";
  request.time = kNow;
  Result<Grant> grant = engine.grant(request);
  if (!grant) give_up("nothing granted");
  return std::move(*grant);
}

Issuer issuer_with(Algorithm algorithm) {
  const Result<KeySet> keys = KeySet::generate(algorithm, Time{0});
  if (!keys) give_up("the key");
  Result<Issuer> issuer = Issuer::make(*keys, {"https://as.example"});
  if (!issuer) give_up("the issuer");
  return std::move(*issuer);
}

class Sides {
 public:
  explicit Sides(Algorithm algorithm)
      : bare_(algorithm), issuer_(issuer_with(algorithm)), grant_(grant_of_one_scope()) {
    how_.audience = "https://billing.example";
    how_.now = kNow;
    const Result<MintedToken> token = issuer_.mint(grant_, how_);
    if (!token) give_up("no token");
    message_ = token->text.substr(0, token->text.rfind('.'));
    if (!bare()) give_up("no bare signature");
  }

  bool bare() { return bare_.sign(message_); }
  bool mint() { return issuer_.mint(grant_, how_).has_value(); }

 private:
  Bare bare_;
  Issuer issuer_;
  Grant grant_;
  MintRequest how_;
  std::string message_;  // what the token's signature is made over
};

template <bool (Sides::*kOperation)()>
Block block_of(Sides& sides) {
  return [&sides](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sum += (sides.*kOperation)() ? 1 : 0;
    return sum;
  };
}

bool has_goal(Algorithm algorithm) {
  return algorithm == Algorithm::kEdDSA || algorithm == Algorithm::kES256;
}

void put_instructions(Session& session, const std::string& name) {
  const std::optional<double> bare = instructions(name + "/bare");
  const std::optional<double> minted = bare ? instructions(name) : std::nullopt;
  if (!minted) {
    session.put({name, "instructions", 0, std::nullopt, "not counted: there is no valgrind here"});
    return;
  }
  char said[96];
  std::snprintf(said, sizeof(said), "instructions: bare %.0f; Writ %.0f", *bare, *minted);
  session.put({name, "instructions_ratio", *minted / *bare, Goal{1.03, 1.01}, said});
}

void mint(Session& session, Algorithm algorithm) {
  const std::string name = "mint/" + std::string(algorithm_name(algorithm));
  session.progress(name);
  constexpr std::size_t kFew = 64;  // signatures take long
  Sides sides(algorithm);
  const Comparison found = session.compare(name, block_of<&Sides::bare>(sides), block_of<&Sides::mint>(sides), kFew);
  session.put({name, "ratio_to_signature", found.ratio(), std::nullopt,
               "bare ns: " + spread(found.floor) + "; Writ ns: " + spread(found.writ)});
  session.put({name, "ns", found.writ.median(), std::nullopt, {}, false});
  session.put({name, "allocations", found.allocations, std::nullopt, {}, false});
  if (has_goal(algorithm) && !session.quick()) put_instructions(session, name);
}

}  // namespace

void mint(Session& session) {
  for (const Algorithm algorithm : kAlgorithms)
    mint(session, algorithm);
}

bool count_mint(std::string_view operation, std::size_t times) {
  for (const Algorithm algorithm : kAlgorithms) {
    const std::string name = "mint/" + std::string(algorithm_name(algorithm));
    if (operation != name && operation != name + "/bare") continue;
    Sides sides(algorithm);
    const Block block = operation == name ? block_of<&Sides::mint>(sides) : block_of<&Sides::bare>(sides);
    return block(0, times) == times;
  }
  return false;
}

}  // namespace writ::bench
