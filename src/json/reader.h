// JSON text -> Document. Strict where RFC 8259 leaves room, because what two parsers read differently is a way around
// a policy: no member twice, no NUL (raw or escaped), only UTF-8, nothing behind the value, nesting to kMaxDepth.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "src/json/document.h"
#include "writ/result.h"

namespace writ::json {

inline constexpr std::uint32_t kMaxDepth = 32;                             // arrays and objects within each other
inline constexpr std::uint64_t kMaxValueBytes = std::uint64_t{256} << 20;  // of one document, or of one of a series
inline constexpr std::size_t kMaxNodes = std::size_t{1} << 22;             // likewise

// Reads one value; `out` is read over and keeps its memory. Lines are counted from `first_line`. kBadJson, kRepeated,
// kTooMany.
Result<void> read(std::string_view text, Document& out, std::uint64_t first_line = 1);

// Gives the next piece of a text; empty at its end. A piece need only live until the next is asked for.
using Pieces = std::function<std::string_view()>;
// Takes one object of a series. What goes wrong ends the reading; a line is filled in where it has none.
using Each = std::function<Result<void>(const Node& object)>;

// Reads an array of objects, or objects each of which begins on a line of its own, and holds one of them at a time. No
// objects at all are fine. A byte order mark at the beginning is skipped.
Result<void> read_series(const Pieces& pieces, const Each& each);
Result<void> read_series(std::string_view text, const Each& each);

}  // namespace writ::json
