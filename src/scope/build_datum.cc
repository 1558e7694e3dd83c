#include "src/scope/build_datum.h"

#include <algorithm>

#include "src/base/quote.h"

namespace writ {

Datum set_datum(std::span<Datum> items) noexcept {
  std::sort(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) < 0; });
  const auto end =
      std::unique(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) == 0; });
  Datum set;
  set.kind = DatumKind::kSet;
  set.items = items.data();
  set.count = static_cast<std::uint32_t>(end - items.begin());
  return set;
}

Datum record_datum(std::span<const Datum> fields) noexcept {
  Datum record;
  record.kind = DatumKind::kRecord;
  record.items = fields.data();
  record.count = static_cast<std::uint32_t>(fields.size());
  return record;
}

Datum scope_datum(std::span<const Cell> cells) noexcept {
  Datum scope;
  scope.kind = DatumKind::kScope;
  scope.cells = cells.data();
  scope.count = static_cast<std::uint32_t>(cells.size());
  return scope;
}

Datum address_datum(const Ip& address, Arena& arena) {
  Datum datum;
  datum.kind = DatumKind::kIp;
  datum.address = arena.copy(std::span<const Ip>(&address, 1)).data();
  return datum;
}

Result<Datum> entity_of_type(const Schema& schema, ValueTypeId type, const Datum& entity, Arena& arena) {
  const std::vector<TypeId>& allowed = schema.value_types[type].entities;
  if (std::binary_search(allowed.begin(), allowed.end(), entity.type)) {
    return entity_datum(entity.type, arena.copy(entity.text()));
  }
  return Error(ErrorCode::kWrongType, schema.spell(type))
      .append(" is needed, not ")
      .append(schema.types[entity.type].name);
}

int find_field(const ValueType& record, std::string_view name) noexcept {
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (record.fields[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

Result<void> check_fields(const ValueType& record, std::span<const Datum> fields) noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind == DatumKind::kNone && !record.fields[i].optional) {
      Error error(ErrorCode::kMissingMember, "the field ");
      return append_quoted(error, record.fields[i].name).append(" is missing");
    }
  }
  return {};
}

Error unknown_field(const Schema& schema, ValueTypeId record, std::string_view name) {
  Error error(ErrorCode::kUnknownMember, "there is no field ");
  return append_quoted(error, name).append(" in ").append(schema.spell(record));
}

Error within(std::string_view name, const Error& inner) noexcept {
  Error error(inner.code, "in ", inner.line);
  return append_quoted(error, name).append(": ").append(inner.detail());
}

}  // namespace writ
