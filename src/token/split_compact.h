// Text -> Compact.
#pragma once

#include <string_view>

#include "src/token/compact.h"
#include "writ/result.h"

namespace writ::token {

// Three parts, of which header and signature are not empty, and no more than kMaxToken bytes. That they are base64url
// shows where each is decoded. kBadToken, kTooMany.
Result<Compact> split_compact(std::string_view token);

}  // namespace writ::token
