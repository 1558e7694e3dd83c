// source text -> Ast.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

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

// The same by up to two threads: where half a file is work enough and nothing is wrong with it, as two Asts of it, one
// after the other. Together they say what the one says.
std::vector<Ast> parse_apart(std::shared_ptr<const Source> source, std::uint32_t file, Report& report, unsigned threads,
                             std::size_t least = std::size_t{1} << 20U);

}  // namespace writ::policy
