// scope string that is none -> the one that was probably meant.
#pragma once

#include <string>
#include <string_view>

#include "src/scope/schema.h"

namespace writ {

// A spelling that parse_scope() takes and that differs from `text` in the name of its action, of its type, in the id of
// a closed type, or as the name of an alias. Empty if there is none, or if `text` is a scope already. For messages: it
// allocates and looks at every name.
std::string suggest_scope(const Schema& schema, std::string_view text);

}  // namespace writ
