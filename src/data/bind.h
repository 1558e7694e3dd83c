// Value -> Datum.
#pragma once

#include <cstdint>

#include "src/base/arena.h"
#include "src/scope/schema.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ::data {

inline constexpr std::uint32_t kMaxSetItems = 65'536;  // of one set in a request; data has no such bound

// The value as one of the declared type; what it points to is copied to the arena. An integer is no decimal here: which
// of the two a host means, it says. kWrongType, kBadValue, kTooMany, and what records, references and scopes can be
// wrong with.
Result<Datum> bind(const Schema& schema, ValueTypeId type, const Value& value, Arena& arena,
                   std::uint32_t most_items = 0xFFFFFFFFU);

}  // namespace writ::data
