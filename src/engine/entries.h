// The entries that can matter to a cell, found as decide() finds them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "src/policy/program.h"
#include "src/scope/cell.h"

namespace writ {

// Calls visit(key) for each of the pair's keys of one kind that lies in the cell and is no wider: `first` and `count`
// say where these keys stand.
template <class Visit>
void each_key_within(const policy::Program& program, const Cell& cell, std::uint32_t first, std::uint32_t count,
                     Visit&& visit) {
  const auto begin = program.keys.begin() + first;
  const auto end = begin + count;
  auto key = std::lower_bound(begin, end, cell.id, [&program](const policy::KeyRecord& k, std::string_view id) {
    return program.text(k.id) < id;
  });
  for (; key != end && program.text(key->id).starts_with(cell.id); ++key) {
    const bool itself = static_cast<CellKind>(key->kind) == cell.kind && key->id.size == cell.id.size();
    if (!itself) visit(*key);
  }
}

// The keys within a set, prefixes before single ids.
template <class Visit>
void each_key_within(const policy::Program& program, const Cell& cell, Visit&& visit) {
  const policy::PairRecord* const pair = program.pair(cell.action, cell.type);
  if (pair == nullptr || (cell.kind != CellKind::kAll && cell.kind != CellKind::kPrefix)) return;
  each_key_within(program, cell, pair->prefix_first, pair->prefix_count, visit);
  each_key_within(program, cell, pair->exact_first, pair->exact_count, visit);
}

// Calls visit(key) for each key all of whose resources, and perhaps more, are asked for.
template <class Visit>
void each_key_over(const policy::Program& program, const Cell& cell, Visit&& visit) {
  const policy::PairRecord* const pair = program.pair(cell.action, cell.type);
  if (pair == nullptr) return;
  if (cell.kind == CellKind::kType) {
    if (pair->of_type != policy::kNoNode) visit(program.keys[pair->of_type]);
    return;
  }
  if (pair->all != policy::kNoNode) visit(program.keys[pair->all]);
  if (cell.kind == CellKind::kAll) return;
  const auto index = static_cast<std::uint32_t>(pair - program.pairs.data());
  for (std::uint32_t i = 0; i < pair->length_count; ++i) {
    const std::uint32_t length = program.lengths[pair->lengths + i];
    if (length > cell.id.size()) break;
    const auto* const key = program.find_key(index, CellKind::kPrefix, cell.id.substr(0, length));
    if (key != nullptr) visit(*key);
  }
  if (cell.kind != CellKind::kExact) return;
  if (const auto* const key = program.find_key(index, CellKind::kExact, cell.id); key != nullptr) visit(*key);
}

template <class Visit>
void each_entry(const policy::Program& program, const policy::KeyRecord& key, Visit&& visit) {
  std::uint32_t count = 0;
  for (const std::uint32_t of_kind : key.counts)
    count += of_kind;
  for (std::uint32_t i = 0; i < count; ++i)
    visit(program.entries[key.entries + i]);
}

}  // namespace writ
