// What two texts must share to say the same.
#pragma once

#include <string>

#include "src/policy/ast.h"

namespace writ::policy {

// Everything of an Ast but spans, comments, redundant parentheses and the order of its pools, as text.
std::string shape_of(const Ast& ast);
std::string shape_of(const Ast& ast, ExprId id);

}  // namespace writ::policy
