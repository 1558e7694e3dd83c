// Tested by tests/unit/token/dpop_test.cc and tests/suites/jose_test.cc.
#include <optional>
#include <utility>

#include "src/base/base64url.h"
#include "src/crypto/digest.h"
#include "src/crypto/equal.h"
#include "src/json/reader.h"
#include "src/token/normalize_url.h"
#include "src/token/numeric_date.h"
#include "src/token/read_header.h"
#include "src/token/split_compact.h"
#include "src/token/thumbprint.h"
#include "src/token/verify_compact.h"
#include "writ/dpop.h"

namespace writ {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::size_t kMaxId = 256;  // what a host must remember of each proof

Error bad(std::string_view what) {
  return Error(ErrorCode::kBadToken, "the DPoP proof: ").append(what);
}

// RFC 9449, section 4.2.
struct Proof {
  std::string id, method, url, token_hash, nonce;
  std::optional<Time> issued_at;
};

Result<void> take(const json::Node& claim, Proof& proof) {
  const std::string_view name = claim.key();
  if (name == "iat") {
    if (claim.is_number()) proof.issued_at = token::numeric_date(claim.text(), token::Rounding::kDown);
    if (!proof.issued_at) return bad("iat is no number of seconds since 1970");
    return {};
  }
  std::string* const to = name == "jti"     ? &proof.id
                          : name == "htm"   ? &proof.method
                          : name == "htu"   ? &proof.url
                          : name == "ath"   ? &proof.token_hash
                          : name == "nonce" ? &proof.nonce
                                            : nullptr;
  if (to == nullptr) return {};
  if (!claim.is_string()) return bad(name).append(" is not a string");
  *to = claim.text();
  return {};
}

Result<Proof> read_proof(std::string_view encoded) {
  const std::optional<std::string> text = decode_base64url(encoded);
  if (!text) return bad("its payload is not base64url");
  json::Document document;
  if (const Result<void> read = json::read(*text, document); !read) {
    return Error(read.error().code, "the DPoP proof: ").append(read.error().detail());
  }
  if (!document.root().is_object()) return bad("its payload is not an object");
  Proof proof;
  for (const json::Node claim : document.root()) {
    if (const Result<void> taken = take(claim, proof); !taken) return taken.error();
  }
  if (proof.id.empty() || proof.id.size() > kMaxId) return bad("jti is missing, or longer than 256 bytes");
  if (proof.method.empty()) return bad("htm is missing");
  if (proof.url.empty()) return bad("htu is missing");
  if (!proof.issued_at) return bad("iat is missing");
  return proof;
}

Result<void> check_claims(const Proof& proof, const DpopRequest& request) {
  if (proof.method != request.method) return bad("it is for another method: htm");
  // Section 4.3, item 9.
  const std::optional<std::string> url = token::normalize_url(request.url);
  if (!url) return Error(ErrorCode::kBadValue, "the request's url is no http URL");
  if (token::normalize_url(proof.url) != url) return bad("it is for another address: htu");
  const std::int64_t age = request.now.microseconds - proof.issued_at->microseconds;
  if (age > request.window * kSecond) return bad("it is too old: iat");
  if (age < -request.window * kSecond) return bad("it is from the future: iat");
  if (!request.nonce.empty() && !crypto::equal(proof.nonce, request.nonce)) return bad("nonce is not the server's");
  if (request.access_token.empty()) return {};
  crypto::Digest digest;
  if (!crypto::digest(request.access_token, digest)) return Error(ErrorCode::kUnsupported, "OpenSSL has no SHA-256");
  if (!crypto::equal(proof.token_hash, encode_base64url(digest.view()))) return bad("it is for another token: ath");
  return {};
}

Result<void> check_header(const token::Header& header) {
  if (header.type != "dpop+jwt") return bad("typ is not dpop+jwt");
  if (!header.key) return bad("jwk is missing");
  if (header.points_to_key) return bad("it points to a key elsewhere");
  const Algorithm algorithm = header.key->key.algorithm();
  // Items 5 and 6: a digital signature, by the algorithm of the key, which came without its private part.
  if (algorithm == Algorithm::kHS256) return bad("alg is not of a public key");
  if (header.key->key.can_sign()) return bad("jwk holds a private key: it is lost, and must not be used again");
  if (header.algorithm != algorithm_name(algorithm)) return bad("alg is not the algorithm of its key");
  return {};
}

}  // namespace

Result<DpopProof> verify_dpop(std::string_view text, const DpopRequest& request) {
  const Result<token::Compact> parts = token::split_compact(text);
  if (!parts) return bad(parts.error().detail());
  Result<Proof> proof = read_proof(parts->payload);
  if (!proof) return proof.error();
  if (const Result<void> good = check_claims(*proof, request); !good) return good.error();
  const Result<token::Header> header = token::read_header(parts->header);
  if (!header) return Error(header.error().code, "the DPoP proof: ").append(header.error().detail());
  if (const Result<void> good = check_header(*header); !good) return good.error();
  if (const Result<void> good = token::verify_compact(*parts, header->key->key); !good) {
    return bad(good.error().detail());
  }
  Result<std::string> key = token::thumbprint(header->key->key);
  if (!key) return key.error();
  if (request.replay != nullptr) {  // section 11.1
    const Time until{proof->issued_at->microseconds + request.window * kSecond + 1};
    if (const Result<void> first = request.replay->use(*key, proof->id, until, request.now); !first)
      return first.error();
  }
  return DpopProof{std::move(*key), std::move(proof->id), *proof->issued_at};
}

}  // namespace writ
