// JSON value -> Datum, as the declared type says.
#pragma once

#include "src/base/arena.h"
#include "src/json/document.h"
#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ::data {

inline constexpr std::uint32_t kMaxSetItems = 65'536;

// References are `type:id`, decimals texts or numbers, times RFC 3339, durations `5m`, addresses and networks texts,
// sets arrays. What it points to is copied to the arena. kWrongType, kBadValue, kUnknownAttribute (of a record), and
// what references and scopes can be wrong with; the line is that of the value.
Result<Datum> read_datum(const Schema& schema, ValueTypeId type, const json::Node& node, Arena& arena);

}  // namespace writ::data
