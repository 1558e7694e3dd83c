// JSON value -> Datum, as the declared type says.
#pragma once

#include <cstdint>

#include "src/base/arena.h"
#include "src/json/document.h"
#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ::data {

// References are `type:id`, decimals texts or numbers, times RFC 3339, durations `5m`, addresses and networks texts,
// sets arrays, records objects; null is nothing of all that. What it points to is copied to the arena. kWrongType,
// kBadValue, kTooMany, and what records, references and scopes can be wrong with; the line is that of the value.
Result<Datum> read_datum(const Schema& schema, ValueTypeId type, const json::Node& node, Arena& arena,
                         std::uint32_t most_items = 0xFFFFFFFFU);

}  // namespace writ::data
