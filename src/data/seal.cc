#include "src/data/seal.h"

#include <algorithm>
#include <bit>

#include "src/data/shard.h"

namespace writ::data {
namespace {

constexpr unsigned kMostShardBits = 20;

// 2^k shards of about as many entities.
unsigned shard_bits(std::size_t entities) {
  return std::min(static_cast<unsigned>(std::bit_width(entities)) / 2, kMostShardBits);
}

std::size_t shard_of(std::uint64_t hash, unsigned bits) {
  return static_cast<std::size_t>((hash >> 32U) >> (32 - bits));
}

}  // namespace

class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(Staging& staging) : staging_(staging), made_(std::make_shared<Snapshot>()) {
    made_->schema_ = staging.share_schema();
    made_->seed_ = staging.seed();
  }

  std::shared_ptr<const Snapshot> load();
  std::shared_ptr<const Snapshot> change(const Snapshot& base);

 private:
  void sort_into_shards();
  std::span<const std::uint32_t> staged_in(std::size_t shard) const {
    return std::span(order_).subspan(starts_[shard], starts_[shard + 1] - starts_[shard]);
  }
  void set(std::size_t index, std::shared_ptr<const Shard> shard);
  std::shared_ptr<const Shard> change_shard(const Shard& old, std::size_t index, bool split);
  void count(const StagedEntity& staged, bool there);

  Staging& staging_;
  std::shared_ptr<Snapshot> made_;
  std::shared_ptr<const Pool> pool_;
  unsigned bits_ = 0;
  std::vector<std::uint32_t> order_;   // of the staged entities, shard by shard
  std::vector<std::uint32_t> starts_;  // of each shard in order_, and the end
  Blocks blocks_;
  std::vector<Node> nodes_;
};

void SnapshotBuilder::sort_into_shards() {
  const std::span<const StagedEntity> entities = staging_.entities();
  starts_.assign((std::size_t{1} << bits_) + 1, 0);
  for (const StagedEntity& staged : entities)
    ++starts_[shard_of(staged.hash, bits_) + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i)
    starts_[i] += starts_[i - 1];
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  order_.resize(entities.size());
  for (std::uint32_t i = 0; i < entities.size(); ++i)
    order_[next[shard_of(entities[i].hash, bits_)]++] = i;
}

void SnapshotBuilder::set(std::size_t index, std::shared_ptr<const Shard> shard) {
  made_->views_[index] = {shard->records, shard->capacity, shard->stride};
  made_->spilled_ = made_->spilled_ || !shard->spilled.empty();
  made_->shards_[index] = std::move(shard);
}

std::shared_ptr<const Snapshot> SnapshotBuilder::load() {
  made_->version_ = 1;
  made_->count_of_type_.resize(made_->schema_->types.size());
  for (const StagedEntity& staged : staging_.entities())
    count(staged, false);
  bits_ = shard_bits(made_->size_);
  sort_into_shards();
  made_->shift_ = 32 - bits_;
  made_->views_.resize(std::size_t{1} << bits_);
  made_->shards_.resize(std::size_t{1} << bits_);
  blocks_ = Blocks(staging_.record_bytes());
  pool_ = staging_.take_pool();
  const std::size_t shards = made_->shards_.size();
  for (std::size_t index = 0; index < shards; ++index) {
    nodes_.clear();
    for (const std::uint32_t i : staged_in(index))
      nodes_.push_back(staging_.node(staging_.entities()[i]));
    std::vector<std::shared_ptr<const Pool>> pools;
    if (pool_ != nullptr) pools.push_back(pool_);
    set(index, build_shard(nodes_, std::move(pools), blocks_));
    staging_.release(index + 1, shards);
  }
  return std::move(made_);
}

std::shared_ptr<const Shard> SnapshotBuilder::change_shard(const Shard& old, std::size_t index, bool split) {
  nodes_.clear();
  old.each([&](const Node& node) {
    if (split && shard_of(node.hash, bits_) != index) return;
    const bool stays = staged_in(index).empty() || staging_.find(node.entity, node.hash) == nullptr;
    if (stays) nodes_.push_back(node);
  });
  std::vector<std::shared_ptr<const Pool>> pools = old.pools;
  for (const std::uint32_t i : staged_in(index)) {
    const StagedEntity& staged = staging_.entities()[i];
    if (!staged.erased) nodes_.push_back(staging_.node(staged));
  }
  if (pool_ != nullptr && !staged_in(index).empty()) pools.push_back(pool_);
  Arena scratch;
  merge_pools(nodes_, pools, *made_->schema_, made_->seed_, scratch);
  return build_shard(nodes_, std::move(pools), blocks_);
}

// One more entity, or one less.
void SnapshotBuilder::count(const StagedEntity& staged, bool there) {
  std::uint32_t& of_type = made_->count_of_type_[staged.entity.type];
  if (there && staged.erased) {
    --made_->size_;
    --of_type;
  } else if (!there) {
    ++made_->size_;
    ++of_type;
  }
}

std::shared_ptr<const Snapshot> SnapshotBuilder::change(const Snapshot& base) {
  made_->version_ = base.version_ + 1;
  made_->size_ = base.size_;
  made_->spilled_ = base.spilled_;
  made_->count_of_type_ = base.count_of_type_;
  for (const StagedEntity& staged : staging_.entities())
    count(staged, base.find(staged.entity.type, staged.entity.text(), staged.hash) != nullptr);
  // Shards that have grown to four times their size are split, all of them, so that each change pays little for it.
  const unsigned base_bits = 32 - base.shift_;
  bits_ = std::max(shard_bits(made_->size_), base_bits);
  const bool split = bits_ != base_bits;
  sort_into_shards();
  pool_ = staging_.take_pool();
  made_->shift_ = 32 - bits_;
  if (!split) {
    made_->views_ = base.views_;
    made_->shards_ = base.shards_;
  } else {
    made_->views_.resize(std::size_t{1} << bits_);
    made_->shards_.resize(std::size_t{1} << bits_);
  }
  for (std::size_t index = 0; index < made_->shards_.size(); ++index) {
    if (!split && staged_in(index).empty()) continue;
    set(index, change_shard(*base.shards_[index >> (bits_ - base_bits)], index, split));
  }
  return std::move(made_);
}

std::shared_ptr<const Snapshot> seal(Staging& staging) {
  SnapshotBuilder builder(staging);
  return staging.base() == nullptr ? builder.load() : builder.change(*staging.base());
}

}  // namespace writ::data
