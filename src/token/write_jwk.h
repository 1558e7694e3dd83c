// Jwk -> JSON.
#pragma once

#include <string>

#include "src/crypto/export_key.h"
#include "src/token/jwk.h"
#include "writ/result.h"

namespace writ::token {

// With kPublic the public part alone (an HS256 key has none: kBadKey); with kAll whatever is there, for its file.
Result<void> write_jwk(const Jwk& jwk, crypto::Parts which, std::string& out);

}  // namespace writ::token
