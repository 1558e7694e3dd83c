// The parts of a statement in their canonical spelling.
#pragma once

#include <string>

#include "src/policy/ast.h"

namespace writ::policy {

// Each appends to `out`. Nothing here breaks a line; the marks of fold.h stand where one may be broken.
void print_expression(const Ast& ast, ExprId id, std::string& out);
// `depth`: of what stands around it and may be broken.
void print_type(const Ast& ast, TypeExprId id, std::string& out, int depth = 1);
void print_field(const Ast& ast, const Field& field, std::string& out, int depth = 1);
void print_pattern(const Ast& ast, const Pattern& pattern, std::string& out);
void print_clause(const Clause& clause, std::string& out);

// An id or a name: in quotes if the author quoted it.
void print_name(const Name& name, std::string& out);

// Calls `print_one(i)` for first to first + count with `separator` in between.
template <typename PrintOne>
void print_list(Range range, std::string_view separator, std::string& out, PrintOne print_one) {
  for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
    if (i > range.first) out += separator;
    print_one(i);
  }
}

}  // namespace writ::policy
