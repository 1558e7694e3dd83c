// A key with its id and its times.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "src/crypto/key.h"
#include "writ/keys.h"

namespace writ::token {

inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kForEver = std::numeric_limits<std::int64_t>::max();

// RFC 7517, section 4. Times are seconds since 1970, in members that OpenID Federation 1.0, section 8.7.1, names:
// `iat`, `nbf`, `exp`; how long a token that it signs may live, in one of ours, `writ_token_life`.
struct Jwk {
  Jwk(crypto::Key of, std::string named) : key(std::move(of)), id(std::move(named)) {}

  crypto::Key key;
  std::string id;
  std::int64_t made = kNoTime;
  std::int64_t signs_from = kNoTime;
  std::int64_t verifies_until = kForEver;  // dead from then on
  std::int64_t token_life = kDefaultTokenLife;
  std::string header;  // of an access token that it signs, encoded; see encode_header()
};

}  // namespace writ::token
