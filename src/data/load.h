// Entities as they are stated -> Snapshot. Each function is one load: all of it is checked and used, or nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "src/data/snapshot.h"
#include "writ/entities.h"
#include "writ/result.h"

namespace writ::data {

using LoadedSnapshot = Result<std::shared_ptr<const Snapshot>>;

LoadedSnapshot load_records(std::shared_ptr<const Schema> schema, std::span<const EntityRecord> records,
                            const LoadOptions& options);
// `name` stands for the text in errors.
LoadedSnapshot load_json(std::shared_ptr<const Schema> schema, std::string_view json, std::string_view name,
                         const LoadOptions& options);
LoadedSnapshot load_files(std::shared_ptr<const Schema> schema, std::span<const std::string> paths,
                          const LoadOptions& options);
// What write_image() wrote. kBadImage: the bytes may come from anyone, and are gone through once, in time and memory
// that are in proportion to them but for the closures of parents, which are bounded as those of JSON are.
LoadedSnapshot load_image(std::shared_ptr<const Schema> schema, std::span<const std::byte> body,
                          const LoadOptions& options);

// The next version of `base`, with all of the changes.
LoadedSnapshot change(const Snapshot& base, std::span<const EntityChange> changes);

}  // namespace writ::data
