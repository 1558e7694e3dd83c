// Cost: the bound on what a decision does, and how large the compiled form is.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "src/policy/program.h"

namespace writ::policy {

// For one resource, without agents or with one. More agents multiply what is judged for each of them; a quantifier's
// body counts once, and goes over as many elements as the set has.
struct Cost {
  std::uint64_t most_entries = 0;      // statements evaluated
  std::uint64_t most_visits = 0;       // nodes of their conditions visited
  std::string costliest;               // the action and type they are of
  std::uint64_t most_look_ups = 0;     // keys searched for: one for the id, one for each length of a prefix
  std::uint64_t image_bytes = 0;
  std::uint64_t statements = 0;
  std::uint64_t nodes = 0;
  std::uint64_t keys = 0;
  std::uint64_t entries = 0;
};

Cost cost(const Program& program);
std::string render(const Cost& cost);

}  // namespace writ::policy
