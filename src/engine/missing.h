// Which facts would have to be known: the names behind what is unknown in a condition.
#pragma once

#include <set>
#include <string>

#include "src/engine/evaluate.h"

namespace writ {

// Adds to `names` what makes the condition unknown: "context.mfa_age", "invoice.owner", "user", "overflow". Goes down
// only through operands that are unknown themselves, so it does not depend on their order. Nothing is added for what is
// unknown because the resource's id was left open. The evaluator must be judging the agent in question.
void find_missing(Evaluator& evaluator, std::uint32_t condition, std::set<std::string>& names);

}  // namespace writ
