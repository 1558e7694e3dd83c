// The entries that can matter to a cell, found as decide() finds them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "src/policy/program.h"
#include "src/scope/cell.h"

namespace writ {

struct KeyRun {
  std::uint32_t at = 0;
  std::uint32_t end = 0;
};

// Of the pair's keys of one kind, which stand sorted by id from `first` on, those that lie in the set and are not it.
inline KeyRun keys_within(const policy::Program& program, const Cell& set, std::uint32_t first, std::uint32_t count) {
  const auto begin = program.keys.begin() + first;
  const auto end = begin + count;
  const auto least = std::lower_bound(
      begin, end, set.id,
      [&program](const policy::KeyRecord& key, std::string_view id) { return program.text(key.id) < id; });
  const auto past = std::partition_point(
      least, end, [&](const policy::KeyRecord& key) { return program.text(key.id).starts_with(set.id); });
  const auto number = [&program](auto key) { return static_cast<std::uint32_t>(key - program.keys.begin()); };
  KeyRun run{number(least), number(past)};
  const bool itself = run.at != run.end && set.kind == CellKind::kPrefix && least->id.size == set.id.size() &&
                      static_cast<CellKind>(least->kind) == CellKind::kPrefix;
  if (itself) ++run.at;
  return run;
}

// The keys within a set, prefixes before single ids.
template <class Visit>
void each_key_within(const policy::Program& program, const Cell& cell, Visit&& visit) {
  const policy::PairRecord* const pair = program.pair(cell.action, cell.type);
  if (pair == nullptr || (cell.kind != CellKind::kAll && cell.kind != CellKind::kPrefix)) return;
  for (const KeyRun run : {keys_within(program, cell, pair->prefix_first, pair->prefix_count),
                           keys_within(program, cell, pair->exact_first, pair->exact_count)}) {
    for (std::uint32_t at = run.at; at < run.end; ++at)
      visit(program.keys[at]);
  }
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
  for (const policy::EntryRecord& entry : program.entries_of(key))
    visit(entry);
}

}  // namespace writ
