// Key -> Jwk.
#pragma once

#include "src/token/jwk.h"
#include "writ/result.h"

namespace writ::token {

inline constexpr std::size_t kMaxKeyId = 256;  // bytes

// With its thumbprint as id where `id` is empty.
Result<Jwk> make_jwk(crypto::Key key, std::string id = {});

// The header of what a key signs, encoded. Of access tokens (type at+jwt; RFC 9068, section 2.1) the same bytes in each
// of them, so that a verifier knows them again without reading them.
std::string encode_header(Algorithm algorithm, std::string_view id, std::string_view type);

}  // namespace writ::token
