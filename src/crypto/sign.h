// Key, message -> signature.
#pragma once

#include <span>
#include <string_view>

#include "src/crypto/key.h"
#include "writ/result.h"

namespace writ::crypto {

// Signs as JWS wants it (RFC 7518, section 3; RFC 8037, section 3.1): ECDSA as r || s. Into the first
// key.signature_size() bytes of `out`, which must have room for them. kBadKey: the key has no private part.
// kUnsupported: OpenSSL cannot. Nothing in `out` is a signature then.
Result<void> sign(const Key& key, std::string_view message, std::span<char> out) noexcept;

}  // namespace writ::crypto
