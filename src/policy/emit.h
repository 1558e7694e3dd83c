// Tree -> Program.
#pragma once

#include "src/policy/program.h"

namespace writ::policy {

// Writes the image. Deterministic, byte for byte. kTooMany where the policy is past a bound of the format.
Result<ImageBytes> emit(const Tree& tree);

}  // namespace writ::policy
