// JSON -> Jwk.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "src/json/document.h"
#include "src/token/jwk.h"
#include "writ/result.h"

namespace writ::token {

// RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2. kUnsupported: a well-formed key of a kind, a use or an
// algorithm that is none of ours. Further members
// are passed over, as section 4 asks for. An RSA key that does not say what it is for is for `meant`, if that is PS256,
// and RS256 otherwise.
Result<Jwk> read_jwk(const json::Node& node, std::optional<Algorithm> meant = std::nullopt);

struct ReadKeys {
  std::vector<Jwk> keys;
  std::size_t passed_over = 0;
};
// A key, or a set of keys (RFC 7517, section 5). Whatever copies were made of the text are overwritten. kTooMany,
// kRepeated: an id twice.
Result<ReadKeys> read_jwks(std::string_view text);

}  // namespace writ::token
