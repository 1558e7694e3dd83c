// Query: one request resolved against one policy and one snapshot: what the evaluator looks at.
#pragma once

#include <array>
#include <cstdint>

#include "src/data/snapshot.h"
#include "src/policy/program.h"
#include "src/scope/facts.h"
#include "writ/decision.h"

namespace writ {

inline constexpr std::int64_t kForever = INT64_MAX;

// A principal or a resource, and where it stands in the data (nullptr: it is not there).
struct Party {
  Datum entity;  // kEntity, or kOpen for a resource whose id was left open
  std::uint64_t hash = 0;
  const Node* node = nullptr;
};

struct Query {
  const policy::Program* program = nullptr;
  const Snapshot* data = nullptr;
  const RequestFacts* facts = nullptr;  // nullptr: none
  Party user;
  std::array<Party, kMaxAgents> agents;        // in the order of the chain
  std::array<Datum, kMaxAgents> agent_set;     // the same as a set: sorted, unique
  std::uint8_t agent_count = 0;
  std::uint8_t agent_set_count = 0;
  Cell cell;                                   // what is asked for; for an alias one cell of it after the other
  const Alias* alias = nullptr;
  Party resource;
  std::int64_t now = 0;                        // microseconds since 1970
  std::string_view audience;
};

// Resolves everything but the cell's resource. Allocates nothing.
Result<Query> resolve(const policy::Program& program, const Snapshot& data, const Request& request) noexcept;
// The same, but for what is asked for: who asks, when, and with which facts.
Result<Query> resolve_asking(const policy::Program& program, const Snapshot& data, const Request& request) noexcept;
// Sets the cell that is asked for, and its resource; checks what the request says of it.
Result<void> ask(Query& query, const Cell& cell) noexcept;

}  // namespace writ
