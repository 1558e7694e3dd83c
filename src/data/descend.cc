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
    for (const auto& shard : staging_.base()->shards()) {
      if (may_concern(*shard)) shard->each([this](const Node& node) { visit(node); });
    }
    if (kept_ != kNone) return still_parent();
    // In an order of their own, so that what is said about them does not hang on the seed.
    std::sort(below_.begin(), below_.end(),
              [](const Node* a, const Node* b) { return compare(a->entity, b->entity) < 0; });
    for (const Node* node : below_)
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
      if (before == nullptr || (!staged.erased && same_parents(before->parents(), staging_.parents_of(staged))))
        continue;
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
                       [&](std::uint32_t i) { return shard.below().may_hold(staging_.entities()[i].hash); });
  }

  void visit(const Node& node) {
    // One that is stated anew says itself what its parents are.
    if (!concerns(node) || staging_.find(node.entity, node.hash) != nullptr) return;
    below_.push_back(&node);
    for (const Datum& parent : node.parents()) {
      const std::uint32_t above = moved(parent, hash_entity(parent.type, parent.text(), staging_.seed()));
      if (above == kNone || !staging_.entities()[above].erased) continue;
      if (kept_ == kNone || above < kept_ || (above == kept_ && compare(node.entity, child_) < 0)) {
        kept_ = above;
        child_ = node.entity;
      }
    }
  }

  bool concerns(const Node& node) const {
    if (moved_.size() == 1) {
      const StagedEntity& only = staging_.entities()[moved_.front()];
      return node.within(only.entity, only.hash);
    }
    const auto ancestors = node.ancestors();
    return std::any_of(ancestors.begin(), ancestors.end(),
                       [this](const Ancestor& ancestor) { return moved(ancestor.entity, ancestor.hash) != kNone; });
  }

  std::uint32_t moved(const Datum& entity, std::uint64_t hash) const {
    return index_.find(hash, [&](std::uint32_t i) { return same_entity(staging_.entities()[i].entity, entity); });
  }

  Error still_parent() const {
    const StagedEntity& above = staging_.entities()[kept_];
    Error error = staging_.fault(ErrorCode::kUnknownParent, above.place, above.entity);
    staging_.append(error.append("cannot be taken out: "), child_);
    return error.append(" names it as parent; change that first");
  }

  Staging& staging_;
  std::vector<bool> is_parent_;  // by type
  std::vector<std::uint32_t> moved_;
  HashIndex index_;
  std::vector<const Node*> below_;
  std::uint32_t kept_ = kNone;  // the first one taken out that is a parent still, and the first of its children
  Datum child_;
};

}  // namespace

Result<void> descend(Staging& staging) {
  return Descent(staging).run();
}

}  // namespace writ::data
