// Reasons: what decide() leaves out: every deciding statement, and what these say. The same as explain() tells, found
// through the index and without a trace.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "src/engine/query.h"

namespace writ {

struct Reasons {
  std::vector<std::string> rules;
  std::vector<std::string> because;
  std::vector<std::string> ask;
  std::vector<std::string> missing;
  std::vector<std::string> audience;  // of what is granted; empty: no restriction
  std::vector<std::string> notify;
  std::string link;
};

// Of a decision over these cells. `ceiling`: some of them were decided as one, so that statements that only may apply
// count as deciding. The query must have been resolved.
Reasons find_reasons(Query& query, std::span<const Cell> cells, const Decision& whole, bool ceiling);

}  // namespace writ
