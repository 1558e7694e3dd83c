// Compact, key -> whether the key signed it.
#pragma once

#include "src/crypto/key.h"
#include "src/token/compact.h"
#include "writ/result.h"

namespace writ::token {

// RFC 7515, section 5.2, steps 7 and 8, by the algorithm of the key. kBadToken.
Result<void> verify_compact(const Compact& token, const crypto::Key& key);

}  // namespace writ::token
