// Entities: the users, agents, groups and resources a policy speaks of.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "writ/policy.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ {

class Snapshot;

struct EntityName {
  std::string_view type;
  std::string_view id;  // empty for a `single` type
};

// One entity as a host states it. Views: they need to live only during the call.
struct EntityRecord {
  EntityName name;
  std::span<const EntityName> parents;
  std::span<const NamedValue> attributes;
};

struct EntityChange {
  bool erase = false;   // take the entity out; it must be there, and no other may name it as parent
  EntityRecord record;  // otherwise: put it in place of the one with that name, or add it
};

struct LoadProgress {
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;
  std::uint64_t entities = 0;
};

struct LoadOptions {
  // Called now and then from the loading thread; may be empty.
  std::function<void(const LoadProgress&)> progress;
  // Seeds the tables; drawn from the system where not given. Fixed only by tests.
  std::optional<std::uint64_t> seed;
};

// What.          An immutable set of entities, read against one policy's declarations, hierarchy closed transitively.
// Thread-safety. All of it, from any thread.
// Lifetime.      Shares its memory with the versions made from it; each keeps what it needs alive.
// Cost.          Copying is a pointer. Loading is linear in bytes; a change among n entities about sqrt(n), plus the
//                entities whose ancestors it changes.
// Fails.         Loading names file, line, entity and attribute (in Error::detail), and yields nothing of that load.
class Entities {
 public:
  // No entity but those that exist by declaration (closed and single types).
  static Entities none(const Policy& policy);
  // JSON: an array of entities, or one object a line. All files together are one load; parents may come in any order.
  static Result<Entities> from_files(const Policy& policy, std::span<const std::string> paths,
                                     const LoadOptions& options = {});
  static Result<Entities> from_json(const Policy& policy, std::string_view json, std::string_view name = "data",
                                    const LoadOptions& options = {});
  static Result<Entities> from_records(const Policy& policy, std::span<const EntityRecord> records,
                                       const LoadOptions& options = {});

  // Those in the image of the policy (`writ compile --data`), several times faster than from JSON. What they say is as
  // hostile as JSON is, held to the same, and gone through once: kBadImage, with what is wrong. kMissingMember: the
  // image has none. They are copied: afterwards strip() gives back the image's own memory.
  static Result<Entities> from_image(const Policy& policy, const LoadOptions& options = {});
  static bool are_in_image_of(const Policy& policy) noexcept;
  // The policy with these entities in its image, in place of any that are there: one file, and one signature over all
  // of it (writ/signed_image.h). Equal policies and entities give equal bytes; Policy::digest() is that of the policy
  // alone. kSchemaMismatch: they are of other declarations. O(n log n).
  Result<Policy> into_image(const Policy& policy) const;
  // The policy alone: the same digest, and the image that it had without entities. O(bytes).
  static Policy strip(const Policy& policy);

  // A new version with all of the changes, or an error and nothing.
  Result<Entities> with(std::span<const EntityChange> changes) const;

  std::size_t size() const noexcept;
  std::uint64_t version() const noexcept;  // grows with each version made from another

  const Snapshot& snapshot() const noexcept { return *snapshot_; }  // for the library's own use
  std::shared_ptr<const Snapshot> share() const noexcept { return snapshot_; }
  explicit Entities(std::shared_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}

 private:
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace writ
