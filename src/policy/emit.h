// Tree -> Program.
#pragma once

#include "src/policy/program.h"

namespace writ::policy {

// Writes the image. Deterministic, byte for byte. kTooMany where the policy is past a bound of the format.
Result<ImageBytes> emit(const Tree& tree);
// The same by up to so many threads; lets go of the tree's nodes, constants, keys and entries as soon as it can.
Result<ImageBytes> emit(Tree&& tree, unsigned threads);

}  // namespace writ::policy
