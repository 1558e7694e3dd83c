#include "src/scope/fits.h"

#include <algorithm>
#include <cstring>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/utf8.h"
#include "src/scope/bare.h"

namespace writ {
namespace {

template <class Element>
bool strictly_ascending(const Element* first, std::uint32_t count) noexcept {
  for (std::uint32_t i = 1; i < count; ++i) {
    if (compare(first[i - 1], first[i]) >= 0) return false;
  }
  return true;
}

bool fits_scope(const Schema& schema, const Datum& datum) noexcept {
  const Cell* const end = datum.cells + datum.count;
  return datum.count > 0 && strictly_ascending(datum.cells, datum.count) &&
         std::all_of(datum.cells, end, [&](const Cell& cell) { return fits(schema, cell); });
}

bool fits_set(const Schema& schema, ValueTypeId inner, const Datum& datum) noexcept {
  for (std::uint32_t i = 0; i < datum.count; ++i) {
    if (!fits(schema, inner, datum.items[i])) return false;
  }
  return strictly_ascending(datum.items, datum.count);
}

bool fits_record(const Schema& schema, const std::vector<FieldType>& fields, const Datum& datum) noexcept {
  if (datum.count != fields.size()) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Datum& field = datum.items[i];
    const bool absent = field.kind == DatumKind::kNone;
    if (absent ? !fields[i].optional : !fits(schema, fields[i].type, field)) return false;
  }
  return true;
}

}  // namespace

bool is_text(std::string_view text) noexcept {
  return text.empty() || (std::memchr(text.data(), '\0', text.size()) == nullptr && is_utf8(text));
}

bool fits_entity(const Schema& schema, TypeId type, std::string_view id) noexcept {
  if (type >= schema.types.size()) return false;
  const EntityType& entity = schema.types[type];
  if (entity.single) return id.empty();
  return entity.closed ? entity.lists(id) : is_id(id);
}

bool fits(const Schema& schema, const Cell& cell) noexcept {
  if (cell.type >= schema.types.size() || cell.action >= schema.actions.size()) return false;
  if (cell.kind == CellKind::kType) return cell.id.empty() && schema.acts_on_type(cell.action, cell.type);
  if (!schema.acts_on_resource(cell.action, cell.type)) return false;
  const EntityType& type = schema.types[cell.type];
  switch (cell.kind) {
    case CellKind::kAll:
      return !type.single && cell.id.empty();
    case CellKind::kPrefix: {
      if (type.single || !is_bare_id(cell.id)) return false;
      if (!type.closed) return true;
      const auto found = std::lower_bound(type.ids.begin(), type.ids.end(), cell.id);
      return found != type.ids.end() && found->starts_with(cell.id);
    }
    case CellKind::kExact:
      return fits_entity(schema, cell.type, cell.id);
    default:
      return false;
  }
}

bool fits(const Schema& schema, ValueTypeId id, const Datum& datum) noexcept {
  const ValueType& type = schema.value_types[id];
  if (datum.kind != type.kind) return false;
  switch (datum.kind) {
    case DatumKind::kBool:
      return datum.number == 0 || datum.number == 1;
    case DatumKind::kInt:
    case DatumKind::kDecimal:
    case DatumKind::kDuration:
      return true;
    case DatumKind::kTime:
      return datum.number >= kEarliestTime && datum.number <= kLatestTime;
    case DatumKind::kString:
      return is_text(datum.text());
    case DatumKind::kIp:
      return is_valid(*datum.address);
    case DatumKind::kEntity:
      return std::binary_search(type.entities.begin(), type.entities.end(), datum.type) &&
             fits_entity(schema, datum.type, datum.text());
    case DatumKind::kScope:
      return fits_scope(schema, datum);
    case DatumKind::kSet:
      return fits_set(schema, type.inner, datum);
    case DatumKind::kRecord:
      return fits_record(schema, type.fields, datum);
    default:
      return false;
  }
}

}  // namespace writ
