// Value -> Datum.
#pragma once

#include "src/base/arena.h"
#include "src/scope/schema.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ::data {

// The value as one of the declared type; what it points to is copied to the arena. kWrongType, kBadValue, and what
// references and scopes can be wrong with.
Result<Datum> bind(const Schema& schema, ValueTypeId type, const Value& value, Arena& arena);

}  // namespace writ::data
