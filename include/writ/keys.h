// Keys that sign tokens, and keys that verify them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/algorithm.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ {

namespace token {
class KeyRing;
}  // namespace token

inline constexpr std::size_t kMaxKeys = 256;               // in a set
inline constexpr std::int64_t kDefaultTokenLife = 86'400;  // seconds; of a key that does not say another

// What may be known of a key: everything but the key.
struct KeyInfo {
  std::string id;  // `kid`: its thumbprint (RFC 7638), where it came without one
  Algorithm algorithm = Algorithm::kEdDSA;
  bool can_sign = false;                        // its private part is there
  std::int64_t token_life = kDefaultTokenLife;  // seconds; no token that it signs lives longer
  std::optional<Time> made;
  std::optional<Time> signs_from;
  std::optional<Time> verifies_until;  // a retired key: the instant from which it verifies nothing
};

// What.          Keys, each for one algorithm, with ids and with the times between which they sign and verify.
// Thread-safety. Immutable; a rotation makes a new set.
// Lifetime.      Copies share their keys. Private parts are overwritten when the last copy is gone.
// Cost.          Copying is a pointer. Reading checks every key, which for a private RSA key takes tens of
//                milliseconds; after that a key is ready to use.
// Fails.         Reading takes all of what it is given or nothing. kBadKey and the codes of JSON name the key's place
//                and the member that is wrong, never a value. No member function prints a private part.
class KeySet {
 public:
  KeySet();  // no key

  // No token that the key signs lives longer than `token_life` seconds, so that a rotation knows when the last one is
  // dead. kBadValue: not from a second to a hundred years.
  static Result<KeySet> generate(Algorithm algorithm, Time now, std::int64_t token_life = kDefaultTokenLife);
  // One key, private or public, not encrypted. An RSA key in PEM does not say what it is for.
  static Result<KeySet> from_pem(std::string_view pem, std::optional<Algorithm> algorithm = std::nullopt);
  // A key (RFC 7517, section 4), or a set (section 5). Of a set, keys of a kind this build does not use are passed
  // over, as the RFC asks for, and counted; a broken key of a kind it does use is an error. An RSA key without `alg` is
  // for RS256, which RFC 9068, section 4, expects everywhere.
  static Result<KeySet> from_jwk(std::string_view json);
  // kUnreadable, or as from_jwk(). kBadKey where a private key is in it and anyone but the owner may read it.
  static Result<KeySet> from_file(const std::string& path);
  // A folder that save() wrote: all its files `*.jwk`. kBadKey where anyone but the owner may read a file or change the
  // folder.
  static Result<KeySet> from_folder(const std::string& folder);

  // Writes each key that can sign into a file of its own, readable for the owner alone, at once or not at all; makes
  // the folder if it is not there. Files of keys that have died by `now` are overwritten and removed.
  Result<void> save(const std::string& folder, Time now) const;

  // The keys of both. kRepeated: an id is in both; kTooMany.
  Result<KeySet> with(const KeySet& other) const;
  // A new key that signs `after` seconds from now, so that whoever keeps a copy of the public set can fetch it before.
  // Those that sign until then go on verifying until the last token that they may have signed is dead by any verifier's
  // clock: for their `token_life` and kMaxLeeway after that. No rotation leaves a live token behind, if whoever mints
  // has the new set by the time the new key signs (Issuer::replace()). A key that has leaked is not rotated but taken
  // out: the set is made again without it. Keys that have died are left out. The new key's tokens live as long as those
  // of the key that signs now where `token_life` is not given. kBadValue, kTooMany.
  Result<KeySet> rotated(Algorithm algorithm, Time now, std::int64_t after = 0,
                         std::optional<std::int64_t> token_life = std::nullopt) const;

  // The public set, `{"keys":[...]}`, in the order of list(): public parts of all keys that still verify at `now`. Keys
  // of HS256 have no public part.
  Result<std::string> jwks(Time now) const;
  std::vector<KeyInfo> list() const;  // by id
  std::size_t size() const noexcept;
  std::size_t passed_over() const noexcept;  // keys of a set that are of no use here

  const token::KeyRing& ring() const noexcept { return *ring_; }  // for the library's own use
  explicit KeySet(std::shared_ptr<const token::KeyRing> ring) noexcept : ring_(std::move(ring)) {}

 private:
  std::shared_ptr<const token::KeyRing> ring_;
};

}  // namespace writ
