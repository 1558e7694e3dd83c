// decide: Query -> Decision, by the program's index. explain: the same by a walk of its own.
#pragma once

#include "src/engine/query.h"

namespace writ {

// The query must have been resolved; asks for each of its cells in turn. Allocates nothing.
Result<Decision> decide(Query& query, std::int64_t default_lifetime) noexcept;
// Order of the verdict, for several cells that are one request: the smaller decides.
int severity(const Decision& decision) noexcept;
Result<Explanation> explain(Query& query, const Request& request, std::int64_t default_lifetime);

}  // namespace writ
