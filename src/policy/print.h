// Ast -> source text in its one canonical form, comments kept.
#pragma once

#include <string>

#include "src/policy/ast.h"

namespace writ::policy {

// parse(print(parse(x))) equals parse(x) but for spans, and print(parse(print(x))) == print(x).
std::string print(const Ast& ast);

}  // namespace writ::policy
