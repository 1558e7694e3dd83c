// Snapshot -> the body of the entities in an image; load_image() in load.h takes it back. src/policy/FORMAT.md has the
// bytes.
#pragma once

#include <cstddef>
#include <vector>

#include "src/data/snapshot.h"

namespace writ::data {

// Equal entities give equal bytes, whatever the snapshot's seed and history. What only exists by declaration, with
// nothing stored, is left out.
std::vector<std::byte> write_image(const Snapshot& snapshot);

// Values that an image holds once, in a table, and names by their number; the others stand where they are used.
inline bool is_numbered(DatumKind kind) {
  return kind == DatumKind::kScope || kind == DatumKind::kSet || kind == DatumKind::kRecord;
}

}  // namespace writ::data
