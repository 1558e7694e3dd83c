// What is said when the text does not go on as it could have.
#pragma once

#include <cstdint>
#include <string_view>

#include "src/diagnostics/report.h"
#include "src/policy/builder.h"

namespace writ::policy {

// What an Unexpected::expected can be besides a list of things separated by `|`.
inline constexpr std::string_view kExpectTextEnd = "!text-end";
inline constexpr std::string_view kExpectSpace = "!space";
inline constexpr std::string_view kExpectNumberEnd = "!number-end";
inline constexpr std::string_view kExpectPatternEnd = "!pattern-end";
inline constexpr std::string_view kExpectBecause = "!because";
inline constexpr std::string_view kExpectAsk = "!ask";
inline constexpr std::string_view kExpectStatement = "!statement";
inline constexpr std::string_view kExpectTestLine = "!test-line";
// A list that begins with this one is what may stand before or in place of a closing bracket.
inline constexpr char kExpectClosing = '&';

// Reports one error at `unexpected` and returns where to look for the next statement.
std::uint32_t report_unexpected(const Ast& ast, const Builder& builder, Unexpected unexpected, Report& report);

}  // namespace writ::policy
