// Tested by tests/unit/data/index_test.cc.
#include "src/data/lookup.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "src/data/index.h"
#include "src/data/shard.h"

namespace writ::data {
namespace {

// Past so many look-ups a walk over everything is the lesser work.
constexpr std::size_t kMostLookUps = 64;

bool before(const Datum& a, const Datum& b) {
  return a.kind != b.kind ? a.kind < b.kind : compare(a, b) < 0;
}

// The attribute as it counts.
const Datum& own_value(const Schema& schema, const Node& node, std::uint16_t attribute) {
  const bool stored = attribute < node.attributes.size() && node.attributes[attribute].kind != DatumKind::kNone;
  return stored ? node.attributes[attribute] : schema.types[node.entity.type].attributes[attribute].fallback;
}

// Whether the value, or an element of it, is among the sorted ones.
bool is_among(std::span<const Datum> sorted, const Datum& own) {
  if (own.kind != DatumKind::kSet) return std::binary_search(sorted.begin(), sorted.end(), own, before);
  return std::any_of(own.items, own.items + own.count, [sorted](const Datum& item) {
    return std::binary_search(sorted.begin(), sorted.end(), item, before);
  });
}

void find_children(const Snapshot& data, const Datum& parent, Nodes& out) {
  const std::uint64_t hash = data.hash_of(parent.type, parent.text());
  for (const auto& shard : data.shards()) {
    for (const Posting& posting : shard->index.children(*shard, data.seed(), hash)) {
      const Node* const node = shard->node(posting.record);
      const auto is_parent = [&parent](const Datum& one) { return same_entity(one, parent); };
      if (std::any_of(node->parents().begin(), node->parents().end(), is_parent)) out.push_back(node);
    }
  }
}

bool may_be_parent(const Schema& schema, TypeId type) {
  return std::any_of(schema.types.begin(), schema.types.end(), [type](const EntityType& child) {
    return std::find(child.parents.begin(), child.parents.end(), type) != child.parents.end();
  });
}

void walk_below(const Snapshot& data, std::span<const Datum> entities, Nodes& out) {
  std::pmr::unordered_multimap<std::uint64_t, const Datum*> wanted(out.get_allocator().resource());
  for (const Datum& entity : entities)
    wanted.emplace(data.hash_of(entity.type, entity.text()), &entity);
  for (const auto& shard : data.shards()) {
    shard->each([&](const Node& node) {
      const bool below = std::any_of(node.ancestors().begin(), node.ancestors().end(), [&](const Ancestor& ancestor) {
        const auto [first, last] = wanted.equal_range(ancestor.hash);
        return std::any_of(first, last, [&](const auto& one) { return same_entity(*one.second, ancestor.entity); });
      });
      if (below) out.push_back(&node);
    });
  }
}

}  // namespace

bool find_holders(const Snapshot& data, TypeId type, std::uint16_t attribute, std::span<const Datum> values,
                  Nodes& out) {
  const auto not_indexed = [](const Datum& value) { return value_hash(value) == 0; };
  if (std::any_of(values.begin(), values.end(), not_indexed)) return false;
  std::pmr::vector<Datum> sorted(values.begin(), values.end(), out.get_allocator().resource());
  std::sort(sorted.begin(), sorted.end(), before);
  const auto take = [&](const Node& node) {
    if (node.entity.type == type && is_among(sorted, own_value(data.schema(), node, attribute))) out.push_back(&node);
  };
  for (const auto& shard : data.shards()) {
    if (values.size() > kMostLookUps) {
      shard->each(take);
      continue;
    }
    for (const Datum& value : values) {
      for (const Posting& posting : shard->index.holders(*shard, data.schema(), type, attribute, value)) {
        take(*shard->node(posting.record));
      }
    }
  }
  return true;
}

void find_below(const Snapshot& data, std::span<const Datum> entities, Nodes& out) {
  if (entities.size() > kMostLookUps) return walk_below(data, entities, out);
  const std::size_t begin = out.size();
  std::pmr::unordered_set<const Node*> seen(out.get_allocator().resource());
  Nodes open(out.get_allocator().resource());
  std::size_t look_ups = entities.size();
  for (const Datum& entity : entities)
    find_children(data, entity, open);
  while (!open.empty()) {
    const Node* const node = open.back();
    open.pop_back();
    if (!seen.insert(node).second) continue;
    out.push_back(node);
    if (!may_be_parent(data.schema(), node->entity.type)) continue;
    if (++look_ups > kMostLookUps) {
      out.resize(begin);
      return walk_below(data, entities, out);
    }
    find_children(data, node->entity, open);
  }
}

InOrder::InOrder(const Snapshot& data, TypeId type, std::string_view prefix, std::string_view from,
                 std::pmr::memory_resource& memory)
    : prefix_(prefix), runs_(&memory) {
  const std::string_view first = std::max(prefix, from);
  for (const auto& shard : data.shards()) {
    const std::span<const Posting> all = shard->index.in_order(*shard, type);
    const auto at = std::lower_bound(all.begin(), all.end(), first, [&](const Posting& posting, std::string_view id) {
      return shard->node(posting.record)->entity.text() < id;
    });
    Run run{shard.get(), all.data() + (at - all.begin()), all.data() + all.size(), {}};
    if (at != all.end() && load(run)) runs_.push_back(run);
  }
  std::make_heap(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.id > b.id; });
}

bool InOrder::load(Run& run) const {
  if (run.at == run.end) return false;
  run.id = run.shard->node(run.at->record)->entity.text();
  return run.id.starts_with(prefix_);
}

const Node* InOrder::next() {
  if (runs_.empty()) return nullptr;
  const auto later = [](const Run& a, const Run& b) { return a.id > b.id; };
  std::pop_heap(runs_.begin(), runs_.end(), later);
  Run& run = runs_.back();
  const Node* const node = run.shard->node(run.at->record);
  ++run.at;
  if (load(run)) {
    std::push_heap(runs_.begin(), runs_.end(), later);
  } else {
    runs_.pop_back();
  }
  return node;
}

}  // namespace writ::data
