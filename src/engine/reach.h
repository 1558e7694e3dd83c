// Reach: which resources in the data a condition could hold for, found without looking at each of them.
#pragma once

#include <memory_resource>
#include <vector>

#include "src/data/lookup.h"
#include "src/engine/evaluate.h"

namespace writ {

// Never too few: whoever has them still asks decide() about each.
struct Reach {
  explicit Reach(std::pmr::memory_resource& memory) : entities(&memory) {}
  bool all = false;                  // any of them; `entities` says nothing then
  std::pmr::vector<Datum> entities;  // of the type asked about; in no order, perhaps repeated
};

// For the resources of the cell asked for, whose id is open. An evaluator that judges the agent in question.
Reach reach(Evaluator& evaluator, std::uint32_t condition, std::pmr::memory_resource& memory);

}  // namespace writ
