// Key -> KeyParts.
#pragma once

#include "src/crypto/key.h"
#include "writ/result.h"

namespace writ::crypto {

enum class Parts : bool { kPublic, kAll };

// With kPublic nothing private is even looked at; an HS256 key then has no parts. With kAll also what is private, if it
// is there. kUnsupported: OpenSSL does not give them.
Result<KeyParts> export_key(const Key& key, Parts which);

}  // namespace writ::crypto
