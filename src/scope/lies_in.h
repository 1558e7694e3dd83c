// Whether a scope is no more than others.
#pragma once

#include <span>
#include <string_view>

#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ {

// Whether each cell of `asked` is covered by one of `held`. A declared name stays a name: what it stands for was
// granted under it alone, so only other names lie in it. Of `held`, what the schema does not know holds nothing;
// `asked` is an error then, as in parse_scope().
Result<bool> lies_in(const Schema& schema, std::string_view asked, std::span<const std::string_view> held);

}  // namespace writ
