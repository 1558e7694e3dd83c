// Snapshot: the entities at one moment, immutable. What decisions read.
//
// 2^k shards of about sqrt(n) entities each; the top bits of an entity's hash say which. A shard is one block:
//
//   slots    4 bytes each, open addressing: tag (bits of the hash) | place of the record, in units of 64 bytes; 0:
//   empty records  from a multiple of 64: Node, id, attributes, and the short texts and addresses they point to
//
// so that finding an entity costs a slot (for a million entities 6 MB of them: near the core) and one or two adjacent
// lines of the record. Sets, records, scopes, parents and ancestors live in pools that shards share.
//
// Measured, a million users with two attributes and ids of 11 bytes: 134 bytes each; every distinct set of parents or
// permissions once (ten permissions: 160 bytes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "src/base/hash.h"
#include "src/scope/datum.h"
#include "src/scope/schema.h"

namespace writ {

namespace data {
struct Shard;
class SnapshotBuilder;
}  // namespace data

// One ancestor in the transitive closure of an entity's parents.
struct Ancestor {
  std::uint64_t hash = 0;  // hash_entity(type, id, Snapshot::seed())
  Datum entity;
};

// One entity. Lives in its snapshot (or in one it shares parts with).
struct Node {
  std::uint64_t hash = 0;
  Datum entity;                         // type and id
  std::span<const Datum> attributes;    // as many as its type declares; kNone where not stored (defaults not filled in)
  std::span<const Ancestor> ancestors;  // transitive, without itself, sorted by hash; equal closures are shared
  std::span<const Datum> parents;       // direct, as given, sorted; without repetition

  // Whether `target` is an ancestor. `hash` is its hash under the snapshot's seed. O(log n).
  bool within(const Datum& target, std::uint64_t hash) const noexcept;
};

// Thread-safe to read. A new version shares every shard it does not change, so that one change among a million costs a
// shard's copy; entities whose ancestors change are rewritten too.
class Snapshot {
 public:
  std::uint64_t seed() const noexcept { return seed_; }
  std::uint64_t version() const noexcept { return version_; }
  const Schema& schema() const noexcept { return *schema_; }
  const std::shared_ptr<const Schema>& share_schema() const noexcept { return schema_; }
  std::size_t size() const noexcept { return size_; }  // with those that exist by declaration

  // nullptr if the entity is not in the data. Entities of closed types and the one of a single type are always found
  // (with nothing stored if the data says nothing about them). Allocates nothing; cost independent of size.
  const Node* find(TypeId type, std::string_view id, std::uint64_t hash) const noexcept;
  const Node* find(TypeId type, std::string_view id) const noexcept { return find(type, id, hash_of(type, id)); }
  std::uint64_t hash_of(TypeId type, std::string_view id) const noexcept { return hash_entity(type, id, seed_); }

  // For many requests at once: the slot's line is asked for by the first; once it is there, the record's by the second.
  void prefetch_slot(std::uint64_t hash) const noexcept;
  void prefetch_node(std::uint64_t hash) const noexcept;

  // Every entity of one type, in order of ids by bytes; for listing and dumping. Allocates.
  std::vector<const Node*> all(TypeId type) const;

  std::span<const std::shared_ptr<const data::Shard>> shards() const noexcept { return shards_; }  // for src/data

 private:
  friend class data::SnapshotBuilder;

  // What find() needs of a shard, all of them side by side.
  struct View {
    const std::byte* block = nullptr;
    std::uint32_t capacity = 0;  // slots
    std::uint32_t places = 0;    // mask of the bits of a slot that hold the place; the rest are the tag
  };

  const View& view_of(std::uint64_t hash) const noexcept { return views_[(hash >> 32U) >> shift_]; }
  static const std::uint32_t* slots_of(const View& view) noexcept {
    return reinterpret_cast<const std::uint32_t*>(view.block);
  }

  std::shared_ptr<const Schema> schema_;
  std::uint64_t seed_ = 0;
  std::uint64_t version_ = 0;
  std::size_t size_ = 0;
  unsigned shift_ = 32;  // 32 - k
  std::vector<View> views_;
  std::vector<std::shared_ptr<const data::Shard>> shards_;  // keeps alive what views_ shows
};

namespace data {

// How a hash is spent: the top bits choose the shard, the low half the slot, the bits between are the tag.
inline constexpr std::size_t kRecordUnit = 64;
inline std::uint32_t first_slot(std::uint64_t hash, std::uint32_t capacity) noexcept {
  return static_cast<std::uint32_t>((std::uint64_t{static_cast<std::uint32_t>(hash)} * capacity) >> 32U);
}
inline std::uint32_t slot_tag(std::uint64_t hash, std::uint32_t places) noexcept {
  return static_cast<std::uint32_t>(hash >> 16U) & ~places;
}

}  // namespace data

inline const Node* Snapshot::find(TypeId type, std::string_view id, std::uint64_t hash) const noexcept {
  const View& view = view_of(hash);
  const std::uint32_t* const slots = slots_of(view);
  const std::uint32_t tag = data::slot_tag(hash, view.places);
  for (std::uint32_t at = data::first_slot(hash, view.capacity); slots[at] != 0;) {
    const std::uint32_t place = slots[at] & view.places;
    if ((slots[at] & ~view.places) == tag) {
      const auto* const node = reinterpret_cast<const Node*>(view.block + place * data::kRecordUnit);
      if (node->hash == hash && node->entity.type == type && node->entity.text() == id) return node;
    }
    if (++at == view.capacity) at = 0;
  }
  return nullptr;
}

inline void Snapshot::prefetch_slot(std::uint64_t hash) const noexcept {
  const View& view = view_of(hash);
  __builtin_prefetch(slots_of(view) + data::first_slot(hash, view.capacity));
}

inline void Snapshot::prefetch_node(std::uint64_t hash) const noexcept {
  const View& view = view_of(hash);
  const std::uint32_t slot = slots_of(view)[data::first_slot(hash, view.capacity)];
  const std::byte* const record = view.block + (slot & view.places) * data::kRecordUnit;
  __builtin_prefetch(record);
  __builtin_prefetch(record + data::kRecordUnit);
}

}  // namespace writ
