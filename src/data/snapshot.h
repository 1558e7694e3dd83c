// Snapshot: the entities at one moment, immutable. What decisions read.
//
// 2^k shards of about sqrt(n) entities each; the top bits of an entity's hash say which. A shard is one block:
//
//   pilots    two bytes for every five entities: with the hash they say which record an entity has (place.h)
//   records   from a multiple of 64, all of the same size, one in nine empty: Node, id, and as much as there is room
//             for of the attributes, of the short texts and addresses they point to, and of few ancestors' hashes
//   overflow  what there was no room for
//
// so that finding an entity costs the record's two adjacent lines, and whether it is there at all no more. Sets,
// records, scopes, parents and ancestors live in pools that shards share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "src/base/hash.h"
#include "src/base/place.h"
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

// One entity, in one line of memory. Lives in its snapshot (or in one it shares parts with).
class Node {
 public:
  std::uint64_t hash = 0;
  Datum entity;                       // type and id
  std::span<const Datum> attributes;  // as many as its type declares; kNone where not stored (defaults not filled in)

  // Direct, as given, sorted; without repetition.
  std::span<const Datum> parents() const noexcept { return {parents_, parent_count_}; }
  // Transitive, without itself, sorted by hash; equal closures are shared.
  std::span<const Ancestor> ancestors() const noexcept { return {ancestors_, ancestor_count_}; }
  // Whether `target` is an ancestor. `hash` is its hash under the snapshot's seed. O(log n).
  bool within(const Datum& target, std::uint64_t hash) const noexcept;

  // The same of an entity in the data that no other shares its hash with.
  bool within_unique(std::uint64_t hash) const noexcept;

  // Few ancestors' hashes lie in the record itself where it has room for them, so that to ask for one of them costs no
  // further line. Nobody else may call it: `offset` bytes from here stand as many of them as there are ancestors.
  static constexpr std::uint32_t kFew = 8;
  void set_hashes_at(std::size_t offset) noexcept { hashes_at_.offset = static_cast<std::uint16_t>(offset); }
  bool has_hashes() const noexcept { return hashes_at_.offset != 0; }

  void set_parents(std::span<const Datum> list) noexcept;
  void set_ancestors(std::span<const Ancestor> list) noexcept;

 private:
  // Of the record alone, not of its copies.
  struct HashesAt {
    std::uint16_t offset = 0;  // 0: they are not here
    HashesAt() = default;
    HashesAt(const HashesAt&) noexcept {}
    HashesAt& operator=(const HashesAt&) noexcept {
      offset = 0;
      return *this;
    }
  };

  bool within_many(const Datum& target, std::uint64_t hash) const noexcept;

  const Datum* parents_ = nullptr;
  const Ancestor* ancestors_ = nullptr;
  std::uint32_t parent_count_ = 0;
  std::uint16_t ancestor_count_ = 0;
  HashesAt hashes_at_;
};
static_assert(sizeof(Node) == 64);

inline bool Node::within(const Datum& target, std::uint64_t target_hash) const noexcept {
  if (ancestor_count_ > kFew) return within_many(target, target_hash);
  for (const Ancestor& ancestor : ancestors()) {
    if (ancestor.hash == target_hash && same_entity(ancestor.entity, target)) return true;
  }
  return false;
}

inline bool Node::within_unique(std::uint64_t target_hash) const noexcept {
  // Which of them it is hangs on the hashes: no branch could be foreseen.
  unsigned found = 0;
  if (hashes_at_.offset != 0) {
    const auto* const hashes =
        reinterpret_cast<const std::uint64_t*>(reinterpret_cast<const std::byte*>(this) + hashes_at_.offset);
    for (std::uint32_t i = 0; i < ancestor_count_; ++i)
      found |= static_cast<unsigned>(hashes[i] == target_hash);
    return found != 0;
  }
  if (ancestor_count_ > kFew) return std::ranges::binary_search(ancestors(), target_hash, {}, &Ancestor::hash);
  for (const Ancestor& ancestor : ancestors())
    found |= static_cast<unsigned>(ancestor.hash == target_hash);
  return found != 0;
}

