// What the signature of an image says.
#pragma once

#include <string_view>

namespace writ::token {

inline constexpr std::string_view kImageType = "writ-image+jwt";
inline constexpr std::string_view kImageDigest = "writ_image_sha256";  // in base64url

}  // namespace writ::token
