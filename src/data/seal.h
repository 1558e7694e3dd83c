// Staging -> Snapshot.
#pragma once

#include <memory>

#include "src/data/snapshot.h"
#include "src/data/staging.h"

namespace writ::data {

// The staging must be closed, and is used up. A load gives a snapshot of its own; a change gives the next version of
// its base, which shares with it every shard that it does not touch.
std::shared_ptr<const Snapshot> seal(Staging& staging);

}  // namespace writ::data
