// Typed -> Tree.
#pragma once

#include "src/policy/tree.h"

namespace writ::policy {

// Deterministic. Linear in cells but for sorting them. Precondition: `typed` was checked without errors.
Tree plan(Typed typed);

}  // namespace writ::policy
