// What is said of a set that is asked for as a ceiling: could some single resource in it be allowed?
#pragma once

#include "src/engine/query.h"

namespace writ {

// Allowed if, for all that is known but the id, some resource in the set may be: then with the shortest lifetime and
// all demands of whatever may apply to one of them. What is missing refuses, as ever; only an open id is given the
// benefit. For a cell that is no set: decide(). The query must have been resolved.
Result<Decision> decide_ceiling(Query& query, const Cell& cell, std::int64_t default_lifetime);

// Whether a deny applies to every resource of the set, so that none of them needs to be looked at. The query must ask
// for the set.
bool denied_throughout(const Query& query);

}  // namespace writ
