#include "src/data/pool.h"

#include <algorithm>
#include <array>
#include <functional>

namespace writ::data {
namespace {

constexpr std::size_t kTogether = 16;  // look-ups under way at once

bool same_runs(std::span<const Datum> a, std::span<const Datum> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Datum& x, const Datum& y) { return compare(x, y) == 0; });
}

bool same_runs(std::span<const Ancestor> a, std::span<const Ancestor> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Ancestor& x, const Ancestor& y) {
    return x.hash == y.hash && same_entity(x.entity, y.entity);
  });
}

std::uint64_t hash_cells(std::span<const Cell> cells, std::uint64_t seed) {
  std::uint64_t hash = seed;
  for (const Cell& cell : cells) {
    const std::uint64_t head =
        (std::uint64_t{cell.action} << 32U) | (std::uint64_t{cell.type} << 8U) | static_cast<std::uint64_t>(cell.kind);
    hash = hash_mix(hash, hash_bytes(cell.id, head));
  }
  return hash;
}

}  // namespace

std::uint64_t hash_content(const Datum& value, std::uint64_t seed) {
  const std::uint64_t kind = seed ^ static_cast<std::uint64_t>(value.kind);
  switch (value.kind) {
    case DatumKind::kString:
    case DatumKind::kEntity:
      return hash_bytes(value.text(), kind ^ (std::uint64_t{value.type} << 8U));
    case DatumKind::kIp: {
      const Ip& ip = *value.address;
      return hash_mix(hash_bytes({reinterpret_cast<const char*>(ip.bytes.data()), ip.bytes.size()}, kind),
                      (std::uint64_t{ip.prefix} << 1U) | (ip.v4 ? 1U : 0U));
    }
    case DatumKind::kScope:
      return hash_mix(kind, hash_cells(std::span(value.cells, value.count), seed));
    case DatumKind::kSet:
    case DatumKind::kRecord: {
      std::uint64_t hash = hash_mix(kind, value.count);
      for (const Datum& item : std::span(value.items, value.count))
        hash = hash_mix(hash, hash_content(item, seed));
      return hash;
    }
    default:
      return hash_mix(kind, static_cast<std::uint64_t>(value.number));
  }
}

Datum PoolWriter::copy_scope(Datum value) {
  const std::span<const Cell> everything = schema_.everything();
  const std::less<> before;  // of pointers into different arrays
  if (!everything.empty() && !before(value.cells, everything.data()) &&
      before(value.cells, everything.data() + everything.size())) {
    return value;
  }
  const std::span<Cell> cells = pool_->arena.array<Cell>(value.count);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = value.cells[i];
    cells[i].id = pool_->arena.copy(cells[i].id);
  }
  value.cells = cells.data();
  return value;
}

Datum PoolWriter::copy(const Datum& value) {
  Datum copied = value;
  switch (value.kind) {
    case DatumKind::kString:
    case DatumKind::kEntity:
      copied.bytes = pool_->arena.copy(value.text()).data();
      return copied;
    case DatumKind::kIp:
      copied.address = pool_->arena.copy(std::span(value.address, 1)).data();
      return copied;
    case DatumKind::kSet:
    case DatumKind::kRecord: {
      const std::span<Datum> items = pool_->arena.array<Datum>(value.count);
      share_items(std::span(value.items, value.count), items);
      copied.items = items.data();
      return copied;
    }
    case DatumKind::kScope:
      return copy_scope(value);
    default:
      return copied;
  }
}

Datum PoolWriter::share(const Datum& value) {
  if (!is_pooled(value)) return value;
  return odds_of(value.kind).hopeless() ? copy(value) : share(value, hash_content(value, seed_));
}

Datum PoolWriter::share(const Datum& value, std::uint64_t hash) {
  Odds& odds = odds_of(value.kind);
  ++odds.asked;
  const std::uint32_t known = value_index_.find(hash, [&](std::uint32_t i) { return compare(values_[i], value) == 0; });
  if (known != kNone) {
    ++odds.known;
    return values_[known];
  }
  const Datum copied = copy(value);
  value_index_.add(hash, static_cast<std::uint32_t>(values_.size()));
  values_.push_back(copied);
  return copied;
}

void PoolWriter::share_items(std::span<const Datum> from, std::span<Datum> to) {
  for (std::size_t i = 0; i < from.size(); i += kTogether) {
    const std::size_t count = std::min(kTogether, from.size() - i);
    share_together(from.subspan(i, count), to.subspan(i, count));
  }
}

// The look-up of an item is three misses after each other. Taking each step for all items lets them wait together.
void PoolWriter::share_together(std::span<const Datum> from, std::span<Datum> to) {
  std::array<std::uint64_t, kTogether> hashes{};
  std::array<const Datum*, kTogether> likely{};
  const auto looked_up = [&](std::size_t i) { return is_pooled(from[i]) && !odds_of(from[i].kind).hopeless(); };
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!looked_up(i)) continue;
    hashes[i] = hash_content(from[i], seed_);
    value_index_.prefetch(hashes[i]);
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!looked_up(i)) continue;
    const std::uint32_t first = value_index_.find(hashes[i], [](std::uint32_t) { return true; });
    if (first == kNone) continue;
    likely[i] = &values_[first];
    __builtin_prefetch(likely[i]);
  }
  for (const Datum* datum : likely) {
    if (datum != nullptr) __builtin_prefetch(datum->bytes);
  }
  for (std::size_t i = 0; i < from.size(); ++i)
    to[i] = looked_up(i) ? share(from[i], hashes[i]) : copy(from[i]);
}

std::uint32_t PoolWriter::name(const Datum& entity, std::uint64_t hash) {
  const std::uint32_t known = name_index_.find(
      hash, [&](std::uint32_t i) { return names_[i].hash == hash && same_entity(names_[i].entity, entity); });
  if (known != kNone) return known;
  const std::uint32_t fresh = name_count();
  name_index_.add(hash, fresh);
  names_.push_back({hash, copy(entity)});
  return fresh;
}

std::span<const Datum> PoolWriter::parents(std::span<const Datum> list) {
  if (list.empty()) return {};
  std::vector<std::uint64_t> hashes(list.size());
  std::uint64_t hash = seed_;
  for (std::size_t i = 0; i < list.size(); ++i) {
    hashes[i] = hash_entity(list[i].type, list[i].text(), seed_);
    hash = hash_mix(hash, hashes[i]);
  }
  const std::uint32_t known = parents_index_.find(hash, [&](std::uint32_t i) { return same_runs(parents_[i], list); });
  if (known != kNone) return parents_[known];
  const std::span<Datum> copied = pool_->arena.array<Datum>(list.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    copied[i] = named(name(list[i], hashes[i])).entity;
  parents_index_.add(hash, static_cast<std::uint32_t>(parents_.size()));
  parents_.push_back(copied);
  return copied;
}

std::span<const Ancestor> PoolWriter::ancestors(std::span<const Ancestor> list) {
  if (list.empty()) return {};
  std::uint64_t hash = seed_;
  for (const Ancestor& ancestor : list)
    hash = hash_mix(hash, ancestor.hash);
  const std::uint32_t known =
      ancestors_index_.find(hash, [&](std::uint32_t i) { return same_runs(ancestors_[i], list); });
  if (known != kNone) return ancestors_[known];
  const std::span<Ancestor> copied = pool_->arena.array<Ancestor>(list.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    copied[i] = named(name(list[i].entity, list[i].hash));
  ancestors_index_.add(hash, static_cast<std::uint32_t>(ancestors_.size()));
  ancestors_.push_back(copied);
  return copied;
}

}  // namespace writ::data
