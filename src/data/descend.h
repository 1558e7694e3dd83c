// Changes of some entities -> changes of those below them.
#pragma once

#include "src/data/staging.h"
#include "writ/result.h"

namespace writ::data {

// Stages every entity of the base whose ancestors change because those staged have other parents than before.
// kUnknownParent if one that is taken out is still the parent of another. Cost: a look at each shard, and a walk over
// those that may hold somebody concerned; nothing where no concerned entity can be a parent.
Result<void> descend(Staging& staging);

}  // namespace writ::data
