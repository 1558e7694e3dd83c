// Which side refused first, in words.
#pragma once

#include <string>

#include "src/engine/query.h"

namespace writ {

// "policy", "user", the agent as it would be written, or nothing.
std::string tell_link(const Query& query, const Decision& decision);

}  // namespace writ
