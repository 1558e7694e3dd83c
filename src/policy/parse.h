// source text -> Ast.
#pragma once

#include <cstdint>
#include <memory>

#include "src/diagnostics/report.h"
#include "src/policy/ast.h"

namespace writ::policy {

// Parses one file. What is wrong goes into the report, every statement's error of its own: after one the parser takes
// up again at the next line that begins a statement. The Ast then holds the statements that were understood; whoever
// goes on with it must look at report.has_errors() first.
//
// Input of any kind ends in an Ast and diagnostics: bytes that are not UTF-8, NUL, nesting past 64 (`nesting-too-deep`)
// and sources past kMaxSourceBytes are errors. Never throws, except for memory.
Ast parse(std::shared_ptr<const Source> source, std::uint32_t file, Report& report);

}  // namespace writ::policy
