// Entities that are datums already, as test blocks have them -> Snapshot.
#pragma once

#include <memory>
#include <span>

#include "src/data/snapshot.h"
#include "writ/result.h"

namespace writ::data {

struct StatedEntity {
  Datum entity;
  std::span<const Datum> attributes;  // as many as the type declares; kNone where not stated
  std::span<const Datum> parents;
};

// One load, like those of load.h. Parents of open types that nobody states exist for their being named: whoever writes
// a test by hand says so by naming them.
Result<std::shared_ptr<const Snapshot>> load_stated(std::shared_ptr<const Schema> schema,
                                                    std::span<const StatedEntity> entities);

}  // namespace writ::data
