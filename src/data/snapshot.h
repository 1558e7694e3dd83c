// Snapshot: the entities at one moment, immutable. What decisions read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "src/scope/datum.h"
#include "src/scope/schema.h"

namespace writ {

// One ancestor in the transitive closure of an entity's parents.
struct Ancestor {
  std::uint64_t hash = 0;  // hash_entity(type, id, Snapshot::seed())
  Datum entity;
};

// One entity. Lives in its snapshot (or in one it shares parts with).
struct Node {
  std::uint64_t hash = 0;
  Datum entity;                          // type and id
  std::span<const Datum> attributes;     // as many as its type declares; kNone where not stored (defaults not filled in)
  std::span<const Datum> parents;        // direct, as given, sorted
  std::span<const Ancestor> ancestors;   // transitive, without itself, sorted by hash; equal closures are shared

  // Whether `target` is an ancestor. `hash` is its hash under the snapshot's seed. O(log n) or better.
  bool within(const Datum& target, std::uint64_t hash) const noexcept;
};

// Thread-safe to read. A new version shares every shard it does not change, so that one change among a million costs a
// shard's copy; entities whose ancestors change are rewritten too.
class Snapshot {
 public:
  std::uint64_t seed() const noexcept { return seed_; }
  std::uint64_t version() const noexcept { return version_; }
  const Schema& schema() const noexcept { return *schema_; }
  std::size_t size() const noexcept { return size_; }

  // nullptr if the entity is not in the data. Entities of closed types and the one of a single type are always found
  // (with nothing stored if the data says nothing about them). Allocates nothing; cost independent of size.
  const Node* find(TypeId type, std::string_view id, std::uint64_t hash) const noexcept;
  const Node* find(TypeId type, std::string_view id) const noexcept { return find(type, id, hash_of(type, id)); }
  std::uint64_t hash_of(TypeId type, std::string_view id) const noexcept;

  // Every entity of one type, in order of ids by bytes; for listing and dumping. Allocates.
  std::vector<const Node*> all(TypeId type) const;

 private:
  friend class SnapshotBuilder;  // whoever writes src/data completes this class: shards, arenas
  std::shared_ptr<const Schema> schema_;
  std::uint64_t seed_ = 0;
  std::uint64_t version_ = 0;
  std::size_t size_ = 0;
};

}  // namespace writ
