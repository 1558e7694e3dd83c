// ShardIndex: from what entities hold to the entities, for one shard: by an attribute's value, by parent, by id. Each
// is made by the first who asks and stays with the shard, so that a new version of the data indexes only what it
// changed.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "src/scope/datum.h"
#include "src/scope/schema.h"

namespace writ {
class Node;
}

namespace writ::data {

struct Shard;

// Where a short hash leads: 8 bytes for each value that an entity holds.
struct Posting {
  std::uint32_t hash = 0;
  std::uint32_t record = 0;  // in Shard::node()
};

// Thread-safe. Whoever asks compares the values: a hash is never taken for one.
class ShardIndex {
 public:
  ShardIndex() = default;
  ShardIndex(const ShardIndex&) = delete;
  ShardIndex& operator=(const ShardIndex&) = delete;
  ~ShardIndex();

  // Postings that may be entities of `type` whose attribute is the value, or has it as an element. A default counts.
  std::span<const Posting> holders(const Shard& shard, const Schema& schema, TypeId type, std::uint16_t attribute,
                                   const Datum& value) const;
  // Postings that may be children of the parent with this hash under the snapshot's seed.
  std::span<const Posting> children(const Shard& shard, std::uint64_t seed, std::uint64_t parent_hash) const;
  // Those of one type, by id; `hash` says nothing.
  std::span<const Posting> in_order(const Shard& shard, TypeId type) const;

 private:
  enum class Kind : std::uint8_t { kHolders, kChildren, kInOrder };
  struct Table {
    Kind kind;
    TypeId type;
    std::uint16_t attribute;
    std::vector<Posting> postings;
    const Table* next = nullptr;
  };

  template <class Fill>
  const Table& table(Kind kind, TypeId type, std::uint16_t attribute, Fill&& fill) const;
  static std::span<const Posting> range(const Table& table, std::uint32_t hash);

  mutable std::atomic<const Table*> tables_{nullptr};
};

// What a value is found by; 0 for sets, records and scopes, which are found by nothing.
std::uint32_t value_hash(const Datum& value) noexcept;

}  // namespace writ::data
