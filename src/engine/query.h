// Query: one request resolved against one policy and one snapshot: what the evaluator looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "src/data/snapshot.h"
#include "src/policy/program.h"
#include "src/scope/facts.h"
#include "writ/decision.h"

namespace writ {

class PeopleIndex;

inline constexpr std::int64_t kForever = INT64_MAX;

// A principal or a resource, and where it stands in the data (nullptr: it is not there).
struct Party {
  Datum entity;  // kEntity, or kOpen for a resource whose id was left open
  std::uint64_t hash = 0;
  const Node* node = nullptr;
  const Node* candidate = nullptr;  // while it is looked for: the only one it can be
};

// Space for up to N values, left as it is until it is used: clearing it would cost more than most decisions.
template <class T, std::size_t N>
class Room {
 public:
  static_assert(std::is_trivially_copyable_v<T>);
  T* data() noexcept { return reinterpret_cast<T*>(bytes_); }
  const T* data() const noexcept { return reinterpret_cast<const T*>(bytes_); }
  T& operator[](std::size_t at) noexcept { return data()[at]; }
  const T& operator[](std::size_t at) const noexcept { return data()[at]; }

 private:
  alignas(T) std::byte bytes_[N * sizeof(T)];
};

// A program's constant under the seed of the data.
struct ConstantHash {
  std::uint64_t hash = 0;
  bool unique = false;  // it is the one entity in the data that has this hash
};

// By what a decision is found.
struct Versions {
  std::uint64_t policy = 0;
  std::uint64_t data = 0;
};

struct Query {
  const policy::Program* program = nullptr;
  const Snapshot* data = nullptr;
  const RequestFacts* facts = nullptr;  // nullptr: none
  const PeopleIndex* people = nullptr;  // nullptr: none is ready, all entries are gone through
  Party user;
  std::uint8_t agent_count = 0;
  std::uint8_t agent_set_count = 0;
  std::span<const ConstantHash> constants;   // of the program's constants, as far as they are ready
  Cell cell;                                 // what is asked for; for an alias one cell of it after the other
  const policy::PairRecord* pair = nullptr;  // nullptr: nothing speaks of it
  std::uint64_t key_hash = 0;                // of an id that some statement may name
  PaddedWords key_words;                     // the id, if it is no longer than kMostPadded
  const Alias* alias = nullptr;
  Party resource;
  Versions by;
  std::int64_t now = 0;  // microseconds since 1970
  std::string_view audience;
  Room<Party, kMaxAgents> agents;     // in the order of the chain
  Room<Datum, kMaxAgents> agent_set;  // the same as a set: sorted, unique
};

// Resolves a request and asks for its cell, if it names an alias for none yet. Allocates nothing.
Result<void> resolve(const policy::Program& program, const Snapshot& data, const Request& request,
                     Query& query) noexcept;
// The same, but for what is asked for: who asks, when, and with which facts.
Result<void> resolve_asking(const policy::Program& program, const Snapshot& data, const Request& request,
                            Query& query) noexcept;
// One principal of a type, by name, and where it stands in the data.
Result<Party> find_principal(const policy::Program& program, const Snapshot& data, TypeId type,
                             std::string_view name) noexcept;
// Sets the cell that is asked for, and its resource; checks what the request says of it.
Result<void> ask(Query& query, const Cell& cell) noexcept;
// Puts the agents into the order of sets. Precondition: they are all in agent_set.
void sort_agents(Query& query) noexcept;
// Whether the facts were read against the declarations of the program.
inline bool is_for(const Facts& facts, const policy::Program& program) noexcept {
  return program.same_schema(facts.policy().program());
}

}  // namespace writ
