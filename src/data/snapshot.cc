#include "src/data/snapshot.h"

#include <algorithm>

#include "src/data/shard.h"

namespace writ {

bool Node::within_many(const Datum& target, std::uint64_t target_hash) const noexcept {
  // The lower bound by conditional moves: which half it is in is anybody's guess.
  const Ancestor* at = ancestors_;
  const Ancestor* const end = at + ancestor_count_;
  for (std::size_t left = ancestor_count_; left > 1;) {
    const std::size_t half = left / 2;
    at = at[half - 1].hash < target_hash ? at + half : at;
    left -= half;
  }
  if (at->hash < target_hash) ++at;
  for (; at != end && at->hash == target_hash; ++at) {
    if (same_entity(at->entity, target)) return true;
  }
  return false;
}

const Node* Snapshot::find_spilled(TypeId type, std::string_view id, std::uint64_t hash) const noexcept {
  return shards_[(hash >> 32U) >> shift_]->find_spilled(type, id, hash);
}

std::vector<const Node*> Snapshot::all(TypeId type) const {
  std::vector<const Node*> found;
  for (const auto& shard : shards_) {
    shard->each([&](const Node& node) {
      if (node.entity.type == type) found.push_back(&node);
    });
  }
  std::sort(found.begin(), found.end(),
            [](const Node* a, const Node* b) { return a->entity.text() < b->entity.text(); });
  return found;
}

}  // namespace writ
