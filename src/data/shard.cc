#include "src/data/shard.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <new>

#include "src/base/huge_pages.h"

namespace writ::data {
namespace {

constexpr std::size_t kLine = 64;
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

// The size that records shall have: least memory, where one more line to fetch counts as much as four lines of memory.
std::size_t best_stride(std::span<const Node> nodes, std::uint32_t capacity) {
  constexpr std::size_t kLargest = 512;
  std::size_t best = kLargest;
  std::size_t best_cost = static_cast<std::size_t>(-1);
  std::vector<std::size_t> sizes;
  for (const Node& node : nodes)
    sizes.push_back(record_bytes(node.entity, node.attributes));
  for (std::size_t stride = 2 * kLine; stride <= kLargest; stride += kLine) {
    std::size_t cost = capacity * stride;
    for (const std::size_t size : sizes)
      cost += size > stride ? size - stride + 4 * kLine : 0;
    if (cost >= best_cost) continue;
    best = stride;
    best_cost = cost;
  }
  return best;
}

// Where the parts of records go: behind each other in the record while there is room, else to the overflow.
class Layout {
 public:
  explicit Layout(std::size_t stride) : stride_(stride) {}

  struct Spot {
    bool inside = false;
    std::size_t offset = 0;  // in the record, or in the overflow
  };

  void begin_record() { used_ = 0; }
  Spot take(std::size_t bytes, std::size_t alignment) {
    const std::size_t at = round_up(used_, alignment);
    if (at + bytes <= stride_) {
      used_ = at + bytes;
      return {true, at};
    }
    const std::size_t offset = round_up(overflow_, alignment);
    overflow_ = offset + bytes;
    return {false, offset};
  }
  bool has_room(std::size_t bytes, std::size_t alignment) const {
    return round_up(used_, alignment) + bytes <= stride_;
  }
  std::size_t overflow() const { return overflow_; }

 private:
  std::size_t stride_;
  std::size_t used_ = 0;
  std::size_t overflow_ = 0;
};

// Writes records and what belongs to them. Without memory it only finds out how much overflow there is.
class RecordWriter {
 public:
  RecordWriter(std::size_t stride, std::byte* overflow) : layout_(stride), overflow_(overflow) {}

  // The entity's hash, type and id first, then what conditions read.
  void write(const Node& from, std::byte* record) {
    layout_.begin_record();
    std::byte* const at = take(record, sizeof(Node), alignof(Node));
    Node* const node = record == nullptr ? nullptr : new (at) Node(from);
    const Datum entity = settle(from.entity, record);
    std::byte* const list = take(record, from.attributes.size_bytes(), alignof(Datum));
    for (std::size_t i = 0; i < from.attributes.size(); ++i) {
      const Datum value = settle(from.attributes[i], record);
      if (record != nullptr) new (list + i * sizeof(Datum)) Datum(value);
    }
    if (record == nullptr) return;
    node->entity = entity;
    node->attributes = {reinterpret_cast<const Datum*>(list), from.attributes.size()};
    write_hashes(*node, record);
  }

  std::size_t overflow() const { return layout_.overflow(); }

 private:
  std::byte* take(std::byte* record, std::size_t bytes, std::size_t alignment) {
    const Layout::Spot spot = layout_.take(bytes, alignment);
    if (record == nullptr) return nullptr;
    return (spot.inside ? record : overflow_) + spot.offset;
  }

  // Only in what room is left, and last: they stand with the ancestors as well.
  void write_hashes(Node& node, std::byte* record) {
    const std::span<const Ancestor> ancestors = node.ancestors();
    const std::size_t bytes = ancestors.size() * sizeof(std::uint64_t);
    if (ancestors.empty() || ancestors.size() > Node::kFew) return;
    if (!layout_.has_room(bytes, alignof(std::uint64_t))) return;
    std::byte* const to = take(record, bytes, alignof(std::uint64_t));
    for (std::size_t i = 0; i < ancestors.size(); ++i)
      new (to + i * sizeof(std::uint64_t)) std::uint64_t(ancestors[i].hash);
    node.set_hashes_at(static_cast<std::size_t>(to - record));
  }

  // Moves a value's content to where it belongs.
  Datum settle(Datum value, std::byte* record) {
    const std::size_t bytes = content_bytes(value);
    if (bytes == 0) return value;
    std::byte* const to = take(record, bytes, 1);
    if (record == nullptr) return value;
    if (value.kind == DatumKind::kIp) {
      static_assert(alignof(Ip) == 1);
      value.address = new (to) Ip(*value.address);
    } else {
      std::memcpy(to, value.bytes, bytes);
      value.bytes = reinterpret_cast<const char*>(to);
    }
    return value;
  }

