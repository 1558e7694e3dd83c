// KeyParts -> Key.
#pragma once

#include "src/crypto/key.h"
#include "writ/result.h"

namespace writ::crypto {

// With its private part where `d` or `k` is there, public otherwise. Checked whole: lengths, that a point is on its
// curve, that private and public part belong together, RSA of 2048 to 8192 bits with an odd exponent from 3 to 2^32
// and, where it is private, all five of its further numbers. kBadKey names what was wrong, never its value.
Result<Key> import_key(Algorithm algorithm, const KeyParts& parts);

}  // namespace writ::crypto
