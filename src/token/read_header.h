// Encoded header -> Header.
#pragma once

#include <string_view>

#include "src/token/header.h"
#include "writ/result.h"

namespace writ::token {

// Strict: a member twice, of a wrong type, or `crit` (RFC 7515, section 4.1.11: we know no extension that could be
// critical; RFC 7797's `b64` is none for tokens) is refused. kBadToken, kBadJson, kRepeated, kBadKey, kUnsupported.
Result<Header> read_header(std::string_view encoded);

}  // namespace writ::token