  Layout layout_;
  std::byte* overflow_;
};

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
    if (!node.ancestors().empty() && !moves(node.ancestors().data())) return true;
    return std::any_of(node.attributes.begin(), node.attributes.end(),
                       [this](const Datum& value) { return is_pooled(value) && !moves(value.bytes); });
  }

  std::shared_ptr<const Pool> stays_;
  std::vector<const Pool*> emptied_;
};

}  // namespace

void AncestorFilter::fill(const Shard& shard) {
  std::vector<std::span<const Ancestor>> lists;
  shard.each([&lists](const Node& node) {
    if (!node.ancestors().empty()) lists.push_back(node.ancestors());
  });
  using List = std::span<const Ancestor>;
  std::sort(lists.begin(), lists.end(), [](List a, List b) { return std::less<>()(a.data(), b.data()); });
  const auto same = [](List a, List b) { return a.data() == b.data(); };
  lists.erase(std::unique(lists.begin(), lists.end(), same), lists.end());
  std::size_t count = 0;
  for (const auto list : lists)
    count += list.size();
  words_.resize((count + 3) / 4);  // 16 bits an ancestor
  for (const auto list : lists) {
    for (const Ancestor& ancestor : list)
      words_[word_of(ancestor.hash)] |= bits(ancestor.hash);
  }
}

bool AncestorFilter::may_hold(std::uint64_t hash) const noexcept {
  if (words_.empty()) return false;
  const std::uint64_t word = words_[word_of(hash)];
  return (word & bits(hash)) == bits(hash);
}

const Node* Shard::find_spilled(TypeId type, std::string_view id, std::uint64_t hash) const noexcept {
  for (const Node* node : spilled) {
    if (node->hash == hash && node->entity.type == type && node->entity.text() == id) return node;
  }
  return nullptr;
}

std::shared_ptr<std::byte> Blocks::take(std::size_t bytes) {
  if (!slabs_) return aligned_block(bytes, kLine);
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
  return bytes;
}

std::shared_ptr<const Shard> build_shard(std::span<const Node> nodes, std::vector<std::shared_ptr<const Pool>> pools,
                                         Blocks& blocks) {
  std::vector<std::uint64_t> hashes;
  for (const Node& node : nodes)
    hashes.push_back(node.hash);
  pilot::Places placed = pilot::place(hashes);
  // What has no place of its own follows behind the places.
  std::uint32_t end = placed.capacity;
  for (std::uint32_t& at : placed.places)
    at = at == pilot::kNone ? end++ : at;

  const std::size_t stride = best_stride(nodes, end);
  RecordWriter sizing(stride, nullptr);
  for (const Node& node : nodes)
    sizing.write(node, nullptr);
  const std::size_t pilot_bytes = round_up(placed.pilots.size(), kLine);
  const std::size_t record_bytes = end * stride;
  std::shared_ptr<std::byte> block = blocks.take(pilot_bytes + record_bytes + round_up(sizing.overflow(), kLine));
  std::byte* const records = block.get() + pilot_bytes;
  std::memcpy(records - placed.pilots.size(), placed.pilots.data(), placed.pilots.size());
  for (std::uint32_t at = 0; at < end; ++at)
    new (records + at * stride) Node();

  auto shard = std::make_shared<Shard>();
  RecordWriter writer(stride, records + record_bytes);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::byte* const record = records + placed.places[i] * stride;
    writer.write(nodes[i], record);
    if (placed.places[i] >= placed.capacity) shard->spilled.push_back(reinterpret_cast<const Node*>(record));
  }
  shard->records = records;
  shard->capacity = placed.capacity;
  shard->stride = static_cast<std::uint32_t>(stride);
  shard->pools = std::move(pools);
  shard->block = std::move(block);
  return shard;
}

void merge_pools(std::vector<Node>& nodes, std::vector<std::shared_ptr<const Pool>>& pools, const Schema& schema,
                 std::uint64_t seed, Arena& scratch) {
  if (pools.size() <= kMostPools) return;
  const Mover mover(nodes, pools);
  PoolWriter writer(schema, seed);
  for (Node& node : nodes) {
    if (mover.moves(node.parents().data())) node.set_parents(writer.parents(node.parents()));
    if (mover.moves(node.ancestors().data())) node.set_ancestors(writer.ancestors(node.ancestors()));
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
