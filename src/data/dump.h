// Snapshot -> JSON lines, as load_json() reads them.
#pragma once

#include <string>
#include <string_view>

#include "src/data/snapshot.h"

namespace writ::data {

// One entity a line: types in the order of declaration, ids by bytes, parents and sets in their own order, attributes
// as declared. What only exists by declaration, with nothing stored, is left out. Loading it gives the same entities.
std::string dump(const Snapshot& snapshot);

// How a permission that stands for these cells may be written; equal cells give equal texts. Empty if no permission
// stands for them.
std::string spell_permission(const Schema& schema, std::span<const Cell> cells);

}  // namespace writ::data
