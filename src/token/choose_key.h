// Header -> the key that must have signed.
#pragma once

#include <string_view>

#include "src/token/header.h"
#include "src/token/key_ring.h"
#include "writ/result.h"

namespace writ::token {

// Of the keys that are given here, by its id alone (RFC 8725, sections 3.1 and 3.5); without an id there must be but
// one. `type` is what `typ` has to be (section 3.11). kBadToken.
Result<const Jwk*> choose_key(const Header& header, const KeyRing& keys, std::string_view type);

}  // namespace writ::token
