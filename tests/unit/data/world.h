// A small world for the tests of the data: declarations made by hand, and entities stated with few words.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/data/load.h"
#include "src/data/snapshot.h"
#include "src/scope/schema.h"
#include "writ/entities.h"

namespace writ::data {

// entity group: accounting, clerks, controllers in team
// entity team   in team
// entity user   in group, team { clearance: int, name: string, boss: user?, tags: set of string, site: ip,
//                                permissions: set of scope, joined: time, shift: duration, rate: decimal, active: bool,
//                                address: {city: string, code: int?}, friends: set of user or agent }
// entity agent  { vendor: string? }
// entity folder in folder, account     entity account
// entity invoice in folder { owner: user, amount: decimal }
// entity settings single { frozen: bool }
// actions read, write for invoice   actions create for type invoice   actions read for settings
std::shared_ptr<const Schema> small_world();

// Owns what records are views of. Names are written "user:alice", the one of a single type "settings".
class Records {
 public:
  using Attributes = std::vector<NamedValue>;

  Records() = default;
  Records(Records&&) = default;
  Records& operator=(Records&&) = default;

  Records& add(std::string_view name, std::vector<std::string> parents = {}, Attributes attributes = {});
  Value set(std::vector<Value> items);
  Value record(std::vector<NamedValue> fields);
  const std::vector<EntityRecord>& all() const { return records_; }

 private:
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }
  EntityName split(std::string_view name);

  std::deque<std::string> texts_;
  std::deque<std::vector<EntityName>> parents_;
  std::deque<std::vector<NamedValue>> fields_;
  std::deque<std::vector<Value>> items_;
  std::vector<EntityRecord> records_;
};

inline LoadOptions seeded(std::uint64_t seed = 7) {
  LoadOptions options;
  options.seed = seed;
  return options;
}

// By name; nullptr if it is not in the data.
const Node* find(const Snapshot& snapshot, std::string_view name);
// "user:alice in group:clerks, team:a" and so on: everything that is stored, canonical, one line an entity; the
// ancestors behind `<`.
std::string describe(const Snapshot& snapshot);
std::string describe(const Snapshot& snapshot, const Node& node);

}  // namespace writ::data