inline void Node::set_parents(std::span<const Datum> list) noexcept {
  parents_ = list.data();
  parent_count_ = static_cast<std::uint32_t>(list.size());
}
inline void Node::set_ancestors(std::span<const Ancestor> list) noexcept {
  ancestors_ = list.data();
  ancestor_count_ = static_cast<std::uint16_t>(list.size());  // data::kMostAncestors are fewer
  hashes_at_.offset = 0;
}

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

  // Whether there is any entity of that type.
  bool has_any(TypeId type) const noexcept { return count_of_type_[type] != 0; }
  // find() in two steps, for who has something to do while memory is fetched: the only record that can be the one of
  // that hash, and then whether it is. Precondition of the first: has_any() of its type.
  const Node* candidate(std::uint64_t hash) const noexcept;
  const Node* confirm(const Node* candidate, TypeId type, std::string_view id, std::uint64_t hash) const noexcept;

  // Whether the hash of an entity that is in the data is that of no other.
  bool hashes_are_unique() const noexcept { return !spilled_; }

  // Every entity of one type, in order of ids by bytes; for listing and dumping. Allocates.
  std::vector<const Node*> all(TypeId type) const;

  std::span<const std::shared_ptr<const data::Shard>> shards() const noexcept { return shards_; }  // for src/data

 private:
  friend class data::SnapshotBuilder;

  // What find() needs of a shard, all of them side by side. The pilots end where the records begin.
  struct View {
    const std::byte* records = nullptr;
    std::uint32_t capacity = 0;
    std::uint32_t stride = 0;  // bytes from record to record
  };

  const std::byte* record_of(std::uint64_t hash) const noexcept;
  // For a shard in which two entities have the same hash, all 64 bits of it.
  const Node* find_spilled(TypeId type, std::string_view id, std::uint64_t hash) const noexcept;

  std::shared_ptr<const Schema> schema_;
  std::uint64_t seed_ = 0;
  std::uint64_t version_ = 0;
  std::size_t size_ = 0;
  unsigned shift_ = 32;   // 32 - k
  bool spilled_ = false;  // whether some shard has entities without a place of their own
  std::vector<std::uint32_t> count_of_type_;
  std::vector<View> views_;
  std::vector<std::shared_ptr<const data::Shard>> shards_;  // keeps alive what views_ shows
};

// The hash is spent like this: the top bits say which shard, the low half which bucket, all of it with the pilot which
// record.
inline const std::byte* Snapshot::record_of(std::uint64_t hash) const noexcept {
  const View& view = views_[(hash >> 32U) >> shift_];
  const auto* const pilots = reinterpret_cast<const std::uint8_t*>(view.records) - pilot::buckets_of(view.capacity);
  const std::uint8_t pilot = pilots[pilot::bucket_of(hash, view.capacity)];
  return view.records + std::size_t{pilot::place_of(hash, pilot, view.capacity)} * view.stride;
}

inline const Node* Snapshot::candidate(std::uint64_t hash) const noexcept {
  const std::byte* const record = record_of(hash);
  __builtin_prefetch(record);
  __builtin_prefetch(record + 64);  // the id and what is read next need not wait for the first line
  return reinterpret_cast<const Node*>(record);
}

[[gnu::always_inline]] inline const Node* Snapshot::confirm(const Node* node, TypeId type, std::string_view id,
                                                            std::uint64_t hash) const noexcept {
  if (node->hash == hash && node->entity.type == type && same_text(node->entity.text(), id)) return node;
  return spilled_ ? find_spilled(type, id, hash) : nullptr;
}

inline const Node* Snapshot::find(TypeId type, std::string_view id, std::uint64_t hash) const noexcept {
  return has_any(type) ? confirm(candidate(hash), type, id, hash) : nullptr;
}

}  // namespace writ
