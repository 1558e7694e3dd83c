#include "src/data/shard.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "src/base/huge_pages.h"

namespace writ::data {
namespace {

constexpr std::size_t kSlabBytes = std::size_t{8} << 20U;
constexpr std::size_t kHugePage = std::size_t{2} << 20U;
constexpr std::size_t kMostPools = 16;

std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

std::shared_ptr<std::byte> aligned_block(std::size_t bytes, std::size_t alignment) {
  auto* const memory = static_cast<std::byte*>(::operator new (bytes, std::align_val_t{alignment}));
  return {memory, [alignment](std::byte* block) { ::operator delete (block, std::align_val_t{alignment}); }};
}

// What a value takes up in a record beside its datum.
std::size_t content_bytes(const Datum& value) {
  switch (value.kind) {
    case DatumKind::kString:
      return is_pooled(value) ? 0 : value.count;
    case DatumKind::kEntity:
      return value.count;
    case DatumKind::kIp:
      return sizeof(Ip);
    default:
      return 0;
  }
}

// Moves a value's content to `free` and past it, if it belongs into the record.
Datum settle(Datum value, std::byte*& free) {
  const std::size_t bytes = content_bytes(value);
  if (value.kind == DatumKind::kIp) {
    static_assert(alignof(Ip) == 1);
    value.address = new (free) Ip(*value.address);
  } else if (bytes != 0) {
    std::memcpy(free, value.bytes, bytes);
    value.bytes = reinterpret_cast<const char*>(free);
  }
  free += bytes;
  return value;
}

// The entity's hash, type and id first, then what conditions read.
void write_record(const Node& from, std::byte* record) {
  Node* const node = new (record) Node(from);
  std::byte* free = record + sizeof(Node);
  node->entity = settle(from.entity, free);
  auto* const attributes =
      reinterpret_cast<Datum*>(record + round_up(sizeof(Node) + from.entity.count, alignof(Datum)));
  free = reinterpret_cast<std::byte*>(attributes + from.attributes.size());
  for (std::size_t i = 0; i < from.attributes.size(); ++i)
    new (attributes + i) Datum(settle(from.attributes[i], free));
  node->attributes = {attributes, from.attributes.size()};
}

std::uint32_t capacity_for(std::size_t count) {
  return static_cast<std::uint32_t>(count + count / 3 + 1);
}

void put(std::uint32_t* slots, const Shard& shard, std::uint64_t hash, std::size_t place) {
  std::uint32_t at = first_slot(hash, shard.capacity);
  while (slots[at] != 0) {
    if (++at == shard.capacity) at = 0;
  }
  slots[at] = slot_tag(hash, shard.places) | static_cast<std::uint32_t>(place);
}

// Which of a shard's pools stay as they are, and which are emptied.
class Mover {
 public:
  Mover(std::span<const Node> nodes, std::span<const std::shared_ptr<const Pool>> pools) {
    for (const auto& pool : pools) {
      if (stays_ == nullptr || pool->arena.bytes() > stays_->arena.bytes()) stays_ = pool;
    }
    for (const auto& pool : pools) {
      if (pool != stays_) emptied_.push_back(pool.get());
    }
    std::size_t leaning = 0;
    for (const Node& node : nodes)
      leaning += leans(node) ? 1 : 0;
    if (2 * leaning < nodes.size()) stays_ = nullptr;
  }

  const std::shared_ptr<const Pool>& stays() const { return stays_; }
  bool moves(const void* address) const {
    return stays_ == nullptr ||
           std::any_of(emptied_.begin(), emptied_.end(), [address](const Pool* pool) { return pool->holds(address); });
  }

 private:
  bool leans(const Node& node) const {
    if (!node.ancestors.empty() && !moves(node.ancestors.data())) return true;
    return std::any_of(node.attributes.begin(), node.attributes.end(),
                       [this](const Datum& value) { return is_pooled(value) && !moves(value.bytes); });
  }

