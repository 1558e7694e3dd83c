// Randomness -> Key.
#pragma once

#include "src/crypto/key.h"
#include "writ/result.h"

namespace writ::crypto {

// A new key with its private part: Ed25519, P-256, RSA of 2048 bits with exponent 65537, or 32 bytes. kUnsupported
// where OpenSSL cannot.
Result<Key> generate_key(Algorithm algorithm);

}  // namespace writ::crypto
