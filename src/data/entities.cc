#include "writ/entities.h"

#include <cstring>

#include "src/data/load.h"
#include "src/data/snapshot.h"
#include "src/data/write_image.h"
#include "src/policy/image_digest.h"
#include "src/policy/program.h"
#include "src/policy/verify.h"

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

Result<Entities> Entities::from_image(const Policy& policy, const LoadOptions& options) {
  const policy::Program& program = policy.program();
  if (!program.has_entities()) {
    return Error(ErrorCode::kMissingMember, "the image has no entities: compile it with `--data`, or load them");
  }
  return entities_of(data::load_image(program.share_schema(), program.entities(), options));
}

bool Entities::are_in_image_of(const Policy& policy) noexcept {
  return policy.program().has_entities();
}

Result<Policy> Entities::into_image(const Policy& policy) const {
  const policy::Program& program = policy.program();
  if (!program.has_schema(snapshot_->schema())) {
    return Error(ErrorCode::kSchemaMismatch, "the entities were loaded for other declarations than the policy has");
  }
  const std::span<const std::byte> own = program.image();
  const std::vector<std::byte> body = data::write_image(*snapshot_);
  policy::EntitiesHeader header;
  std::memcpy(header.magic, policy::kEntitiesMagic, sizeof(header.magic));
  header.body_bytes = body.size();
  header.bytes = sizeof(header) + body.size() + policy::chunk_count(body.size()) * sizeof(Hash128);
  policy::ImageBytes image = policy::ImageBytes::room(own.size() + header.bytes);
  std::byte* const first = image.writable().data();
  std::memcpy(first, own.data(), own.size());
  std::memcpy(first + own.size(), &header, sizeof(header));
  if (!body.empty()) std::memcpy(first + own.size() + sizeof(header), body.data(), body.size());
  policy::seal_image(image.writable());
  Result<std::shared_ptr<policy::Program>> made = policy::verify(std::move(image));
  if (!made) return made.error();
  return Policy(std::move(*made));
}

Policy Entities::strip(const Policy& policy) {
  if (!are_in_image_of(policy)) return policy;
  return *Policy::from_image(policy.program().image());  // it was verified with them, and is no other without
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
