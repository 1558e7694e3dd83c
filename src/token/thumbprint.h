// Key -> its thumbprint.
#pragma once

#include <string>

#include "src/crypto/key.h"
#include "writ/result.h"

namespace writ::token {

// RFC 7638, section 3, with SHA-256; base64url. A thumbprint of a symmetric key gives whoever guesses the key a way to
// check the guess (section 7), which 32 random bytes withstand.
Result<std::string> thumbprint(const crypto::Key& key);

}  // namespace writ::token
