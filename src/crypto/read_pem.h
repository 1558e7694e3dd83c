// PEM -> Key.
#pragma once

#include <optional>
#include <string_view>

#include "src/crypto/key.h"
#include "writ/result.h"

namespace writ::crypto {

// One key, private (PKCS #8, or the older forms of OpenSSL) or public (SubjectPublicKeyInfo), not encrypted. Which
// algorithm an RSA key is for does not stand in it and must be said; for other keys it may be. kBadKey.
Result<Key> read_pem(std::string_view pem, std::optional<Algorithm> algorithm);

}  // namespace writ::crypto
