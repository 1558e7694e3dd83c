// Ast -> Typed.
#pragma once

#include <cstdint>
#include <vector>

#include "src/diagnostics/report.h"
#include "src/policy/ast.h"
#include "src/policy/typed.h"

namespace writ::policy {

// Resolves and types the files of one policy together; their order changes nothing. Everything wrong goes into the
// report, and what is suspicious as a warning; after an error the result is not to be used. `asts` are in the order of
// the report's sources, which are sorted by name; a file may be several of them, one after the other. Never recurses
// deeper than the nesting that parse() lets through. Conditions with more than `most_nodes` nodes in all are an error,
// and are not built any further.
// A second thread, where there may be one, fetches memory.
Typed check(const std::vector<Ast>& asts, Report& report, std::uint64_t most_nodes, unsigned threads = 1);

}  // namespace writ::policy
