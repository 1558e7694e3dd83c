// JSON from somebody else -> one line that a terminal shows as it is.
#pragma once

#include <string>
#include <string_view>

namespace writ::cli {

// Line ends and tabs, which in JSON can stand between values alone, become blanks; characters that mislead
// (src/base/misleading.h) are escaped. It stays the same JSON. Precondition: `json` was read by json::read().
std::string one_line(std::string_view json);

}  // namespace writ::cli
