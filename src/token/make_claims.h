// Grant -> Claims.
#pragma once

#include <string_view>

#include "src/token/claims.h"
#include "writ/issuer.h"

namespace writ::token {

// All but the id. Refuses whatever the grant does not hold; errors as Issuer::mint().
Result<Claims> make_claims(const Grant& grant, const MintRequest& request, std::string_view issuer);

}  // namespace writ::token
