// Snapshot -> JSON lines, as load_json() reads them.
#pragma once

#include <string>

#include "src/data/snapshot.h"

namespace writ::data {

// One entity a line: types in the order of declaration, ids by bytes, parents and sets in their own order, attributes
// as declared. What only exists by declaration, with nothing stored, is left out. Loading it gives the same entities.
std::string dump(const Snapshot& snapshot);

// Whether more is known of it than that it is declared.
bool is_stated(const Schema& schema, const Node& node);

}  // namespace writ::data
