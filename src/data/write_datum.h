// Datum -> JSON value.
#pragma once

#include "src/json/writer.h"
#include "src/scope/schema.h"

namespace writ::data {

// The spelling of an entity reference: `type:id`, or the type's name alone where it is single.
std::string write_reference(const Schema& schema, const Datum& entity);

// As read_datum() takes it back, absent fields left out. A scope that no permission spells (its id is not bare; data
// cannot hold such a one) becomes an empty text, which nothing reads back. Precondition: fits(schema, type, datum).
void write_datum(const Schema& schema, ValueTypeId type, const Datum& datum, json::Writer& out);

}  // namespace writ::data
