// Whether a value or a cell is one that a schema knows. For what comes from outside as values already: images, hosts.
#pragma once

#include "src/scope/schema.h"

namespace writ {

// UTF-8 without NUL: what a string may hold.
bool is_text(std::string_view text) noexcept;

// Whether `type` has an entity of this id: listed if the type is closed, empty if it is single, otherwise any id.
bool fits_entity(const Schema& schema, TypeId type, std::string_view id) noexcept;

// Whether the pair is declared and kind and id go with it. An exact id may be any id, a prefix is bare; of a closed
// type a prefix must be one of a listed id.
bool fits(const Schema& schema, const Cell& cell) noexcept;

// Whether the datum is of the type, whole: every text, number and address in range, sets sorted and unique, entities of
// the types and ids that may be, records with all that is not optional. Nothing absent fits. Goes as deep as the type.
bool fits(const Schema& schema, ValueTypeId type, const Datum& datum) noexcept;

}  // namespace writ
