// Tested by tests/unit/data/read_datum_test.cc.
#include "src/data/read_datum.h"

#include <optional>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/quote.h"
#include "src/scope/build_datum.h"
#include "src/scope/parse_entity.h"
#include "src/scope/parse_scope.h"

namespace writ::data {
namespace {

using json::Kind;
using json::Node;

std::string_view fault_text(NumberFault fault, std::string_view form) {
  switch (fault) {
    case NumberFault::kTooLarge:
      return "is out of range";
    case NumberFault::kTooManyDecimals:
      return "has more decimal places than are kept";
    default:
      return form;
  }
}

Error at(const Node& node, Error error) {
  if (error.line == 0) error.line = node.line();
  return error;
}

class DatumReader {
 public:
  DatumReader(const Schema& schema, Arena& arena, std::uint32_t most_items)
      : schema_(schema), arena_(arena), most_items_(most_items) {}

  Result<Datum> read(ValueTypeId type, const Node& node) {
    const DatumKind kind = schema_.value_types[type].kind;
    if (!suits(kind, node.kind())) {
      return Error(ErrorCode::kWrongType, schema_.spell(type), node.line())
          .append(" is needed, not ")
          .append(json::name_of(node.kind()));
    }
    switch (kind) {
      case DatumKind::kBool:
        return number_datum(kind, node.boolean() ? 1 : 0);
      case DatumKind::kInt:
        return number(kind, parse_int(node.text()), node, "is no whole number");
      case DatumKind::kDecimal:
        return number(kind, parse_decimal(node.text()), node, "is no decimal like 40.00");
      case DatumKind::kTime:
        return number(kind, parse_rfc3339(node.text()), node, "is no time like 2026-03-02T09:00:00Z");
      case DatumKind::kDuration:
        return number(kind, parse_duration(node.text()), node, "is no duration like 1h30m");
      case DatumKind::kString:
        return text_datum(arena_.copy(node.text()));
      case DatumKind::kIp:
        return address(node);
      case DatumKind::kEntity:
        return entity(type, node);
      case DatumKind::kScope:
        return scope(node);
      case DatumKind::kSet:
        return set(type, node);
      default:
        return record(type, node);
    }
  }

 private:
  static bool suits(DatumKind wanted, Kind given) {
    switch (wanted) {
      case DatumKind::kBool:
        return given == Kind::kBool;
      case DatumKind::kInt:
        return given == Kind::kNumber;
      case DatumKind::kDecimal:
        return given == Kind::kNumber || given == Kind::kString;
      case DatumKind::kSet:
        return given == Kind::kArray;
      case DatumKind::kRecord:
        return given == Kind::kObject;
      default:
        return given == Kind::kString;
    }
  }

  static Error bad(const Node& node, std::string_view why) {
    Error error(ErrorCode::kBadValue, "", node.line());
    return append_quoted(error, node.text()).append(" ").append(why);
  }

  static Result<Datum> number(DatumKind kind, const ParsedNumber& parsed, const Node& node, std::string_view form) {
    if (!parsed) return bad(node, fault_text(parsed.fault, form));
    return number_datum(kind, parsed.value);
  }

  Result<Datum> address(const Node& node) {
    const std::optional<Ip> parsed = parse_ip(node.text());
    if (!parsed) return bad(node, "is no address, and no network without bits past its prefix");
    return address_datum(*parsed, arena_);
  }

  Result<Datum> entity(ValueTypeId type, const Node& node) {
    const Result<Datum> found = parse_entity(schema_, node.text());
    const Result<Datum> allowed = found ? entity_of_type(schema_, type, *found, arena_) : found;
    if (!allowed) return at(node, allowed.error());
    return allowed;
  }

  Result<Datum> scope(const Node& node) {
    const Result<std::span<const Cell>> cells = parse_permission(schema_, node.text(), arena_);
    if (!cells) return at(node, cells.error());
    return scope_datum(*cells);
  }

  Result<Datum> set(ValueTypeId type, const Node& node) {
    if (node.size() > most_items_) return Error(ErrorCode::kTooMany, "a set of too many items", node.line());
    const std::span<Datum> items = arena_.array<Datum>(node.size());
    std::size_t count = 0;
    for (const Node element : node) {
      const Result<Datum> item = read(schema_.value_types[type].inner, element);
      if (!item) return item;
      items[count++] = *item;
    }
    return set_datum(items);
  }

  Result<Datum> record(ValueTypeId type_id, const Node& node) {
    const ValueType& type = schema_.value_types[type_id];
    const std::span<Datum> fields = arena_.array<Datum>(type.fields.size());
    for (const Node member : node) {
      const int index = find_field(type, member.key());
      if (index < 0) return at(member, unknown_field(schema_, type_id, member.key()));
      const auto field = static_cast<std::size_t>(index);
      const Result<Datum> value = read(type.fields[field].type, member);
      if (!value) return within(member.key(), value.error());
      fields[field] = *value;
    }
    if (const Result<void> whole = check_fields(type, fields); !whole) return at(node, whole.error());
    return record_datum(fields);
  }

  const Schema& schema_;
  Arena& arena_;
  std::uint32_t most_items_;
};

}  // namespace

Result<Datum> read_datum(const Schema& schema, ValueTypeId type, const json::Node& node, Arena& arena,
                         std::uint32_t most_items) {
  return DatumReader(schema, arena, most_items).read(type, node);
}

}  // namespace writ::data
