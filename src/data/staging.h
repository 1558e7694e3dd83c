// Staging: the entities of one load, or of one change of a snapshot, before they are one.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/arena.h"
#include "src/data/hash_index.h"
#include "src/data/lineage.h"
#include "src/data/pool.h"
#include "src/data/snapshot.h"
#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ::data {

// Where an entity was stated, for messages.
struct Place {
  std::uint32_t source = kNone;
  std::uint32_t line = 0;
};

struct StagedEntity {
  std::uint64_t hash = 0;
  Datum entity;
  const Datum* attributes = nullptr;  // as many as its type declares
  ListId parents = kNoParents;
  Place place;
  bool erased = false;  // taken out by this change
};

// What.          Takes entities one by one, in any order, and checks each; close() checks what only all of them show.
// Thread-safety. Not.
// Lifetime.      Copies what it is given. `base` must outlive it.
// Cost.          About 50 bytes an entity beside what it states.
// Fails.         Each error names the place and the entity and says how to mend it. After an error, throw it away.
class Staging {
 public:
  // `base`: the snapshot that is changed; nullptr for a load from nothing.
  Staging(std::shared_ptr<const Schema> schema, std::uint64_t seed, const Snapshot* base = nullptr);

  // Places speak of it as "NAME:LINE" (a file), or as "NAME LINE" ("record 3").
  std::uint32_t add_source(std::string name, bool file);

  // The entity of that name, its id a view of `id`; for a parent, also whether `child` may be in it.
  Result<Datum> entity(Place place, std::string_view type, std::string_view id) const;
  Result<Datum> parent(Place place, const Datum& child, std::string_view type, std::string_view id) const;

  // Attributes as many as the type declares, kNone where not stated, of the declared types; parents from parent().
  Result<void> add(Place place, const Datum& entity, std::span<const Datum> attributes, std::span<const Datum> parents);
  // The same of an entity whose parents are the list(), and whose sets, records and scopes lie in the pool() already.
  Result<void> add_laid(Place place, const Datum& entity, std::span<const Datum> attributes, ListId parents);
  // Precondition: the next entity that is added has it.
  ListId list(std::span<const Datum> parents);
  PoolWriter& pool() { return pool_; }
  // Those that exist by declaration and that nobody has stated.
  void add_declared();
  // Changes of `base` only. An entity that exists by declaration goes back to what it is without data.
  Result<void> erase(Place place, const Datum& entity);
  // One of `base` that is stated anew only because its ancestors change.
  void derive(const Node& node);

  // The closure of every entity's parents.
  Result<void> close();

  const Schema& schema() const { return *schema_; }
  const std::shared_ptr<const Schema>& share_schema() const { return schema_; }
  std::uint64_t seed() const { return seed_; }
  const Snapshot* base() const { return base_; }
  std::span<const StagedEntity> entities() const { return entities_; }
  const StagedEntity* find(const Datum& entity, std::uint64_t hash) const;
  std::span<const Datum> parents_of(const StagedEntity& staged) const { return lineage_.parents(staged.parents); }
  // The entity as it shall be, once closed. Its texts are those of the staging.
  Node node(const StagedEntity& staged) const;
  std::size_t record_bytes() const { return record_bytes_; }  // of all
  std::shared_ptr<const Pool> take_pool() { return pool_.used() ? pool_.take() : nullptr; }
  // Gives back the texts of the first `done` of `shards` equal parts of all hashes: they are in their records by now.
  void release(std::size_t done, std::size_t shards);

  // An error about a place, or about an entity there: "users.jsonl:7: `user:alice`: ".
  Error fault(ErrorCode code, Place place) const;
  Error fault(ErrorCode code, Place place, const Datum& entity) const;
  Error& append(Error& error, const Datum& entity) const;

 private:
  struct Source {
    std::string name;
    bool file = false;
  };

  std::uint32_t number_of(const Datum& entity, std::uint64_t hash) const;
  void append(Error& error, Place place) const;
  std::span<const Datum> keep(std::span<const Datum> attributes, std::uint64_t hash, bool laid);
  Result<void> add(Place place, const Datum& entity, std::span<const Datum> attributes, ListId parents, bool laid);
  void enter(const StagedEntity& staged, std::span<const Datum> attributes);
  Parent look_up(const Ancestor& name) const;
  Error word(const LineageFault& fault) const;
  Arena& texts(std::uint64_t hash) { return texts_[texts_.size() == 1 ? 0 : hash >> 58U]; }

  std::shared_ptr<const Schema> schema_;
  std::uint64_t seed_;
  const Snapshot* base_;
  std::vector<Source> sources_;
  std::vector<StagedEntity> entities_;
  HashIndex index_;
  PoolWriter pool_;
  Lineage lineage_;
  std::vector<Arena> texts_;  // by the top bits of the hash, so that they can be given back bit by bit
  std::size_t record_bytes_ = 0;
  std::size_t released_ = 0;
};

}  // namespace writ::data
