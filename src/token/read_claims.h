// Payload -> TokenClaims.
#pragma once

#include <string_view>

#include "writ/result.h"
#include "writ/token.h"

namespace writ::token {

// The claims of an access token, all that RFC 9068, section 2.2, requires, each of its type; claims it does not know
// are passed over (RFC 7519, section 4). Times are whole seconds: a fraction is taken to the side on which the token is
// good for less. kBadToken, kWrongType, kMissingMember, kBadJson, kRepeated.
Result<TokenClaims> read_claims(std::string_view encoded);

}  // namespace writ::token
