#include "src/data/load.h"

#include <random>

#include "src/data/bind.h"
#include "src/data/descend.h"
#include "src/data/draft.h"
#include "src/data/load_options.h"
#include "src/data/seal.h"
#include "src/data/staging.h"

namespace writ::data {
namespace {

Result<void> stage(Draft& draft, Place place, const EntityRecord& record) {
  Result<void> done = draft.begin(place, record.name.type, record.name.id);
  for (std::size_t i = 0; i < record.attributes.size() && done; ++i) {
    const NamedValue& given = record.attributes[i];
    const Result<const Attribute*> attribute = draft.attribute(given.name);
    if (!attribute) return attribute.error();
    const Result<Datum> value = bind(draft.schema(), (*attribute)->type, given.value, draft.arena());
    if (!value) return draft.fault_in(given.name, value.error());
    draft.set(**attribute, *value);
  }
  for (std::size_t i = 0; i < record.parents.size() && done; ++i)
    done = draft.add_parent(record.parents[i].type, record.parents[i].id);
  return done ? draft.commit() : done;
}

LoadedSnapshot finish(Staging& staging) {
  if (const Result<void> closed = staging.close(); !closed) return closed.error();
  return seal(staging);
}

}  // namespace

std::uint64_t seed_of(const LoadOptions& options) {
  if (options.seed) return *options.seed;
  std::random_device system;
  return (std::uint64_t{system()} << 32U) | system();
}

LoadedSnapshot load_records(std::shared_ptr<const Schema> schema, std::span<const EntityRecord> records,
                            const LoadOptions& options) {
  Staging staging(std::move(schema), seed_of(options));
  Draft draft(staging);
  Progress progress(options, 0);
  const std::uint32_t source = staging.add_source("record", false);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Place place{source, static_cast<std::uint32_t>(i + 1)};
    if (const Result<void> staged = stage(draft, place, records[i]); !staged) return staged.error();
    progress.entity(0);
  }
  staging.add_declared();
  progress.end();
  return finish(staging);
}

LoadedSnapshot change(const Snapshot& base, std::span<const EntityChange> changes) {
  Staging staging(base.share_schema(), base.seed(), &base);
  Draft draft(staging);
  const std::uint32_t source = staging.add_source("change", false);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Place place{source, static_cast<std::uint32_t>(i + 1)};
    const EntityRecord& record = changes[i].record;
    Result<void> staged;
    if (changes[i].erase) {
      staged = draft.begin(place, record.name.type, record.name.id);
      if (staged) staged = staging.erase(place, draft.entity());
    } else {
      staged = stage(draft, place, record);
    }
    if (!staged) return staged.error();
  }
  if (const Result<void> followed = descend(staging); !followed) return followed.error();
  return finish(staging);
}

}  // namespace writ::data
