// Whether lines and tests refer only to what is there.
#pragma once

#include <span>

#include "src/policy/program.h"

namespace writ::policy {

// The other sections of the program must have been verified. An image whose lines say something else than its keys do
// is some other policy's image; what matters is that nothing outside of it is read.
bool check_lines(const Program& program, std::span<const ConstantRecord> constants);

}  // namespace writ::policy
