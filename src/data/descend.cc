#include "src/data/descend.h"

#include <algorithm>
#include <vector>

#include "src/data/shard.h"

namespace writ::data {
namespace {

// Past so many, asking each shard about each costs more than walking over all shards.
constexpr std::size_t kMostAskedFor = 64;

class Descent {
 public:
  explicit Descent(Staging& staging) : staging_(staging), is_parent_(staging.schema().types.size()) {
    for (const EntityType& type : staging.schema().types) {
      for (const TypeId parent : type.parents)
        is_parent_[parent] = true;
    }
  }

  Result<void> run() {
    gather();
    if (moved_.empty()) return {};
    std::vector<const Node*> below;
    for (const auto& shard : staging_.base()->shards()) {
      if (!may_concern(*shard)) continue;
      Result<void> checked;
      shard->each([&](const Node& node) {
        if (checked && concerns(node)) checked = take(node, below);
      });
      if (!checked) return checked;
    }
    for (const Node* node : below)
      staging_.derive(*node);
    return {};
  }

 private:
  // Those that were there before, could have somebody below them, and have other parents now, or are gone.
  void gather() {
    const auto entities = staging_.entities();
    for (std::uint32_t i = 0; i < entities.size(); ++i) {
      const StagedEntity& staged = entities[i];
      if (!is_parent_[staged.entity.type]) continue;
      const Node* const before = staging_.base()->find(staged.entity.type, staged.entity.text(), staged.hash);
      if (before == nullptr || (!staged.erased && same_parents(before->parents, staging_.parents_of(staged)))) continue;
      index_.add(staged.hash, i);
      moved_.push_back(i);
    }
  }

  static bool same_parents(std::span<const Datum> a, std::span<const Datum> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Datum& x, const Datum& y) { return same_entity(x, y); });
  }

  bool may_concern(const Shard& shard) const {
    if (moved_.size() > kMostAskedFor) return true;
    return std::any_of(moved_.begin(), moved_.end(),
                       [&](std::uint32_t i) { return shard.below.may_hold(staging_.entities()[i].hash); });
  }

  bool concerns(const Node& node) const {
    if (moved_.size() == 1) {
      const StagedEntity& only = staging_.entities()[moved_.front()];
      return node.within(only.entity, only.hash);
    }
    return std::any_of(node.ancestors.begin(), node.ancestors.end(),
                       [this](const Ancestor& ancestor) { return moved(ancestor.entity, ancestor.hash) != nullptr; });
  }

  const StagedEntity* moved(const Datum& entity, std::uint64_t hash) const {
    const std::uint32_t found =
        index_.find(hash, [&](std::uint32_t i) { return same_entity(staging_.entities()[i].entity, entity); });
    return found == kNone ? nullptr : &staging_.entities()[found];
  }

  Result<void> take(const Node& node, std::vector<const Node*>& below) const {
    if (staging_.find(node.entity, node.hash) != nullptr) return {};  // it says itself what its parents are
    for (const Datum& parent : node.parents) {
      const StagedEntity* const above = moved(parent, hash_entity(parent.type, parent.text(), staging_.seed()));
      if (above == nullptr || !above->erased) continue;
      Error error = staging_.fault(ErrorCode::kUnknownParent, above->place, above->entity);
      staging_.append(error.append("cannot be taken out: "), node.entity);
      return error.append(" names it as parent; change that first");
    }
    below.push_back(&node);
    return {};
  }

  Staging& staging_;
  std::vector<bool> is_parent_;  // by type
  std::vector<std::uint32_t> moved_;
  HashIndex index_;
};

}  // namespace

Result<void> descend(Staging& staging) {
  return Descent(staging).run();
}

}  // namespace writ::data
