// Explanation -> text for people.
#pragma once

#include <string>

#include "writ/decision.h"

namespace writ::cli {

// The verdict first, then why, then every statement that speaks of the request and how it came out.
std::string tell(const Explanation& told, bool colours);

}  // namespace writ::cli
