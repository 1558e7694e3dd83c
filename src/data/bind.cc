#include "src/data/bind.h"

#include <algorithm>
#include <vector>

#include "src/scope/fits.h"
#include "src/scope/parse_entity.h"
#include "src/scope/parse_scope.h"

namespace writ::data {
namespace {

Result<Datum> bind_set(const Schema& schema, const ValueType& type, const Value& value, Arena& arena) {
  std::vector<Datum> items;
  for (const Value& item : value.items) {
    const Result<Datum> bound = bind(schema, type.inner, item, arena);
    if (!bound) return bound;
    items.push_back(*bound);
  }
  std::sort(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) < 0; });
  items.erase(
      std::unique(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) == 0; }),
      items.end());
  Datum set;
  set.kind = DatumKind::kSet;
  set.count = static_cast<std::uint32_t>(items.size());
  set.items = arena.copy(std::span<const Datum>(items)).data();
  return set;
}

Result<Datum> bind_record(const Schema& schema, const ValueType& type, const Value& value, Arena& arena) {
  const std::span<Datum> fields = arena.array<Datum>(type.fields.size());
  for (const NamedValue& given : value.fields) {
    const auto declared = std::find_if(type.fields.begin(), type.fields.end(),
                                       [&](const FieldType& field) { return field.name == given.name; });
    if (declared == type.fields.end()) return Error(ErrorCode::kUnknownMember, "no such field");
    const Result<Datum> bound = bind(schema, declared->type, given.value, arena);
    if (!bound) return bound;
    fields[static_cast<std::size_t>(declared - type.fields.begin())] = *bound;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind == DatumKind::kNone && !type.fields[i].optional) {
      return Error(ErrorCode::kMissingMember, "a field is missing");
    }
  }
  Datum record;
  record.kind = DatumKind::kRecord;
  record.count = static_cast<std::uint32_t>(fields.size());
  record.items = fields.data();
  return record;
}

Result<Datum> bind_text(const Schema& schema, const ValueType& type, const Value& value, Arena& arena) {
  if (type.kind == DatumKind::kScope) {
    const auto cells = parse_permission(schema, value.text, arena);
    if (!cells) return cells.error();
    Datum scope;
    scope.kind = DatumKind::kScope;
    scope.count = static_cast<std::uint32_t>(cells->size());
    scope.cells = cells->data();
    return scope;
  }
  if (type.kind == DatumKind::kString) {
    if (!is_text(value.text)) return Error(ErrorCode::kBadValue, "not UTF-8");
    return text_datum(arena.copy(value.text));
  }
  const Result<Datum> entity = resolve_entity(schema, value.type, value.text);
  if (!entity) return entity;
  if (!std::binary_search(type.entities.begin(), type.entities.end(), entity->type)) {
    return Error(ErrorCode::kWrongType, "another type of entity");
  }
  return entity_datum(entity->type, arena.copy(entity->text()));
}

}  // namespace

Result<Datum> bind(const Schema& schema, ValueTypeId type_id, const Value& value, Arena& arena) {
  const ValueType& type = schema.value_types[type_id];
  if (static_cast<int>(type.kind) != static_cast<int>(value.kind) + 1) {
    return Error(ErrorCode::kWrongType, "needs ").append(schema.spell(type_id));
  }
  switch (type.kind) {
    case DatumKind::kString:
    case DatumKind::kScope:
    case DatumKind::kEntity:
      return bind_text(schema, type, value, arena);
    case DatumKind::kIp: {
      Datum address;
      address.kind = DatumKind::kIp;
      address.address = arena.copy(std::span<const Ip>(&value.address, 1)).data();
      return address;
    }
    case DatumKind::kSet:
      return bind_set(schema, type, value, arena);
    case DatumKind::kRecord:
      return bind_record(schema, type, value, arena);
    default:
      return number_datum(type.kind, value.number);
  }
}

}  // namespace writ::data
