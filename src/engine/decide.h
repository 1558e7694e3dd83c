// decide: Query -> Decision, by the program's index. explain: the same by a walk of its own.
#pragma once

#include "src/engine/query.h"

namespace writ {

// The query must have been resolved; its one cell must have been asked for. Allocates nothing.
Decision decide_asked(const Query& query, std::int64_t default_lifetime) noexcept;
// The same, but asks for its cell, or for each in turn of those of an alias.
Result<Decision> decide(Query& query, std::int64_t default_lifetime) noexcept;
// Order of the verdict, for several cells that are one request: the smaller decides.
int severity(const Decision& decision) noexcept;
Result<Explanation> explain(Query& query, const Request& request, std::int64_t default_lifetime);

}  // namespace writ
