// Facts: what a host says of one request, bound to the policy's declarations as it is said.
#include "writ/facts.h"

#include <algorithm>

#include "src/base/quote.h"
#include "src/data/bind.h"
#include "src/policy/program.h"
#include "src/scope/facts.h"
#include "src/scope/parse_entity.h"

namespace writ {
namespace {

Error about(ErrorCode code, std::string_view what, std::string_view name) noexcept {
  Error error(code, what);
  return append_quoted(error.append(" "), name);
}

// "context.mfa_age: ..."
Error at(std::string_view group, std::string_view name, const Error& inner) noexcept {
  return Error(inner.code, group).append(name).append(": ").append(inner.detail());
}

void forget(DescribedEntity& entity) noexcept {
  entity.given = false;
  entity.complete = false;
  entity.type = kNoId;
  entity.attributes.clear();
  entity.parents.clear();
}

void describe(const Schema& schema, TypeId type, DescribedEntity& entity) {
  if (entity.given) return;
  entity.given = true;
  entity.type = type;
  entity.attributes.assign(schema.types[type].attributes.size(), Datum());
}

// `type` is that of the entity, which this may be the first to describe.
Result<void> set_attribute(const Schema& schema, TypeId type_id, DescribedEntity& entity, std::string_view name,
                           const Value& value, Arena& arena) {
  const EntityType& type = schema.types[type_id];
  const int found = type.attribute(name);
  if (found < 0) return about(ErrorCode::kUnknownAttribute, type.name + " has no attribute", name);
  const auto index = static_cast<std::size_t>(found);
  if (entity.given && entity.attributes[index].kind != DatumKind::kNone) {
    return about(ErrorCode::kRepeated, "given twice: the attribute", name);
  }
  const Result<Datum> datum = data::bind(schema, type.attributes[index].type, value, arena, data::kMaxSetItems);
  if (!datum) return at("attributes.", name, datum.error());
  describe(schema, type_id, entity);
  entity.attributes[index] = *datum;
  return {};
}

Result<void> add_parent(const Schema& schema, TypeId type_id, DescribedEntity& entity, std::string_view type,
                        std::string_view id, Arena& arena) {
  const Result<Datum> parent = resolve_entity(schema, type, id);
  if (!parent) return parent.error();
  const EntityType& own = schema.types[type_id];
  if (std::find(own.parents.begin(), own.parents.end(), parent->type) == own.parents.end()) {
    return about(ErrorCode::kWrongType, own.name + " is not declared to be in a", type);
  }
  const auto place = std::lower_bound(entity.parents.begin(), entity.parents.end(), *parent,
                                      [](const Datum& a, const Datum& b) { return compare(a, b) < 0; });
  if (place != entity.parents.end() && compare(*place, *parent) == 0) {
    return about(ErrorCode::kRepeated, "given twice: the parent", id);
  }
  // Each is inserted in order, so their number must be bounded for its own sake, too.
  if (entity.parents.size() == kMaxParents) return Error(ErrorCode::kTooMany, "more than 4096 parents");
  describe(schema, type_id, entity);
  entity.parents.insert(place, entity_datum(parent->type, arena.copy(parent->text())));
  return {};
}

}  // namespace

Facts::Facts(const Policy& policy) : policy_(policy), facts_(std::make_unique<RequestFacts>()) {
  clear();
}
Facts::~Facts() = default;
Facts::Facts(Facts&&) noexcept = default;
Facts& Facts::operator=(Facts&&) noexcept = default;

Result<void> Facts::set_context(std::string_view key, const Value& value) {
  const Schema& schema = policy_.program().schema();
  const int index = schema.find_context(key);
  if (index < 0) return about(ErrorCode::kUnknownContext, "the policy declares no context key", key);
  Datum& slot = facts_->context[static_cast<std::size_t>(index)];
  if (slot.kind != DatumKind::kNone) return about(ErrorCode::kRepeated, "given twice: the context key", key);
  const ValueTypeId type = schema.context[static_cast<std::size_t>(index)].type;
  const Result<Datum> datum = data::bind(schema, type, value, facts_->arena, data::kMaxSetItems);
  if (!datum) return at("context.", key, datum.error());
  slot = *datum;
  return {};
}

Result<void> Facts::set_user(std::string_view attribute, const Value& value) {
  const Schema& schema = policy_.program().schema();
  return set_attribute(schema, schema.user, facts_->user, attribute, value, facts_->arena);
}

Result<void> Facts::add_user_parent(std::string_view type, std::string_view id) {
  const Schema& schema = policy_.program().schema();
  return add_parent(schema, schema.user, facts_->user, type, id, facts_->arena);
}

void Facts::user_complete() {
  const Schema& schema = policy_.program().schema();
  describe(schema, schema.user, facts_->user);
  facts_->user.complete = true;
}

Result<void> Facts::describe_resource(std::string_view type) {
  const Schema& schema = policy_.program().schema();
  const TypeId id = schema.find_type(type);
  if (id == kNoId) return about(ErrorCode::kUnknownType, "no entity type", type);
  if (facts_->resource.given && facts_->resource.type != id) {
    return about(ErrorCode::kRepeated, "the resource is described as of another type than", type);
  }
  describe(schema, id, facts_->resource);
  return {};
}

Result<void> Facts::set_resource(std::string_view attribute, const Value& value) {
  if (!facts_->resource.given) return Error(ErrorCode::kMissingMember, "describe_resource() must come first");
  return set_attribute(policy_.program().schema(), facts_->resource.type, facts_->resource, attribute, value,
                       facts_->arena);
}

Result<void> Facts::add_resource_parent(std::string_view type, std::string_view id) {
  if (!facts_->resource.given) return Error(ErrorCode::kMissingMember, "describe_resource() must come first");
  return add_parent(policy_.program().schema(), facts_->resource.type, facts_->resource, type, id, facts_->arena);
}

void Facts::resource_complete() {
  facts_->resource.complete = facts_->resource.given;
}

void Facts::clear() {
  facts_->context.assign(policy_.program().schema().context.size(), Datum());
  forget(facts_->user);
  forget(facts_->resource);
  facts_->arena.clear();
}

}  // namespace writ
