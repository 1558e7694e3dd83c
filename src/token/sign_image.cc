// Tested by tests/unit/token/signed_image_test.cc.
#include "src/base/base64url.h"
#include "src/crypto/digest.h"
#include "src/json/writer.h"
#include "src/token/image_claims.h"
#include "src/token/key_ring.h"
#include "src/token/make_jwk.h"
#include "src/token/sign_compact.h"
#include "writ/signed_image.h"

namespace writ {
namespace {

std::string_view bytes_of(const Policy& policy) {
  return {reinterpret_cast<const char*>(policy.image().data()), policy.image().size()};
}

Error no_sha256() {
  return {ErrorCode::kUnsupported, "OpenSSL has no SHA-256"};
}

}  // namespace

Result<std::string> image_sha256(const Policy& policy) {
  static constexpr char kHex[] = "0123456789abcdef";
  crypto::Digest digest;
  if (!crypto::digest(bytes_of(policy), digest)) return no_sha256();
  std::string out;
  for (const unsigned char byte : digest.bytes)
    out.append({kHex[byte >> 4U], kHex[byte & 15U]});
  return out;
}

Result<std::string> sign_image(const Policy& policy, const KeySet& keys, Time now) {
  const std::int64_t seconds = now.microseconds / 1'000'000;
  const token::Jwk* const key = keys.ring().signing(seconds);
  if (key == nullptr) return Error(ErrorCode::kBadKey, "no key signs now: make one, or rotate");
  crypto::Digest digest;
  if (!crypto::digest(bytes_of(policy), digest)) return no_sha256();
  std::string payload;
  json::Writer(payload)
      .begin_object()
      .member("iat", seconds)
      .member(token::kImageDigest, encode_base64url(digest.view()))
      .end_object();
  return token::sign_compact(token::encode_header(key->key.algorithm(), key->id, token::kImageType), payload, key->key);
}

}  // namespace writ
