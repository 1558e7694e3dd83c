// Look-ups over a whole snapshot by what its entities hold: who has this value, who is below this one, who comes next.
#pragma once

#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "src/data/snapshot.h"

namespace writ::data {

struct Posting;
struct Shard;

using Nodes = std::pmr::vector<const Node*>;

// Appends the entities of `type` whose attribute is one of the values, or a set that has one as an element; perhaps
// repeated. A default counts as stored. False for values that no index holds (sets, records, scopes, addresses): then
// nothing is appended. About sqrt(n) look-ups among n entities for each value; for many values, one walk over all.
bool find_holders(const Snapshot& data, TypeId type, std::uint16_t attribute, std::span<const Datum> values,
                  Nodes& out);

// Appends every entity below one of these, transitively; perhaps repeated. About sqrt(n) look-ups for each entity that
// may have others below it; where these are many, one walk over all.
void find_below(const Snapshot& data, std::span<const Datum> entities, Nodes& out);

// Goes through the entities of one type whose ids begin with `prefix`, in order of ids by bytes, from the first that is
// not less than `from`. About sqrt(n) to start, log(n) a step.
class InOrder {
 public:
  InOrder(const Snapshot& data, TypeId type, std::string_view prefix, std::string_view from,
          std::pmr::memory_resource& memory);
  const Node* next();  // nullptr: that was the last

 private:
  struct Run {
    const Shard* shard = nullptr;
    const Posting* at = nullptr;
    const Posting* end = nullptr;
    std::string_view id;
  };
  bool load(Run& run) const;

  std::string_view prefix_;
  std::pmr::vector<Run> runs_;  // a heap, the least id on top
};

}  // namespace writ::data
