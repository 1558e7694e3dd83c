// scope string -> cells.
#pragma once

#include <span>
#include <string_view>

#include "src/base/arena.h"
#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ {

// What one scope string asks for: a cell, or everything in an alias.
struct ScopeRequest {
  Cell cell;                     // its id is a view into the text
  const Alias* alias = nullptr;  // where the text is the name of one; `cell` says nothing then
};

// The spellings of a request: `action:type_id`, `action:type_prefix*`, `action:type_*`, `action:type`, the same as
// `type_id.action`, and names of aliases, which are looked up first. No braces, no `*` for actions or types. Allocates
// nothing. kBadScope, kUnknownAction, kUnknownType, kUnknownId.
Result<ScopeRequest> parse_scope(const Schema& schema, std::string_view text) noexcept;

// An action and a type by their names: the cell of all its resources, of its one, or of the type itself.
// kUnknownAction, kUnknownType.
Result<Cell> parse_action(const Schema& schema, std::string_view action, std::string_view type) noexcept;

// An action and a resource as a pair, whose id may be any id. `id` is empty for a single type, and for an action on the
// type itself. kUnknownAction, kUnknownType, kUnknownId, kBadId.
Result<Cell> parse_resource(const Schema& schema, std::string_view action, std::string_view type,
                            std::string_view id) noexcept;

// What a permission, in data or in policy text, stands for: a request's spelling, or a pattern of rules without braces
// and quotes (`*`, `*:invoice_*`, `read:*`). Sorted by compare() and unique. What it points to belongs to the schema or
// to the arena. Errors as above; a pattern that reaches nothing is kUnknownAction.
Result<std::span<const Cell>> parse_permission(const Schema& schema, std::string_view text, Arena& arena);

}  // namespace writ
