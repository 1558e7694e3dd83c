// Cell -> scope string.
#pragma once

#include <optional>
#include <string>

#include "src/scope/schema.h"

namespace writ {

// The canonical spelling: `read:invoice_123`, `read:invoice_12*`, `read:invoice_*`, `create:invoice`, `read:profile`.
// Nothing where no scope string says just that: an id that is not bare, a text that would be too long, or one that is
// the name of an alias for something else. parse_scope(print_scope(x)) is x again.
std::optional<std::string> print_scope(const Schema& schema, const Cell& cell);

}  // namespace writ
