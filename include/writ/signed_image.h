// Who made an image: a detached signature over its SHA-256, checked before anything else of it is looked at. It is over
// all of the image, entities included. Where image and signature are two files they cannot be replaced at once: one
// without the other is refused (kBadImage), whichever came first, so write both and then take them over.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "writ/keys.h"
#include "writ/policy.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ {

// What stands behind an image's name in that of its signature.
inline constexpr std::string_view kSignatureSuffix = ".sig";

// SHA-256 of the image, 64 hex digits: what sha256sum says of the file. kUnsupported: OpenSSL has none.
Result<std::string> image_sha256(const Policy& policy);

// The signature of the policy's image by the key that signs at `now`: a JWS (RFC 7515, section 7.1) of type
// writ-image+jwt over `{"iat":...,"writ_image_sha256":"..."}`. No token can be taken for one, nor one for a token (RFC
// 8725, section 3.11). kBadKey: no key signs now. kUnsupported: OpenSSL refuses.
Result<std::string> sign_image(const Policy& policy, const KeySet& keys, Time now);

// What.          Lets images through that a key has signed, or one image, whose digest is known. It says who made an
//                image, not that it is the newest: whoever may replace the file may put back an older one.
// Thread-safety. All of it, from any thread.
// Lifetime.      Keeps its keys alive. Policies do not point into it.
// Cost.          One SHA-256 over the image and one signature verified, and what Policy::from_image() costs (`./run
//                bench load`: beside the digest alone).
// Fails.         kBadImage: what is wrong with the signature, or that the image is not the one that was signed; else as
//                Policy::from_image(). Nothing of an image but its version and sizes is looked at before
//                that is known.
class ImageVerifier {
 public:
  // Signatures by any of these keys, which die with their key: see KeySet::rotated(). kBadKey: no key at all.
  static Result<ImageVerifier> of_keys(KeySet keys);
  // That one image, without a signature. `sha256` as image_sha256() gives it. kBadValue.
  static Result<ImageVerifier> of_digest(std::string_view sha256);
  ImageVerifier(ImageVerifier&&) noexcept;
  ImageVerifier& operator=(ImageVerifier&&) noexcept;
  ~ImageVerifier();

  // As Policy::from_image(), from_file() and from_sealed(). `signature` may end in line ends; of_digest() wants none.
  Result<Policy> from_image(std::span<const std::byte> image, std::string_view signature, Time now) const;
  // The signature is in a file beside it, with kSignatureSuffix.
  Result<Policy> from_file(const std::string& path, Time now) const;
  Result<Policy> from_sealed(int descriptor, std::string_view signature, Time now) const;

 private:
  struct State;
  explicit ImageVerifier(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace writ
