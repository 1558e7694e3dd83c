// Datums put together: what values from hosts, from JSON and from images have in common.
#pragma once

#include <span>

#include "src/base/arena.h"
#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ {

// Sorts `items` and drops repetitions; the set is the beginning of them.
Datum set_datum(std::span<Datum> items) noexcept;
// One a field, as declared; kNone where absent.
Datum record_datum(std::span<const Datum> fields) noexcept;
Datum scope_datum(std::span<const Cell> cells) noexcept;
Datum address_datum(const Ip& address, Arena& arena);

// The entity, with its id in the arena, where `type` is one that it may be of; otherwise kWrongType.
Result<Datum> entity_of_type(const Schema& schema, ValueTypeId type, const Datum& entity, Arena& arena);

// The index of the field of that name, or -1.
int find_field(const ValueType& record, std::string_view name) noexcept;
// kMissingMember where a field is absent that is not optional.
Result<void> check_fields(const ValueType& record, std::span<const Datum> fields) noexcept;
Error unknown_field(const Schema& schema, ValueTypeId record, std::string_view name);

// What is wrong inside of a value: "in `limit`: ...".
Error within(std::string_view name, const Error& inner) noexcept;

}  // namespace writ
