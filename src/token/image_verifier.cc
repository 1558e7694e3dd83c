// First the signature, over a few bytes; then the digest, over all of the image; then the image. Tested by
// tests/unit/token/signed_image_test.cc.
#include <optional>
#include <utility>

#include "src/base/base64url.h"
#include "src/crypto/digest.h"
#include "src/crypto/equal.h"
#include "src/json/reader.h"
#include "src/policy/image_bytes.h"
#include "src/policy/verify.h"
#include "src/token/choose_key.h"
#include "src/token/image_claims.h"
#include "src/token/numeric_date.h"
#include "src/token/read_file.h"
#include "src/token/read_header.h"
#include "src/token/split_compact.h"
#include "src/token/verify_compact.h"
#include "writ/signed_image.h"
#include "writ/verifier.h"

namespace writ {
namespace {

using token::Jwk;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::size_t kDigestBytes = 32;

Error bad(std::string_view what) {
  return Error(ErrorCode::kBadImage, "the image's signature: ").append(what);
}

struct Signed {
  std::string sha256;
  std::optional<Time> at;
};

Result<Signed> read_claims(std::string_view encoded) {
  const std::optional<std::string> text = decode_base64url(encoded);
  if (!text) return bad("its payload is not base64url");
  json::Document document;
  if (const Result<void> read = json::read(*text, document); !read) return bad(read.error().detail());
  if (!document.root().is_object()) return bad("its payload is not an object");
  Signed found;
  for (const json::Node claim : document.root()) {
    if (claim.key() == "iat" && claim.is_number()) {
      found.at = token::numeric_date(claim.text(), token::Rounding::kDown);
    } else if (claim.key() == token::kImageDigest && claim.is_string()) {
      found.sha256 = decode_base64url(claim.text()).value_or("");
    }
  }
  if (!found.at) return bad("iat is no number of seconds since 1970");
  if (found.sha256.size() != kDigestBytes) return bad("writ_image_sha256 is no SHA-256 in base64url");
  return found;
}

// The digest that a key has signed.
Result<std::string> signed_digest(const token::KeyRing& keys, std::string_view signature, Time now) {
  if (signature.empty()) return bad("there is none: sign the image when it is compiled (`writ compile --sign`)");
  const Result<token::Compact> parts = token::split_compact(signature);
  if (!parts) return bad(parts.error().detail());
  const Result<token::Header> header = token::read_header(parts->header);
  if (!header) return bad(header.error().detail());
  const Result<const Jwk*> key = token::choose_key(*header, keys, token::kImageType);
  if (!key) return bad(key.error().detail());
  if ((*key)->verifies_until <= now.microseconds / kSecond) {
    return bad("its key has been retired, and its time is over: sign the image again");
  }
  if (const Result<void> good = token::verify_compact(*parts, (*key)->key); !good) return bad(good.error().detail());
  Result<Signed> claims = read_claims(parts->payload);
  if (!claims) return claims.error();
  if (claims->at->microseconds > now.microseconds + kMaxLeeway * kSecond) return bad("it is from the future: iat");
  return std::move(claims->sha256);
}

std::string_view without_line_ends(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r'))
    text.remove_suffix(1);
  return text;
}

// 64 hex digits in lower case; empty for anything else.
std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  const auto value = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (hex.size() != 2 * kDigestBytes) return {};
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int byte = value(hex[i]) * 16 + value(hex[i + 1]);
    if (value(hex[i]) < 0 || value(hex[i + 1]) < 0) return {};
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace

struct ImageVerifier::State {
  std::optional<KeySet> keys;
  std::string digest;  // where there are no keys

  Result<Policy> take(Result<policy::ImageBytes> image, std::string_view signature, Time now) const {
    if (!image) return image.error();
    std::string expected = digest;
    if (keys) {
      Result<std::string> of_signature = signed_digest(keys->ring(), without_line_ends(signature), now);
      if (!of_signature) return of_signature.error();
      expected = std::move(*of_signature);
    }
    crypto::Digest found;
    const std::span<const std::byte> bytes = image->bytes();
    if (!crypto::digest({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, found)) {
      return Error(ErrorCode::kUnsupported, "OpenSSL has no SHA-256");
    }
    if (!crypto::equal(found.view(), expected)) {
      return Error(ErrorCode::kBadImage, keys ? "the image is not the one that was signed: its SHA-256 is another"
                                              : "the image is not the one that is expected: its SHA-256 is another");
    }
    Result<std::shared_ptr<policy::Program>> program = policy::verify(std::move(*image));
    if (!program) return program.error();
    return Policy(std::move(*program));
  }
};

Result<ImageVerifier> ImageVerifier::of_keys(KeySet keys) {
  if (keys.size() == 0) return Error(ErrorCode::kBadKey, "without any key no image would be taken");
  auto state = std::make_unique<State>();
  state->keys = std::move(keys);
  return ImageVerifier(std::move(state));
}

Result<ImageVerifier> ImageVerifier::of_digest(std::string_view sha256) {
  auto state = std::make_unique<State>();
  state->digest = bytes_of_hex(sha256);
  if (state->digest.empty()) return Error(ErrorCode::kBadValue, "a SHA-256 is 64 hex digits in lower case");
  return ImageVerifier(std::move(state));
}

ImageVerifier::ImageVerifier(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
ImageVerifier::ImageVerifier(ImageVerifier&&) noexcept = default;
ImageVerifier& ImageVerifier::operator=(ImageVerifier&&) noexcept = default;
ImageVerifier::~ImageVerifier() = default;

Result<Policy> ImageVerifier::from_image(std::span<const std::byte> image, std::string_view signature, Time now) const {
  return state_->take(policy::ImageBytes::copy(image), signature, now);
}

Result<Policy> ImageVerifier::from_file(const std::string& path, Time now) const {
  if (!state_->keys) return state_->take(policy::ImageBytes::read(path), {}, now);
  const Result<crypto::Secret> signature =
      token::read_file(path + std::string(kSignatureSuffix), token::Access::kAnyone);
  if (!signature) return bad(signature.error().detail());
  return state_->take(policy::ImageBytes::read(path), signature->view(), now);
}

Result<Policy> ImageVerifier::from_sealed(int descriptor, std::string_view signature, Time now) const {
  return state_->take(policy::ImageBytes::map_sealed(descriptor), signature, now);
}

}  // namespace writ
