// list: which resources may be acted on; which actions on a resource.
#pragma once

#include <string>
#include <vector>

#include "src/engine/query.h"
#include "writ/offer.h"

namespace writ {

// The query was resolved for user and agents. kUnknownType, kUnknownAction (also an action on the type itself: there is
// nothing to list), kBadValue for a limit out of range.
Result<Page> list(Query& query, const Listing& asked, std::int64_t default_lifetime);
// The actions that decide() allows on the resource, by name.
Result<std::vector<std::string>> list_actions(Query& query, TypeId type, std::string_view id,
                                              std::int64_t default_lifetime);

}  // namespace writ
