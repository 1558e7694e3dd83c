#include "src/data/write_datum.h"

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/number.h"
#include "src/scope/print_scope.h"

namespace writ::data {

std::string write_reference(const Schema& schema, const Datum& entity) {
  const EntityType& type = schema.types[entity.type];
  return type.single ? type.name : type.name + ":" + std::string(entity.text());
}

void write_datum(const Schema& schema, ValueTypeId type_id, const Datum& datum, json::Writer& out) {
  const ValueType& type = schema.value_types[type_id];
  switch (datum.kind) {
    case DatumKind::kBool:
      out.boolean(datum.number != 0);
      break;
    case DatumKind::kInt:
      out.integer(datum.number);
      break;
    case DatumKind::kDecimal:
      // As a text: what reads JSON elsewhere may make a double of a number.
      out.string(format_decimal(datum.number));
      break;
    case DatumKind::kTime:
      out.string(format_rfc3339(datum.number));
      break;
    case DatumKind::kDuration:
      out.string(format_duration(datum.number));
      break;
    case DatumKind::kString:
      out.string(datum.text());
      break;
    case DatumKind::kIp:
      out.string(format_ip(*datum.address));
      break;
    case DatumKind::kEntity:
      out.string(write_reference(schema, datum));
      break;
    case DatumKind::kScope:
      out.string(print_permission(schema, {datum.cells, datum.count}).value_or(""));
      break;
    case DatumKind::kSet:
      out.begin_array();
      for (std::uint32_t i = 0; i < datum.count; ++i)
        write_datum(schema, type.inner, datum.items[i], out);
      out.end_array();
      break;
    case DatumKind::kRecord:
      out.begin_object();
      for (std::uint32_t i = 0; i < datum.count; ++i) {
        if (datum.items[i].kind == DatumKind::kNone) continue;
        out.key(type.fields[i].name);
        write_datum(schema, type.fields[i].type, datum.items[i], out);
      }
      out.end_object();
      break;
    case DatumKind::kNone:
    case DatumKind::kOpen:
      out.null();
      break;
  }
}

}  // namespace writ::data
