// Shard: a part of a snapshot, immutable: the entities whose hashes begin alike. snapshot.h draws its block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "src/data/index.h"
#include "src/data/pool.h"
#include "src/data/snapshot.h"

namespace writ::data {

struct Shard;

// Which entities somebody in the shard has as ancestor. It may say yes wrongly, about once in fifty; never no.
class AncestorFilter {
 public:
  void fill(const Shard& shard);
  bool may_hold(std::uint64_t hash) const noexcept;

 private:
  static std::uint64_t bits(std::uint64_t hash) noexcept {
    return (std::uint64_t{1} << ((hash >> 32U) & 63U)) | (std::uint64_t{1} << ((hash >> 38U) & 63U));
  }
  std::size_t word_of(std::uint64_t hash) const noexcept {
    return pilot::scale(static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(words_.size()));
  }
  std::vector<std::uint64_t> words_;
};

struct Shard {
  std::shared_ptr<const std::byte> block;
  const std::byte* records = nullptr;
  std::uint32_t capacity = 0;
  std::uint32_t stride = 0;
  std::vector<const Node*> spilled;                // those without a place: others have the same hash
  std::vector<std::shared_ptr<const Pool>> pools;  // all that its records point into

  ShardIndex index;

  const Node* find_spilled(TypeId type, std::string_view id, std::uint64_t hash) const noexcept;

  // Its entities by number, with gaps: nullptr.
  std::uint32_t record_count() const noexcept { return capacity + static_cast<std::uint32_t>(spilled.size()); }
  const Node* node(std::uint32_t record) const noexcept {
    if (record >= capacity) return spilled[record - capacity];
    const auto* const found = reinterpret_cast<const Node*>(records + std::size_t{record} * stride);
    return found->entity.kind == DatumKind::kNone ? nullptr : found;
  }

  // Filled by the first who asks: most shards are replaced before anybody does. Safe from any thread.
  const AncestorFilter& below() const {
    std::call_once(filled_, [this] { below_.fill(*this); });
    return below_;
  }

  template <class Visit>
  void each(Visit&& visit) const {
    for (std::uint32_t at = 0; at < capacity; ++at) {
      const auto& node = *reinterpret_cast<const Node*>(records + std::size_t{at} * stride);
      if (node.entity.kind != DatumKind::kNone) visit(node);
    }
    for (const Node* node : spilled)
      visit(*node);
  }

 private:
  mutable std::once_flag filled_;
  mutable AncestorFilter below_;
};

// Where blocks come from: each by itself, or, where there is much, cut from slabs on huge pages, since a look-up in a
// large table spends as long on finding the page as on the line itself.
class Blocks {
 public:
  explicit Blocks(std::size_t total = 0) : slabs_(total >= kLeastForSlabs) {}
  std::shared_ptr<std::byte> take(std::size_t bytes);

 private:
  static constexpr std::size_t kLeastForSlabs = std::size_t{4} << 20U;
  bool slabs_;
  std::shared_ptr<std::byte> slab_;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

// Bytes that an entity with these attributes would take in a record of its own.
std::size_t record_bytes(const Datum& entity, std::span<const Datum> attributes);

// Copies into records what belongs there; the rest must lie in the pools or, for parents and ancestors, be given as it
// shall stay. The entities are all different.
std::shared_ptr<const Shard> build_shard(std::span<const Node> nodes, std::vector<std::shared_ptr<const Pool>> pools,
                                         Blocks& blocks);

// Where a shard has come to lean on many pools, moves what it uses of the small ones into one; where little of the
// largest is still in use, of that one, too. Changes nodes and pools to match; changed attributes lie in `scratch`.
void merge_pools(std::vector<Node>& nodes, std::vector<std::shared_ptr<const Pool>>& pools, const Schema& schema,
                 std::uint64_t seed, Arena& scratch);

}  // namespace writ::data
