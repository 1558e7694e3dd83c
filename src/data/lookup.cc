// Tested by tests/unit/data/index_test.cc.
#include "src/data/lookup.h"

#include <algorithm>
#include <unordered_set>

#include "src/data/index.h"
#include "src/data/shard.h"

namespace writ::data {
namespace {

// Whether the attribute as it counts is the value or has it.
bool holds(const Schema& schema, const Node& node, TypeId type, std::uint16_t attribute, const Datum& value) {
  if (node.entity.type != type) return false;
  const bool stored = attribute < node.attributes.size() && node.attributes[attribute].kind != DatumKind::kNone;
  const Datum& own = stored ? node.attributes[attribute] : schema.types[type].attributes[attribute].fallback;
  if (own.kind == DatumKind::kSet) {
    return std::any_of(own.items, own.items + own.count,
                       [&value](const Datum& item) { return item.kind == value.kind && compare(item, value) == 0; });
  }
  return own.kind == value.kind && compare(own, value) == 0;
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

}  // namespace

bool find_holders(const Snapshot& data, TypeId type, std::uint16_t attribute, const Datum& value, Nodes& out) {
  if (value_hash(value) == 0) return false;
  for (const auto& shard : data.shards()) {
    for (const Posting& posting : shard->index.holders(*shard, data.schema(), type, attribute, value)) {
      const Node* const node = shard->node(posting.record);
      if (holds(data.schema(), *node, type, attribute, value)) out.push_back(node);
    }
  }
  return true;
}

void find_below(const Snapshot& data, const Datum& entity, Nodes& out) {
  std::pmr::unordered_set<const Node*> seen(out.get_allocator().resource());
  Nodes open(out.get_allocator().resource());
  find_children(data, entity, open);
  while (!open.empty()) {
    const Node* const node = open.back();
    open.pop_back();
    if (!seen.insert(node).second) continue;
    out.push_back(node);
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
