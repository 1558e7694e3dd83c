// Tested by tests/unit/token/key_set_test.cc.
#include "src/token/write_jwk.h"

#include "src/base/base64url.h"
#include "src/json/writer.h"

namespace writ::token {
namespace {

void write_secret(json::Writer& out, std::string_view name, const crypto::Secret& secret) {
  if (secret.empty()) return;
  std::string encoded = encode_base64url(secret.view());
  out.member(name, encoded);
  crypto::wipe(encoded.data(), encoded.size());
}

void write_public(json::Writer& out, Algorithm algorithm, const crypto::KeyParts& parts) {
  switch (algorithm) {
    case Algorithm::kEdDSA:
      out.member("kty", "OKP").member("crv", "Ed25519").member("x", encode_base64url(parts.x));
      break;
    case Algorithm::kES256:
      out.member("kty", "EC").member("crv", "P-256");
      out.member("x", encode_base64url(parts.x)).member("y", encode_base64url(parts.y));
      break;
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      out.member("kty", "RSA").member("n", encode_base64url(parts.n)).member("e", encode_base64url(parts.e));
      break;
    case Algorithm::kHS256:
      out.member("kty", "oct");
      break;
  }
}

void write_private(json::Writer& out, const crypto::KeyParts& parts) {
  write_secret(out, "d", parts.d);
  write_secret(out, "p", parts.p);
  write_secret(out, "q", parts.q);
  write_secret(out, "dp", parts.dp);
  write_secret(out, "dq", parts.dq);
  write_secret(out, "qi", parts.qi);
  write_secret(out, "k", parts.k);
}

}  // namespace

Result<void> write_jwk(const Jwk& jwk, crypto::Parts which, std::string& text) {
  const Algorithm algorithm = jwk.key.algorithm();
  if (algorithm == Algorithm::kHS256 && which == crypto::Parts::kPublic) {
    return Error(ErrorCode::kBadKey, "a key of HS256 has no public part");
  }
  const Result<crypto::KeyParts> parts = crypto::export_key(jwk.key, which);
  if (!parts) return parts.error();
  // Room for all of it, so that growing leaves nothing secret behind.
  text.reserve(text.size() + crypto::kMaxSignature * 16);
  json::Writer out(text);
  out.begin_object();
  write_public(out, algorithm, *parts);
  out.member("use", "sig").member("alg", algorithm_name(algorithm)).member("kid", jwk.id);
  if (jwk.made != kNoTime) out.member("iat", jwk.made);
  if (jwk.signs_from != kNoTime) out.member("nbf", jwk.signs_from);
  if (jwk.verifies_until != kForEver) out.member("exp", jwk.verifies_until);
  if (which == crypto::Parts::kAll) {
    out.member("writ_token_life", jwk.token_life);
    write_private(out, *parts);
  }
  out.end_object();
  return {};
}

}  // namespace writ::token
