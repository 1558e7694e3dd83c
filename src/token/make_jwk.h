// Key -> Jwk.
#pragma once

#include "src/token/jwk.h"
#include "writ/result.h"

namespace writ::token {

inline constexpr std::size_t kMaxKeyId = 256;  // bytes

// With its thumbprint as id where `id` is empty.
Result<Jwk> make_jwk(crypto::Key key, std::string id = {});

// The header of the access tokens that a key signs, encoded: the same bytes in each of them, so that a verifier knows
// them again without reading them. RFC 9068, section 2.1.
std::string access_token_header(Algorithm algorithm, std::string_view id);

}  // namespace writ::token
