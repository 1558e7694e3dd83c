// Tested by tests/unit/data/index_test.cc, against a walk over all entities.
#include "src/data/index.h"

#include <algorithm>
#include <memory>

#include "src/base/hash.h"
#include "src/data/shard.h"

namespace writ::data {
namespace {

std::uint32_t shorten(std::uint64_t hash) noexcept {
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

void sort(std::vector<Posting>& postings) {
  std::sort(postings.begin(), postings.end(), [](const Posting& a, const Posting& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.record < b.record;
  });
  const auto same = [](const Posting& a, const Posting& b) { return a.hash == b.hash && a.record == b.record; };
  postings.erase(std::unique(postings.begin(), postings.end(), same), postings.end());
  postings.shrink_to_fit();
}

void post(const Datum& value, std::uint32_t record, std::vector<Posting>& postings) {
  if (value.kind == DatumKind::kSet) {
    for (std::uint32_t i = 0; i < value.count; ++i)
      post(value.items[i], record, postings);
  } else if (const std::uint32_t hash = value_hash(value); hash != 0) {
    postings.push_back({hash, record});
  }
}

}  // namespace

std::uint32_t value_hash(const Datum& value) noexcept {
  const auto seed = static_cast<std::uint64_t>(value.kind);
  std::uint64_t hash = 0;
  switch (value.kind) {
    case DatumKind::kString:
      hash = hash_bytes(value.text(), seed);
      break;
    case DatumKind::kEntity:
      hash = hash_entity(value.type, value.text(), seed);
      break;
    case DatumKind::kBool:
    case DatumKind::kInt:
    case DatumKind::kDecimal:
    case DatumKind::kTime:
    case DatumKind::kDuration:
      hash = hash_mix(seed, static_cast<std::uint64_t>(value.number));
      break;
    default:
      return 0;
  }
  return std::max<std::uint32_t>(shorten(hash), 1);
}

ShardIndex::~ShardIndex() {
  for (const Table* table = tables_.load(std::memory_order_acquire); table != nullptr;) {
    const Table* const next = table->next;
    delete table;
    table = next;
  }
}

// Two who ask at once may both make the table; both are kept, and the next finds one of them.
template <class Fill>
const ShardIndex::Table& ShardIndex::table(Kind kind, TypeId type, std::uint16_t attribute, Fill&& fill) const {
  const Table* first = tables_.load(std::memory_order_acquire);
  for (const Table* made = first; made != nullptr; made = made->next) {
    if (made->kind == kind && made->type == type && made->attribute == attribute) return *made;
  }
  auto made = std::make_unique<Table>(Table{kind, type, attribute, {}, first});
  fill(made->postings);
  while (!tables_.compare_exchange_weak(made->next, made.get(), std::memory_order_acq_rel)) {
  }
  return *made.release();
}

std::span<const Posting> ShardIndex::range(const Table& table, std::uint32_t hash) {
  const auto less = [](const Posting& a, const Posting& b) { return a.hash < b.hash; };
  const auto [first, last] = std::equal_range(table.postings.begin(), table.postings.end(), Posting{hash, 0}, less);
  return {first, last};
}

std::span<const Posting> ShardIndex::holders(const Shard& shard, const Schema& schema, TypeId type,
                                             std::uint16_t attribute, const Datum& value) const {
  const Datum& fallback = schema.types[type].attributes[attribute].fallback;
  return range(table(Kind::kHolders, type, attribute,
                     [&](std::vector<Posting>& postings) {
                       for (std::uint32_t record = 0; record < shard.record_count(); ++record) {
                         const Node* const node = shard.node(record);
                         if (node == nullptr || node->entity.type != type) continue;
                         const bool stored = attribute < node->attributes.size() &&
                                             node->attributes[attribute].kind != DatumKind::kNone;
                         post(stored ? node->attributes[attribute] : fallback, record, postings);
                       }
                       sort(postings);
                     }),
               value_hash(value));
}

std::span<const Posting> ShardIndex::children(const Shard& shard, std::uint64_t seed, std::uint64_t parent_hash) const {
  return range(table(Kind::kChildren, kNoId, 0,
                     [&](std::vector<Posting>& postings) {
                       for (std::uint32_t record = 0; record < shard.record_count(); ++record) {
                         const Node* const node = shard.node(record);
                         if (node == nullptr) continue;
                         for (const Datum& parent : node->parents()) {
                           postings.push_back({shorten(hash_entity(parent.type, parent.text(), seed)), record});
                         }
                       }
                       sort(postings);
                     }),
               shorten(parent_hash));
}

std::span<const Posting> ShardIndex::in_order(const Shard& shard, TypeId type) const {
  return table(Kind::kInOrder, type, 0,
               [&](std::vector<Posting>& postings) {
                 for (std::uint32_t record = 0; record < shard.record_count(); ++record) {
                   const Node* const node = shard.node(record);
                   if (node != nullptr && node->entity.type == type) postings.push_back({0, record});
                 }
                 std::sort(postings.begin(), postings.end(), [&shard](const Posting& a, const Posting& b) {
                   return shard.node(a.record)->entity.text() < shard.node(b.record)->entity.text();
                 });
                 postings.shrink_to_fit();
               })
      .postings;
}

}  // namespace writ::data
