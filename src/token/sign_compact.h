// Encoded header, payload, key -> token.
#pragma once

#include <string>
#include <string_view>

#include "src/crypto/key.h"
#include "writ/result.h"

namespace writ::token {

// RFC 7515, section 5.1. `header` is encoded, as Jwk keeps it; `payload` is not. As crypto::sign().
Result<std::string> sign_compact(std::string_view header, std::string_view payload, const crypto::Key& key);

}  // namespace writ::token
