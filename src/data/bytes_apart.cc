// Tested by tests/unit/data/shard_test.cc.
#include "src/data/bytes_apart.h"

#include <algorithm>

#include "src/data/shard.h"

namespace writ::data {

std::size_t bytes_apart(const Snapshot& old, const Snapshot& next) {
  constexpr std::size_t kOfShard = 32;  // a view and a pointer, which each version has of its own
  const bool same_shape = old.shards().size() == next.shards().size();
  std::size_t bytes = old.shards().size() * kOfShard;
  const Pool* counted = nullptr;  // most shards lean on the same
  for (std::size_t i = 0; i < old.shards().size(); ++i) {
    const Shard& shard = *old.shards()[i];
    const Shard* const other = same_shape ? next.shards()[i].get() : nullptr;
    if (&shard == other) continue;
    bytes += sizeof(Shard) + std::size_t{shard.record_count()} * shard.stride;
    for (const auto& pool : shard.pools) {
      const bool shared =
          other != nullptr && std::find(other->pools.begin(), other->pools.end(), pool) != other->pools.end();
      if (shared || pool.get() == counted) continue;
      bytes += pool->arena.bytes();
      counted = pool.get();
    }
  }
  return bytes;
}

}  // namespace writ::data
