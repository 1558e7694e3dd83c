// Lineage: who is in what. Lists of direct parents, each different one once, and the closure of each.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "src/data/hash_index.h"
#include "src/data/pool.h"
#include "src/data/snapshot.h"

namespace writ::data {

using ListId = std::uint32_t;
inline constexpr ListId kNoParents = 0;
inline constexpr std::size_t kMostAncestors = 4096;

// Why lists cannot be closed. Entities are numbers that whoever adds lists has given them.
struct LineageFault {
  enum class Kind : std::uint8_t { kFine, kMissing, kCircle, kTooMany };
  Kind kind = Kind::kFine;
  std::uint32_t entity = kNone;  // the one to be named
  std::vector<Datum> names;      // kMissing: the parent; kCircle: its members, each a parent of the one before
};

// What is known of an entity that others name as parent.
struct Parent {
  bool missing = false;
  std::uint32_t entity = kNone;  // its number, and
  ListId list = kNoParents;      // its own parents; or, for one that stays as it is:
  std::span<const Ancestor> ancestors;
};

// Not thread-safe.
class Lineage {
 public:
  explicit Lineage(PoolWriter& pool) : pool_(pool), lists_(1) {}

  // The list of these parents, whatever their order and repetition. `entity` has it.
  ListId add(std::span<const Datum> parents, std::uint64_t seed, std::uint32_t entity);
  // Finds the ancestors of every list. Cost: linear in what they hold together.
  LineageFault close(const std::function<Parent(const Ancestor& name)>& look_up);

  std::span<const Datum> parents(ListId list) const { return lists_[list].parents; }
  std::span<const Ancestor> ancestors(ListId list) const { return lists_[list].ancestors; }

 private:
  struct List {
    std::uint32_t first = 0;  // of its names in members_
    std::uint32_t count = 0;
    std::uint32_t entity = kNone;
    std::span<const Datum> parents;
    std::span<const Ancestor> ancestors;
  };
  // A list under way from a child to its parents, and how many of them were visited.
  struct Step {
    ListId list = kNoParents;
    std::uint32_t visited = 0;
  };
  enum class Mark : std::uint8_t { kNew, kOpen, kDone };

  const Parent& parent(const List& list, std::uint32_t i) const { return known_[members_[list.first + i]]; }
  LineageFault find_missing() const;
  LineageFault sort_by_depth();
  LineageFault visit(ListId list);
  LineageFault circle(ListId from) const;
  LineageFault unite(List& list);
  bool settle();

  PoolWriter& pool_;
  std::vector<List> lists_;             // lists_[kNoParents] is empty
  std::vector<std::uint32_t> members_;  // names in the pool
  HashIndex index_;
  std::vector<std::uint32_t> scratch_;

  std::vector<Parent> known_;  // by name
  std::vector<Mark> marks_;
  std::vector<std::uint32_t> depth_;
  std::vector<ListId> order_;  // parents' lists before their children's
  std::vector<Step> path_;
  std::vector<Ancestor> union_;
};

}  // namespace writ::data
