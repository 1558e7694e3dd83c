// The floor of `parse`: policy text -> Ast as a careful person would write it down for the statements of that workload.
#pragma once

#include <memory>
#include <optional>

#include "src/policy/ast.h"

namespace writ::bench {

// Knows `entity NAME`, `actions NAME for NAME` and `allow ACTION:TYPE_ID to TYPE:ID if CONDITION`, where a condition is
// comparisons of paths and whole numbers by `<=`, `>=`, `==`, `<`, `>`, joined by `and`. Nothing where the text is
// anything else.
std::optional<policy::Ast> parse_by_hand(std::shared_ptr<const Source> source);

}  // namespace writ::bench
