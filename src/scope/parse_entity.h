// entity reference -> Datum.
#pragma once

#include <string_view>

#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ {

// A type and an id, empty for a single type. The datum's id is a view into `id`. Allocates nothing.
// kUnknownType, kBadId, kUnknownId.
Result<Datum> resolve_entity(const Schema& schema, TypeId type, std::string_view id) noexcept;
Result<Datum> resolve_entity(const Schema& schema, std::string_view type, std::string_view id) noexcept;

// `type:id`: the id is everything after the first colon, and may be any id. The resource of a single type is its type's
// name alone. kBadValue where there is no colon.
Result<Datum> parse_entity(const Schema& schema, std::string_view text) noexcept;

// A user or an agent (`type` is Schema::user or Schema::agent), written `user:alice`. kWrongType for any other type.
Result<Datum> parse_principal(const Schema& schema, TypeId type, std::string_view text) noexcept;

}  // namespace writ
