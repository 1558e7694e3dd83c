#include "src/data/load_stated.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/data/seal.h"
#include "src/data/staging.h"

namespace writ::data {

Result<std::shared_ptr<const Snapshot>> load_stated(std::shared_ptr<const Schema> schema,
                                                    std::span<const StatedEntity> entities) {
  constexpr std::uint64_t kSeed = 1;  // a test's data is nobody's to attack, and runs shall be alike
  Staging staging(std::move(schema), kSeed);
  const std::uint32_t source = staging.add_source("entity", false);
  const auto stated = [&entities](const Datum& entity) {
    return std::any_of(entities.begin(), entities.end(),
                       [&entity](const StatedEntity& other) { return same_entity(other.entity, entity); });
  };
  std::vector<Datum> bare;
  std::uint32_t number = 0;
  for (const StatedEntity& each : entities) {
    const Result<void> added = staging.add({source, ++number}, each.entity, each.attributes, each.parents);
    if (!added) return added.error();
    for (const Datum& parent : each.parents) {
      const EntityType& type = staging.schema().types[parent.type];
      const bool listed = std::any_of(bare.begin(), bare.end(), [&](const Datum& b) { return same_entity(b, parent); });
      if (!type.closed && !type.single && !listed && !stated(parent)) bare.push_back(parent);
    }
  }
  for (const Datum& parent : bare) {
    const std::vector<Datum> nothing(staging.schema().types[parent.type].attributes.size());
    const Result<void> added = staging.add({source, ++number}, parent, nothing, {});
    if (!added) return added.error();
  }
  staging.add_declared();
  if (const Result<void> closed = staging.close(); !closed) return closed.error();
  return seal(staging);
}

}  // namespace writ::data
