// image -> Program.
#pragma once

#include <memory>

#include "src/policy/program.h"

namespace writ::policy {

// Takes the image over and checks every offset, count, text and table in one pass; what it lets through, the evaluator
// may read without looking. An image forged with the right digest still gives kBadImage or some policy's answers, never
// a read out of bounds, an endless loop or unbounded recursion. O(bytes).
Result<std::shared_ptr<Program>> verify(ImageBytes image);
// The same for what emit() made just now, whose digests are known to be right.
Result<std::shared_ptr<Program>> verify_emitted(ImageBytes image);

}  // namespace writ::policy
