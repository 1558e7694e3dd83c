// Keys and entries -> lines and tests.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "src/base/bulk.h"
#include "src/policy/conjuncts.h"
#include "src/policy/program.h"
#include "src/policy/tree.h"

namespace writ::policy {

// Lines that are all free yet, and which of them each key with an id will have.
struct PlacedLines {
  Bulk<LineRecord> lines;
  Bulk<std::uint8_t> pilots;
  Bulk<std::uint32_t> places;  // of the keys with an id, in their order
  std::uint64_t seed = kTableSeed;
};

// kTooMany where no seed gives every id a place of its own, which is not to be expected of ids that nobody chose for
// it.
Result<PlacedLines> place_lines(const Tree& tree);

// Fills the lines, by up to two threads, and says in each entry where its tests are. Gives those that lie in no line.
Bulk<TestRecord> lay_lines(const ConditionForms& forms, std::span<const PairRecord> pairs,
                           std::span<const KeyRecord> keys, std::span<EntryRecord> entries, std::string_view texts,
                           PlacedLines& placed, unsigned threads);

}  // namespace writ::policy