  std::shared_ptr<const Pool> stays_;
  std::vector<const Pool*> emptied_;
};

}  // namespace

AncestorFilter::AncestorFilter(std::span<const Node> nodes) {
  std::vector<std::span<const Ancestor>> lists;
  for (const Node& node : nodes) {
    if (!node.ancestors.empty()) lists.push_back(node.ancestors);
  }
  const auto begin_of = [](std::span<const Ancestor> list) { return list.data(); };
  std::ranges::sort(lists, {}, begin_of);
  const auto repeated = std::ranges::unique(lists, {}, begin_of);
  lists.erase(repeated.begin(), repeated.end());
  std::size_t count = 0;
  for (const auto list : lists)
    count += list.size();
  words_.resize((count + 3) / 4);  // 16 bits an ancestor
  for (const auto list : lists) {
    for (const Ancestor& ancestor : list)
      words_[first_slot(ancestor.hash, static_cast<std::uint32_t>(words_.size()))] |= bits(ancestor.hash);
  }
}

bool AncestorFilter::may_hold(std::uint64_t hash) const noexcept {
  if (words_.empty()) return false;
  const std::uint64_t word = words_[first_slot(hash, static_cast<std::uint32_t>(words_.size()))];
  return (word & bits(hash)) == bits(hash);
}

std::shared_ptr<std::byte> Blocks::take(std::size_t bytes) {
  if (!slabs_) return aligned_block(bytes, kRecordUnit);
  if (bytes > left_) {
    left_ = round_up(std::max(bytes, kSlabBytes), kHugePage);
    slab_ = aligned_block(left_, kHugePage);
    prefer_huge_pages(slab_.get(), left_);
    used_ = 0;
  }
  std::shared_ptr<std::byte> block(slab_, slab_.get() + used_);
  used_ += bytes;
  left_ -= bytes;
  return block;
}

std::size_t record_bytes(const Datum& entity, std::span<const Datum> attributes) {
  std::size_t bytes = round_up(sizeof(Node) + entity.count, alignof(Datum)) + attributes.size_bytes();
  for (const Datum& value : attributes)
    bytes += content_bytes(value);
  return round_up(bytes, kRecordUnit);
}

std::shared_ptr<const Shard> build_shard(std::span<const Node> nodes, std::vector<std::shared_ptr<const Pool>> pools,
                                         Blocks& blocks) {
  auto shard = std::make_shared<Shard>();
  shard->count = static_cast<std::uint32_t>(nodes.size());
  shard->capacity = capacity_for(nodes.size());
  shard->pools = std::move(pools);
  shard->below = AncestorFilter(nodes);
  const std::size_t slot_bytes = round_up(shard->capacity * sizeof(std::uint32_t), kRecordUnit);
  std::size_t bytes = slot_bytes;
  for (const Node& node : nodes)
    bytes += record_bytes(node.entity, node.attributes);
  shard->places = (std::uint32_t{1} << std::bit_width(bytes / kRecordUnit)) - 1;

  std::shared_ptr<std::byte> block = blocks.take(bytes);
  auto* const slots = new (block.get()) std::uint32_t[shard->capacity]();
  std::size_t at = slot_bytes;
  for (const Node& node : nodes) {
    write_record(node, block.get() + at);
    put(slots, *shard, node.hash, at / kRecordUnit);
    at += record_bytes(node.entity, node.attributes);
  }
  shard->block = std::move(block);
  return shard;
}

void merge_pools(std::vector<Node>& nodes, std::vector<std::shared_ptr<const Pool>>& pools, const Schema& schema,
                 std::uint64_t seed, Arena& scratch) {
  if (pools.size() <= kMostPools) return;
  const Mover mover(nodes, pools);
  PoolWriter writer(schema, seed);
  for (Node& node : nodes) {
    if (mover.moves(node.parents.data())) node.parents = writer.parents(node.parents);
    if (mover.moves(node.ancestors.data())) node.ancestors = writer.ancestors(node.ancestors);
    const auto must_move = [&](const Datum& value) { return is_pooled(value) && mover.moves(value.bytes); };
    if (std::none_of(node.attributes.begin(), node.attributes.end(), must_move)) continue;
    const std::span<Datum> attributes = scratch.array<Datum>(node.attributes.size());
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      const Datum& value = node.attributes[i];
      attributes[i] = must_move(value) ? writer.share(value) : value;
    }
    node.attributes = attributes;
  }
  pools.clear();
  if (mover.stays() != nullptr) pools.push_back(mover.stays());
  if (writer.used()) pools.push_back(writer.take());
}

}  // namespace writ::data
