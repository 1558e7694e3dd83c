// Pool: what entities share: sets, records, scopes, long texts, direct parents and ancestors. Filled by one load or one
// change, immutable afterwards. What lies in a pool points into that pool (or into the schema) and nowhere else.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "src/base/arena.h"
#include "src/data/hash_index.h"
#include "src/data/snapshot.h"
#include "src/scope/datum.h"
#include "src/scope/schema.h"

namespace writ::data {

struct Pool {
  Arena arena;

  // Whether the list or value that begins at `address` lies in it.
  bool holds(const void* address) const { return arena.contains(address); }
};

// Texts up to this length lie beside the entity, where reading them costs no further cache line.
inline constexpr std::uint32_t kLongestTextInRecord = 128;

// Equal values have equal hashes, whatever they point to.
std::uint64_t hash_content(const Datum& value, std::uint64_t seed);

// Whether a value's content lies in a pool; that of the others lies in the entity's record, or in the datum itself.
inline bool is_pooled(const Datum& value) {
  switch (value.kind) {
    case DatumKind::kSet:
    case DatumKind::kRecord:
    case DatumKind::kScope:
      return true;
    case DatumKind::kString:
      return value.count > kLongestTextInRecord;
    default:
      return false;
  }
}

// Fills a pool. Equal things are kept once.
class PoolWriter {
 public:
  // The schema must outlive every pool made: a scope that stands for everything points at the schema's own list.
  PoolWriter(const Schema& schema, std::uint64_t seed) : schema_(schema), seed_(seed), pool_(new Pool) {}

  // The same value with its content in the pool; a value that is not pooled is given back as it is.
  Datum share(const Datum& value);
  // An entity as others name it: its number here, from 0 in order of first mention, with its id in the pool.
  std::uint32_t name(const Datum& entity, std::uint64_t hash);
  const Ancestor& named(std::uint32_t name) const { return names_[name]; }
  std::uint32_t name_count() const { return static_cast<std::uint32_t>(names_.size()); }

  std::span<const Datum> parents(std::span<const Datum> list);
  std::span<const Ancestor> ancestors(std::span<const Ancestor> list);

  // For what is kept there without looking for an equal one.
  Arena& arena() { return pool_->arena; }
  bool used() const { return pool_->arena.bytes() != 0; }
  // Ends the writing.
  std::shared_ptr<const Pool> take() { return std::move(pool_); }

 private:
  // How often a value of some kind turned out to be one that was there before.
  struct Odds {
    std::uint32_t asked = 0;
    std::uint32_t known = 0;
    // Where values hardly ever repeat, looking for an equal one is given up.
    bool hopeless() const { return asked > kTrial && known < asked / 8; }
    static constexpr std::uint32_t kTrial = std::uint32_t{1} << 16U;
  };

  Odds& odds_of(DatumKind kind) {
    if (kind == DatumKind::kScope) return scopes_;
    return kind == DatumKind::kString ? texts_ : lists_;
  }
  Datum share(const Datum& value, std::uint64_t hash);
  void share_items(std::span<const Datum> from, std::span<Datum> to);
  void share_together(std::span<const Datum> from, std::span<Datum> to);
  Datum copy(const Datum& value);
  Datum copy_scope(Datum value);

  const Schema& schema_;
  std::uint64_t seed_;
  std::shared_ptr<Pool> pool_;
  std::vector<Datum> values_;
  Odds lists_;  // sets and records
  Odds scopes_;
  Odds texts_;
  std::vector<Ancestor> names_;
  std::vector<std::span<const Datum>> parents_;
  std::vector<std::span<const Ancestor>> ancestors_;
  HashIndex value_index_;
  HashIndex name_index_;
  HashIndex parents_index_;
  HashIndex ancestors_index_;
};

}  // namespace writ::data
