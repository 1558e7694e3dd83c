// Keys and entries -> lines and tests.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "src/policy/conjuncts.h"

namespace writ::policy {

struct Lines {
  std::vector<LineRecord> lines;
  std::vector<std::uint8_t> pilots;
  std::vector<TestRecord> tests;
  std::uint64_t seed = kTableSeed;
};

// Says in each entry where its tests are. kTooMany where no seed gives every id a place of its own, which is not to be
// expected of ids that nobody chose for it.
Result<Lines> lay_lines(const ConditionForms& forms, std::span<const PairRecord> pairs, std::span<const KeyRecord> keys,
                        std::span<EntryRecord> entries, std::string_view texts);

}  // namespace writ::policy
