// Typed -> Tree.
#pragma once

#include "src/policy/tree.h"

namespace writ::policy {

// Deterministic. Linear in cells but for sorting them. Precondition: `typed` was checked without errors.
// By up to two threads.
Tree plan(Typed typed, unsigned threads = 1);

}  // namespace writ::policy
