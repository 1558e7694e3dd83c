// Explanation -> text for people.
#pragma once

#include <cstddef>
#include <string>

#include "writ/decision.h"

namespace writ::cli {

// The verdict first, then why, then every statement that speaks of the request: those that applied, those that came
// near and what would have made them apply, the rest. Lines keep to `width` columns where words allow it.
std::string tell(const Explanation& told, bool colours, std::size_t width);

}  // namespace writ::cli
