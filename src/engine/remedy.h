// What would have to be otherwise for a condition to come out otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/engine/evaluate.h"

namespace writ {

// The shortest list of atoms, spelled as they would have to hold, that makes the condition `wanted` (true or false)
// when everything else stays as it is; each with the values it has now: "invoice.owner == user (invoice.owner is
// user:bob)". Of several equally short the one written first. Empty if the condition comes out so already; nothing if
// no facts can make it so. The evaluator must be judging the agent in question.
std::optional<std::vector<std::string>> find_remedy(Evaluator& evaluator, std::uint32_t condition, Three wanted);

// An atom and how it came out: "tainted is unknown (context.tainted is missing)".
std::string tell_atom(Evaluator& evaluator, std::uint32_t atom);

}  // namespace writ
