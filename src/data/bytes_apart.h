// How much memory goes with a snapshot that another has replaced.
#pragma once

#include <cstddef>

#include "src/data/snapshot.h"

namespace writ::data {

// About the bytes that `old` holds and `next` does not share with it: rather too many than too few. O(shards).
std::size_t bytes_apart(const Snapshot& old, const Snapshot& next);

}  // namespace writ::data
