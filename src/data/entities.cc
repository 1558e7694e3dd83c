#include "writ/entities.h"

#include "src/data/load.h"
#include "src/data/snapshot.h"
#include "src/policy/program.h"

namespace writ {
namespace {

Result<Entities> entities_of(const data::LoadedSnapshot& loaded) {
  if (!loaded) return loaded.error();
  return Entities(*loaded);
}

}  // namespace

Entities Entities::none(const Policy& policy) {
  // Nothing is stated, so nothing can be wrong with it.
  return Entities(*data::load_records(policy.program().share_schema(), {}, {}));
}

Result<Entities> Entities::from_records(const Policy& policy, std::span<const EntityRecord> records,
                                        const LoadOptions& options) {
  return entities_of(data::load_records(policy.program().share_schema(), records, options));
}

Result<Entities> Entities::from_json(const Policy& policy, std::string_view json, std::string_view name,
                                     const LoadOptions& options) {
  return entities_of(data::load_json(policy.program().share_schema(), json, name, options));
}

Result<Entities> Entities::from_files(const Policy& policy, std::span<const std::string> paths,
                                      const LoadOptions& options) {
  return entities_of(data::load_files(policy.program().share_schema(), paths, options));
}

Result<Entities> Entities::with(std::span<const EntityChange> changes) const {
  return entities_of(data::change(*snapshot_, changes));
}

std::size_t Entities::size() const noexcept {
  return snapshot_->size();
}

std::uint64_t Entities::version() const noexcept {
  return snapshot_->version();
}

}  // namespace writ
