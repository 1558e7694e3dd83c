// Shard: a part of a snapshot, immutable: the entities whose hashes begin alike. snapshot.h draws its block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "src/data/pool.h"
#include "src/data/snapshot.h"

namespace writ::data {

// Which entities somebody in the shard has as ancestor. It may say yes wrongly, about once in fifty; never no.
class AncestorFilter {
 public:
  AncestorFilter() = default;
  explicit AncestorFilter(std::span<const Node> nodes);
  bool may_hold(std::uint64_t hash) const noexcept;

 private:
  static std::uint64_t bits(std::uint64_t hash) noexcept {
    return (std::uint64_t{1} << ((hash >> 32U) & 63U)) | (std::uint64_t{1} << ((hash >> 38U) & 63U));
  }
  std::vector<std::uint64_t> words_;
};

struct Shard {
  std::shared_ptr<const std::byte> block;
  std::uint32_t capacity = 0;
  std::uint32_t places = 0;  // mask of the bits of a slot that hold the place of a record
  std::uint32_t count = 0;
  std::vector<std::shared_ptr<const Pool>> pools;  // all that its records point into
  AncestorFilter below;

  template <class Visit>
  void each(Visit&& visit) const {
    const auto* const slots = reinterpret_cast<const std::uint32_t*>(block.get());
    for (std::uint32_t at = 0; at < capacity; ++at) {
      if (slots[at] != 0) visit(*reinterpret_cast<const Node*>(block.get() + (slots[at] & places) * kRecordUnit));
    }
  }
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

// Bytes of the record of an entity whose attributes are these.
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
