// The header of a signed token.
#pragma once

#include <optional>
#include <string>

#include "src/token/jwk.h"

namespace writ::token {

// RFC 7515, section 4.1.
struct Header {
  std::string algorithm;          // alg, as written
  std::optional<std::string> id;  // kid
  std::string type;               // typ, in lower case and without "application/"
  std::optional<Jwk> key;         // jwk: who sent the token says that it is theirs
  bool points_to_key = false;     // jku, x5u or x5c
  bool nested = false;            // cty: what is inside is no set of claims
};

}  // namespace writ::token
