// Claims -> JSON.
#pragma once

#include "src/token/claims.h"
#include "src/token/payload.h"
#include "writ/result.h"

namespace writ::token {

// In an order that never changes, without white space. kBadId: a text that is no UTF-8, of which JSON could only keep
// something else. kBadScope: a scope with a character that RFC 6749, section 3.3, does not let a scope have. kTooMany:
// it does not fit.
Result<void> write_claims(const Claims& claims, Payload& out);

}  // namespace writ::token
