// Tested by tests/unit/token/key_set_test.cc and tests/suites/jose_test.cc.
#include "src/token/thumbprint.h"

#include "src/base/base64url.h"
#include "src/crypto/digest.h"
#include "src/crypto/export_key.h"
#include "src/json/writer.h"

namespace writ::token {

Result<std::string> thumbprint(const crypto::Key& key) {
  const bool is_shared = key.algorithm() == Algorithm::kHS256;
  const Result<crypto::KeyParts> parts =
      crypto::export_key(key, is_shared ? crypto::Parts::kAll : crypto::Parts::kPublic);
  if (!parts) return parts.error();
  // Section 3.2: the required members alone, in the order of their names, no white space.
  std::string text;
  text.reserve(crypto::kMaxSignature * 2);  // what is secret is not left behind by growing
  json::Writer out(text);
  out.begin_object();
  switch (key.algorithm()) {
    case Algorithm::kEdDSA:
      out.member("crv", "Ed25519").member("kty", "OKP").member("x", encode_base64url(parts->x));
      break;
    case Algorithm::kES256:
      out.member("crv", "P-256").member("kty", "EC");
      out.member("x", encode_base64url(parts->x)).member("y", encode_base64url(parts->y));
      break;
    case Algorithm::kRS256:
    case Algorithm::kPS256:
      out.member("e", encode_base64url(parts->e)).member("kty", "RSA").member("n", encode_base64url(parts->n));
      break;
    case Algorithm::kHS256: {
      std::string k = encode_base64url(parts->k.view());
      out.member("k", k).member("kty", "oct");
      crypto::wipe(k.data(), k.size());
      break;
    }
  }
  out.end_object();
  crypto::Digest digest;
  const bool done = crypto::digest(text, digest);
  crypto::wipe(text.data(), text.size());
  if (!done) return Error(ErrorCode::kUnsupported, "OpenSSL has no SHA-256");
  return encode_base64url(digest.view());
}

}  // namespace writ::token
