// Tested by tests/unit/data/read_datum_test.cc, with the same values from JSON.
#include "src/data/bind.h"

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/quote.h"
#include "src/scope/build_datum.h"
#include "src/scope/fits.h"
#include "src/scope/parse_entity.h"
#include "src/scope/parse_scope.h"

namespace writ::data {
namespace {

DatumKind kind_of(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::kBool:
      return DatumKind::kBool;
    case Value::Kind::kInt:
      return DatumKind::kInt;
    case Value::Kind::kDecimal:
      return DatumKind::kDecimal;
    case Value::Kind::kString:
      return DatumKind::kString;
    case Value::Kind::kTime:
      return DatumKind::kTime;
    case Value::Kind::kDuration:
      return DatumKind::kDuration;
    case Value::Kind::kIp:
      return DatumKind::kIp;
    case Value::Kind::kEntity:
      return DatumKind::kEntity;
    case Value::Kind::kScope:
      return DatumKind::kScope;
    case Value::Kind::kSet:
      return DatumKind::kSet;
    case Value::Kind::kRecord:
      return DatumKind::kRecord;
  }
  return DatumKind::kNone;
}

std::string_view name_of(DatumKind kind) {
  switch (kind) {
    case DatumKind::kBool:
      return "a bool";
    case DatumKind::kInt:
      return "an int";
    case DatumKind::kDecimal:
      return "a decimal";
    case DatumKind::kString:
      return "a string";
    case DatumKind::kTime:
      return "a time";
    case DatumKind::kDuration:
      return "a duration";
    case DatumKind::kIp:
      return "an address";
    case DatumKind::kEntity:
      return "an entity";
    case DatumKind::kScope:
      return "a scope";
    case DatumKind::kSet:
      return "a set";
    case DatumKind::kRecord:
      return "a record";
    default:
      return "nothing";
  }
}

class Binder {
 public:
  Binder(const Schema& schema, Arena& arena, std::uint32_t most_items)
      : schema_(schema), arena_(arena), most_items_(most_items) {}

  Result<Datum> bind(ValueTypeId type, const Value& value) {
    const DatumKind kind = kind_of(value.kind);
    if (schema_.value_types[type].kind != kind) {
      return Error(ErrorCode::kWrongType, schema_.spell(type)).append(" is needed, not ").append(name_of(kind));
    }
    switch (kind) {
      case DatumKind::kBool:
        return number_datum(kind, value.number != 0 ? 1 : 0);
      case DatumKind::kTime:
        if (value.number < kEarliestTime || value.number > kLatestTime) {
          return Error(ErrorCode::kBadValue, "a time outside the years 1 to 9999");
        }
        return number_datum(kind, value.number);
      case DatumKind::kString:
        if (!is_text(value.text)) return Error(ErrorCode::kBadValue, "a string is UTF-8 without NUL");
        if (value.text.size() > kMaxTextBytes) return Error(ErrorCode::kTooMany, "a string of more than 256 MiB");
        return text_datum(arena_.copy(value.text));
      case DatumKind::kIp:
        if (!is_valid(value.address)) return Error(ErrorCode::kBadValue, "an address with bits past its prefix");
        return address_datum(value.address, arena_);
      case DatumKind::kEntity:
        return entity(type, value);
      case DatumKind::kScope:
        return scope(value);
      case DatumKind::kSet:
        return set(type, value);
      case DatumKind::kRecord:
        return record(type, value);
      default:
        return number_datum(kind, value.number);
    }
  }

 private:
  static constexpr std::size_t kMaxTextBytes = std::size_t{256} << 20;

  Result<Datum> entity(ValueTypeId type, const Value& value) {
    const Result<Datum> found = resolve_entity(schema_, value.type, value.text);
    return found ? entity_of_type(schema_, type, *found, arena_) : found;
  }

  Result<Datum> scope(const Value& value) {
    const Result<std::span<const Cell>> cells = parse_permission(schema_, value.text, arena_);
    if (!cells) return cells.error();
    return scope_datum(*cells);
  }

  Result<Datum> set(ValueTypeId type, const Value& value) {
    if (value.items.size() > most_items_) return Error(ErrorCode::kTooMany, "a set of too many items");
    const std::span<Datum> items = arena_.array<Datum>(value.items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Result<Datum> item = bind(schema_.value_types[type].inner, value.items[i]);
      if (!item) return item;
      items[i] = *item;
    }
    return set_datum(items);
  }

  Result<Datum> record(ValueTypeId type_id, const Value& value) {
    const ValueType& type = schema_.value_types[type_id];
    const std::span<Datum> fields = arena_.array<Datum>(type.fields.size());
    for (const NamedValue& given : value.fields) {
      const int index = find_field(type, given.name);
      if (index < 0) return unknown_field(schema_, type_id, given.name);
      Datum& field = fields[static_cast<std::size_t>(index)];
      if (field.kind != DatumKind::kNone) {
        Error error(ErrorCode::kRepeated, "the field ");
        return append_quoted(error, given.name).append(" stands twice");
      }
      const Result<Datum> bound = bind(type.fields[static_cast<std::size_t>(index)].type, given.value);
      if (!bound) return within(given.name, bound.error());
      field = *bound;
    }
    if (const Result<void> whole = check_fields(type, fields); !whole) return whole.error();
    return record_datum(fields);
  }

  const Schema& schema_;
  Arena& arena_;
  std::uint32_t most_items_;
};

}  // namespace

Result<Datum> bind(const Schema& schema, ValueTypeId type, const Value& value, Arena& arena, std::uint32_t most_items) {
  return Binder(schema, arena, most_items).bind(type, value);
}

}  // namespace writ::data
