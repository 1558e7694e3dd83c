// Cell -> scope string, cells -> permission.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "src/scope/schema.h"

namespace writ {

// The canonical spelling: `read:invoice_123`, `read:invoice_12*`, `read:invoice_*`, `create:invoice`, `read:profile`.
// Nothing where no scope string says just that: an id that is not bare, a text that would be too long, or one that is
// the name of an alias for something else. parse_scope(print_scope(x)) is x again.
std::optional<std::string> print_scope(const Schema& schema, const Cell& cell);

// A permission that stands for just these cells (sorted by compare()): a scope, the name of an alias, or a pattern.
// Nothing where there is none. parse_permission() reads it back; it need not be the spelling that they came from.
std::optional<std::string> print_permission(const Schema& schema, std::span<const Cell> cells);

}  // namespace writ
