// Lane: what decisions read of a policy and its data, laid side by side when the two go live, so that what is usually
// asked is decided without going through names, declarations and tables one after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "src/engine/people_index.h"
#include "src/engine/query.h"
#include "src/scope/name_table.h"

namespace writ {

// A pair of action and type, in one line of memory.
struct alignas(64) Door {
  PaddedWords name[2];                       // "action:type"
  const policy::PairRecord* pair = nullptr;  // nullptr: nothing speaks of it
  std::uint32_t number = 0;                  // of the pair
  ActionId action = kNoId;
  TypeId type = kNoId;
  std::uint8_t name_size = 0xFF;  // of no name
  bool on_type = false;           // the action is on the type itself
  bool single = false;            // of the type there is one resource
  bool open = false;              // neither, and the type does not list its ids: any will do
  bool in_data = false;           // there are entities of the type
  bool alone = false;             // what speaks of one id names just that
  bool bare_ids = false;          // and all of these are what a scope can spell
  bool by_text = false;  // whoever spells its name, a `_` and such an id asks for that id, and all is said of it
};
static_assert(sizeof(Door) == 64);

// Users, or agents.
struct Principals {
  Principals(const Schema& schema, const Snapshot& data, TypeId of);

  std::string_view name;  // of the type
  std::uint64_t seed = 0;
  TypeId type = kNoId;
  bool open = false;     // any id will do
  bool in_data = false;  // there are entities of the type
};

struct Lane {
  // Both must outlive it, and be of one schema. `before`: what it follows, whose indexes it takes over if they still
  // hold; or nullptr.
  Lane(const policy::Program& of_program, const Snapshot& of_data, std::uint64_t version, std::int64_t lifetime,
       const Lane* before);

  // nullptr where its name is too long for there to be one.
  const Door* door(ActionId action, TypeId type) const noexcept;

  // What is ready here, for a query of the same policy and data. The lane must outlive it.
  void serve(Query& query) const noexcept {
    query.by = by;
    query.constants = constants;
    query.people = people.get();
  }

  const policy::Program* program;
  const Snapshot* data;
  std::uint64_t state;  // its number, which no other has
  Versions by;
  std::int64_t default_lifetime;
  Principals users;
  Principals agents;
  bool has_aliases;
  NameTable<Door> doors;
  std::vector<const Door*> by_pair;  // one for each pair; of no name where its own is too long
  policy::ScopeSeeds seeds;          // of the program's lines
  bool some_by_text = false;         // of the doors
  bool all_by_text = false;          // that anything speaks of
  std::vector<ConstantHash> constants;
  std::shared_ptr<const PeopleIndex> people;  // nullptr where it would not help
};

// Decides. Allocates nothing.
Result<Decision> decide(const Lane& lane, const Request& request) noexcept;

}  // namespace writ
