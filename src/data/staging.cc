#include "src/data/staging.h"

#include <algorithm>

#include "src/base/quote.h"
#include "src/data/shard.h"
#include "src/scope/parse_entity.h"

namespace writ::data {
namespace {

constexpr std::size_t kTextParts = 64;
constexpr std::size_t kMostShown = 5;

std::string_view remedy(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnknownType:
      return "; declare it with `entity`, or correct it";
    case ErrorCode::kUnknownId:
      return "; list it in the policy, or correct it";
    default:
      return "";
  }
}

}  // namespace

Staging::Staging(std::shared_ptr<const Schema> schema, std::uint64_t seed, const Snapshot* base)
    : schema_(std::move(schema)),
      seed_(seed),
      base_(base),
      pool_(*schema_, seed),
      lineage_(pool_),
      texts_(base == nullptr ? kTextParts : 1) {}

std::uint32_t Staging::add_source(std::string name, bool file) {
  sources_.push_back({std::move(name), file});
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

void Staging::append(Error& error, Place place) const {
  const Source& source = sources_[place.source];
  error.append(source.name).append(source.file ? ":" : " ").append(std::to_string(place.line));
}

Error Staging::fault(ErrorCode code, Place place) const {
  Error error(code, "");
  if (place.source == kNone) return error;
  if (sources_[place.source].file) error.line = place.line;
  append(error, place);
  return error.append(": ");
}

Error& Staging::append(Error& error, const Datum& entity) const {
  const EntityType& type = schema_->types[entity.type];
  if (type.single) return append_quoted(error, type.name);
  return append_quoted(error, type.name + ":" + std::string(entity.text()));
}

Error Staging::fault(ErrorCode code, Place place, const Datum& entity) const {
  Error error = fault(code, place);
  return append(error, entity).append(": ");
}

Result<Datum> Staging::entity(Place place, std::string_view type, std::string_view id) const {
  Result<Datum> resolved = resolve_entity(*schema_, type, id);
  if (resolved) return resolved;
  const Error& inner = resolved.error();
  return fault(inner.code, place).append(inner.detail()).append(remedy(inner.code));
}

Result<Datum> Staging::parent(Place place, const Datum& child, std::string_view type, std::string_view id) const {
  Result<Datum> resolved = resolve_entity(*schema_, type, id);
  if (!resolved) {
    const Error& inner = resolved.error();
    return fault(inner.code, place, child).append("parent: ").append(inner.detail()).append(remedy(inner.code));
  }
  const EntityType& declared = schema_->types[child.type];
  const auto& allowed = declared.parents;
  if (std::find(allowed.begin(), allowed.end(), resolved->type) != allowed.end()) return resolved;
  Error error = fault(ErrorCode::kWrongType, place, child).append("parent ");
  append(error, *resolved).append(": ").append(declared.name);
  if (allowed.empty()) return error.append(" is declared without `in`, so it has no parents");
  error.append(" is declared `in ");
  for (std::size_t i = 0; i < allowed.size(); ++i)
    error.append(i == 0 ? "" : ", ").append(schema_->types[allowed[i]].name);
  return error.append("`, so its parents are of no other type");
}

std::uint32_t Staging::number_of(const Datum& entity, std::uint64_t hash) const {
  return index_.find(
      hash, [&](std::uint32_t i) { return entities_[i].hash == hash && same_entity(entities_[i].entity, entity); });
}

const StagedEntity* Staging::find(const Datum& entity, std::uint64_t hash) const {
  const std::uint32_t number = number_of(entity, hash);
  return number == kNone ? nullptr : &entities_[number];
}

// Pooled values go to where they stay, unless they are laid there; the rest waits beside the others of its hash for its
// record.
std::span<const Datum> Staging::keep(std::span<const Datum> attributes, std::uint64_t hash, bool laid) {
  Arena& arena = texts(hash);
  const std::span<Datum> kept = arena.array<Datum>(attributes.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    Datum value = attributes[i];
    if (is_pooled(value)) {
      if (!laid || value.kind == DatumKind::kString) value = pool_.share(value);
    } else if (value.kind == DatumKind::kString || value.kind == DatumKind::kEntity) {
      value.bytes = arena.copy(value.text()).data();
    } else if (value.kind == DatumKind::kIp) {
      value.address = arena.copy(std::span(value.address, 1)).data();
    }
    kept[i] = value;
  }
  return kept;
}

void Staging::enter(const StagedEntity& staged, std::span<const Datum> attributes) {
  index_.add(staged.hash, static_cast<std::uint32_t>(entities_.size()));
  entities_.push_back(staged);
  entities_.back().attributes = attributes.data();
  record_bytes_ += data::record_bytes(staged.entity, attributes);
}

ListId Staging::list(std::span<const Datum> parents) {
  return lineage_.add(parents, seed_, static_cast<std::uint32_t>(entities_.size()));
}

Result<void> Staging::add(Place place, const Datum& entity, std::span<const Datum> attributes,
                          std::span<const Datum> parents) {
  return add(place, entity, attributes, list(parents), false);
}

Result<void> Staging::add_laid(Place place, const Datum& entity, std::span<const Datum> attributes, ListId parents) {
  return add(place, entity, attributes, parents, true);
}

Result<void> Staging::add(Place place, const Datum& entity, std::span<const Datum> attributes, ListId parents,
                          bool laid) {
  StagedEntity staged;
  staged.hash = hash_entity(entity.type, entity.text(), seed_);
  if (const StagedEntity* const before = find(entity, staged.hash); before != nullptr) {
    Error error = fault(ErrorCode::kRepeated, place, entity).append("stands twice, before at ");
    append(error, before->place);
    return error.append("; keep one of them");
  }
  staged.entity = entity;
  staged.entity.bytes = texts(staged.hash).copy(entity.text()).data();
  staged.place = place;
  staged.parents = parents;
  enter(staged, keep(attributes, staged.hash, laid));
  return {};
}

void Staging::add_declared() {
  const auto add_missing = [this](TypeId type, std::string_view id) {
    StagedEntity staged;
    staged.hash = hash_entity(type, id, seed_);
    staged.entity = entity_datum(type, id);  // the schema keeps the id
    if (number_of(staged.entity, staged.hash) != kNone) return;
    const std::vector<Datum> nothing(schema_->types[type].attributes.size());
    enter(staged, keep(nothing, staged.hash, false));
  };
  for (std::size_t i = 0; i < schema_->types.size(); ++i) {
    const EntityType& type = schema_->types[i];
    if (type.single) add_missing(static_cast<TypeId>(i), {});
    for (const std::string& id : type.ids)
      add_missing(static_cast<TypeId>(i), id);
  }
}

Result<void> Staging::erase(Place place, const Datum& entity) {
  const EntityType& type = schema_->types[entity.type];
  const std::uint64_t hash = hash_entity(entity.type, entity.text(), seed_);
  if (base_->find(entity.type, entity.text(), hash) == nullptr) {
    return fault(ErrorCode::kUnknownId, place, entity).append("is not in the data, so it cannot be taken out");
  }
  const std::vector<Datum> nothing(type.attributes.size());
  Result<void> added = add(place, entity, nothing, {});
  if (added) entities_.back().erased = !type.closed && !type.single;
  return added;
}

void Staging::derive(const Node& node) {
  StagedEntity staged;
  staged.hash = node.hash;
  staged.entity = node.entity;
  staged.parents = lineage_.add(node.parents(), seed_, static_cast<std::uint32_t>(entities_.size()));
  enter(staged, node.attributes);
}

Parent Staging::look_up(const Ancestor& name) const {
  Parent parent;
  if (const std::uint32_t number = number_of(name.entity, name.hash); number != kNone) {
    parent.missing = entities_[number].erased;
    parent.entity = number;
    parent.list = entities_[number].parents;
    return parent;
  }
  const Node* const known = base_ == nullptr ? nullptr : base_->find(name.entity.type, name.entity.text(), name.hash);
  parent.missing = known == nullptr;
  if (known != nullptr) parent.ancestors = known->ancestors();
  return parent;
}

Error Staging::word(const LineageFault& fault_found) const {
  const StagedEntity& first = entities_[fault_found.entity];
  switch (fault_found.kind) {
    case LineageFault::Kind::kMissing: {
      Error error = fault(ErrorCode::kUnknownParent, first.place, first.entity).append("parent ");
      append(error, fault_found.names.front());
      return error.append(" is not in the data; add it, or take the parent out");
    }
    case LineageFault::Kind::kCircle: {
      Error error = fault(ErrorCode::kCycle, first.place, first.entity).append("its parents run in a circle: ");
      for (std::size_t i = 0; i < std::min(fault_found.names.size(), kMostShown); ++i)
        append(error, fault_found.names[i]).append(" in ");
      if (fault_found.names.size() > kMostShown) error.append("... in ");
      return append(error, fault_found.names.front()).append("; take one of these parents out");
    }
    default:
      return fault(ErrorCode::kTooMany, first.place, first.entity)
          .append("is below more than 4,096 others; make the hierarchy flatter");
  }
}

Result<void> Staging::close() {
  const LineageFault found = lineage_.close([this](const Ancestor& name) { return look_up(name); });
  if (found.kind != LineageFault::Kind::kFine) return word(found);
  return {};
}

Node Staging::node(const StagedEntity& staged) const {
  Node node;
  node.hash = staged.hash;
  node.entity = staged.entity;
  node.attributes = {staged.attributes, schema_->types[staged.entity.type].attributes.size()};
  node.set_ancestors(lineage_.ancestors(staged.parents));
  node.set_parents(lineage_.parents(staged.parents));
  return node;
}

void Staging::release(std::size_t done, std::size_t shards) {
  for (; texts_.size() == kTextParts && released_ < done * kTextParts / shards; ++released_)
    texts_[released_] = Arena();
}

}  // namespace writ::data
