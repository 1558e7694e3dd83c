// What is said when the text does not go on as it could have.
#pragma once

#include <cstdint>
#include <string_view>

#include "src/diagnostics/report.h"
#include "src/policy/builder.h"

namespace writ::policy {

// Unexpected::expected is a list of things separated by `|`. A list that begins with this may stand in place of a
// closing bracket.
inline constexpr char kClosing = '&';
// Or it is one of these, which have messages of their own.
inline constexpr const char* kExpectTextEnd = "!text-end";
inline constexpr const char* kExpectSpace = "!space";
inline constexpr const char* kExpectNumberEnd = "!number-end";
inline constexpr const char* kExpectPatternEnd = "!pattern-end";
inline constexpr const char* kExpectPatternRest = "!pattern-rest";
inline constexpr const char* kExpectWhoColon = "!who-colon";
inline constexpr const char* kExpectBecause = "!because";
inline constexpr const char* kExpectAsk = "!ask";
inline constexpr const char* kExpectStatement = "!statement";
inline constexpr const char* kExpectTestLine = "!test-line";

// Reports one error at `unexpected` and returns where to look for the next statement.
std::uint32_t report_unexpected(const Ast& ast, const Builder& builder, Unexpected unexpected, Report& report);

}  // namespace writ::policy
