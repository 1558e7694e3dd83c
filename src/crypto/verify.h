// Key, message, signature -> whether it is the key's.
#pragma once

#include <string_view>

#include "src/crypto/key.h"

namespace writ::crypto {

// RFC 7518, section 3; RFC 8037, section 3.1. Of ECDSA exactly r || s, of PSS exactly a salt of 32 bytes, MACs in
// constant time. False also where OpenSSL cannot verify at all.
[[nodiscard]] bool verify(const Key& key, std::string_view message, std::string_view signature) noexcept;

}  // namespace writ::crypto
