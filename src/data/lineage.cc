#include "src/data/lineage.h"

#include <algorithm>

namespace writ::data {

ListId Lineage::add(std::span<const Datum> parents, std::uint64_t seed, std::uint32_t entity) {
  if (parents.empty()) return kNoParents;
  scratch_.clear();
  for (const Datum& parent : parents)
    scratch_.push_back(pool_.name(parent, hash_entity(parent.type, parent.text(), seed)));
  std::sort(scratch_.begin(), scratch_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return a != b && compare(pool_.named(a).entity, pool_.named(b).entity) < 0;
  });
  scratch_.erase(std::unique(scratch_.begin(), scratch_.end()), scratch_.end());

  std::uint64_t hash = seed;
  for (const std::uint32_t name : scratch_)
    hash = hash_mix(hash, name);
  const ListId known = index_.find(hash, [this](ListId i) {
    const auto first = members_.begin() + lists_[i].first;
    return std::equal(scratch_.begin(), scratch_.end(), first, first + lists_[i].count);
  });
  if (known != kNone) return known;

  const std::span<Datum> copied = pool_.arena().array<Datum>(scratch_.size());
  for (std::size_t i = 0; i < copied.size(); ++i)
    copied[i] = pool_.named(scratch_[i]).entity;
  const auto fresh = static_cast<ListId>(lists_.size());
  lists_.push_back(
      {static_cast<std::uint32_t>(members_.size()), static_cast<std::uint32_t>(scratch_.size()), entity, copied, {}});
  members_.insert(members_.end(), scratch_.begin(), scratch_.end());
  index_.add(hash, fresh);
  return fresh;
}

LineageFault Lineage::close(const std::function<Parent(const Ancestor& name)>& look_up) {
  known_.resize(pool_.name_count());
  for (std::uint32_t name = 0; name < known_.size(); ++name)
    known_[name] = look_up(pool_.named(name));
  LineageFault fault = find_missing();
  if (fault.kind == LineageFault::Kind::kFine) fault = sort_by_depth();
  for (std::size_t i = 0; i < order_.size() && fault.kind == LineageFault::Kind::kFine; ++i)
    fault = unite(lists_[order_[i]]);
  return fault;
}

LineageFault Lineage::find_missing() const {
  for (const List& list : lists_) {
    for (std::uint32_t i = 0; i < list.count; ++i) {
      if (!parent(list, i).missing) continue;
      return {LineageFault::Kind::kMissing, list.entity, {pool_.named(members_[list.first + i]).entity}};
    }
  }
  return {};
}

LineageFault Lineage::sort_by_depth() {
  marks_.assign(lists_.size(), Mark::kNew);
  marks_[kNoParents] = Mark::kDone;
  depth_.assign(lists_.size(), 0);
  order_.reserve(lists_.size());
  for (ListId list = 1; list < lists_.size(); ++list) {
    if (marks_[list] != Mark::kNew) continue;
    LineageFault fault = visit(list);
    if (fault.kind != LineageFault::Kind::kFine) return fault;
  }
  return {};
}

// Depth first, with a stack of its own: data decides how deep it goes.
LineageFault Lineage::visit(ListId from) {
  path_.assign(1, {from, 0});
  marks_[from] = Mark::kOpen;
  while (!path_.empty()) {
    const ListId here = path_.back().list;
    if (path_.back().visited < lists_[here].count) {
      const ListId next = parent(lists_[here], path_.back().visited++).list;
      if (marks_[next] == Mark::kOpen) return circle(next);
      if (marks_[next] == Mark::kDone) continue;
      marks_[next] = Mark::kOpen;
      path_.push_back({next, 0});
      continue;
    }
    for (std::uint32_t i = 0; i < lists_[here].count; ++i)
      depth_[here] = std::max(depth_[here], depth_[parent(lists_[here], i).list] + 1);
    // Each step up is an ancestor; closures of a hopelessly deep chain are not even begun.
    if (depth_[here] > kMostAncestors) return {LineageFault::Kind::kTooMany, lists_[here].entity, {}};
    marks_[here] = Mark::kDone;
    order_.push_back(here);
    path_.pop_back();
  }
  return {};
}

// The path leads from list to list by a parent each; from `from` on it has come round. Told from the member with the
// smallest number on.
LineageFault Lineage::circle(ListId from) const {
  LineageFault fault{LineageFault::Kind::kCircle, kNone, {}};
  std::size_t smallest = 0;
  const auto begin = std::find_if(path_.begin(), path_.end(), [from](const Step& step) { return step.list == from; });
  for (auto step = begin; step != path_.end(); ++step) {
    const std::uint32_t name = members_[lists_[step->list].first + step->visited - 1];
    if (known_[name].entity < fault.entity) {
      fault.entity = known_[name].entity;
      smallest = fault.names.size();
    }
    fault.names.push_back(pool_.named(name).entity);
  }
  std::rotate(fault.names.begin(), fault.names.begin() + static_cast<std::ptrdiff_t>(smallest), fault.names.end());
  return fault;
}

// Sorts what was gathered and drops repetitions; false if too much is left.
bool Lineage::settle() {
  std::sort(union_.begin(), union_.end(), [](const Ancestor& a, const Ancestor& b) {
    return a.hash != b.hash ? a.hash < b.hash : compare(a.entity, b.entity) < 0;
  });
  union_.erase(std::unique(union_.begin(), union_.end(),
                           [](const Ancestor& a, const Ancestor& b) {
                             return a.hash == b.hash && same_entity(a.entity, b.entity);
                           }),
               union_.end());
  return union_.size() <= kMostAncestors;
}

LineageFault Lineage::unite(List& list) {
  LineageFault too_many{LineageFault::Kind::kTooMany, list.entity, {}};
  union_.clear();
  for (std::uint32_t i = 0; i < list.count; ++i) {
    const Parent& above = parent(list, i);
    const auto ancestors = above.list == kNoParents ? above.ancestors : lists_[above.list].ancestors;
    union_.push_back(pool_.named(members_[list.first + i]));
    union_.insert(union_.end(), ancestors.begin(), ancestors.end());
    if (union_.size() > 2 * kMostAncestors && !settle()) return too_many;
  }
  if (!settle()) return too_many;
  list.ancestors = pool_.ancestors(union_);
  return {};
}

}  // namespace writ::data
