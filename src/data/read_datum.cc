// Tested by tests/unit/data/read_datum_test.cc.
#include "src/data/read_datum.h"

#include <algorithm>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/number.h"
#include "src/scope/fits.h"
#include "src/scope/parse_entity.h"
#include "src/scope/parse_scope.h"

namespace writ::data {
namespace {

using json::Node;

class DatumReader {
 public:
  DatumReader(const Schema& schema, Arena& arena) : schema_(schema), arena_(arena) {}

  Result<Datum> read(ValueTypeId type_id, const Node& node) {
    const ValueType& type = schema_.value_types[type_id];
    switch (type.kind) {
      case DatumKind::kBool:
        if (node.kind() != json::Kind::kBool) return wrong(type_id, node);
        return number_datum(DatumKind::kBool, node.boolean() ? 1 : 0);
      case DatumKind::kInt:
        if (!node.is_number()) return wrong(type_id, node);
        return number(DatumKind::kInt, parse_int(node.text()), node, "a whole number of 64 bits");
      case DatumKind::kDecimal:
        if (!node.is_number() && !node.is_string()) return wrong(type_id, node);
        return number(DatumKind::kDecimal, parse_decimal(node.text()), node, "a decimal with at most four places");
      case DatumKind::kSet: return set(type_id, type, node);
      case DatumKind::kRecord: return record(type_id, type, node);
      default:
        if (!node.is_string()) return wrong(type_id, node);
        return text(type_id, type, node);
    }
  }

 private:
  Error wrong(ValueTypeId type, const Node& node) const {
    Error error(ErrorCode::kWrongType, "", node.line());
    return error.append(json::name_of(node.kind())).append(" where ").append(schema_.spell(type)).append(" is due");
  }

  static Error bad(const Node& node, std::string_view wanted) {
    Error error(ErrorCode::kBadValue, "`", node.line());
    return error.append(node.text()).append("` is not ").append(wanted);
  }

  static Result<Datum> number(DatumKind kind, const ParsedNumber& parsed, const Node& node, std::string_view wanted) {
    if (!parsed) return bad(node, wanted);
    return number_datum(kind, parsed.value);
  }

  Result<Datum> text(ValueTypeId type_id, const ValueType& type, const Node& node) {
    switch (type.kind) {
      case DatumKind::kTime:
        return number(type.kind, parse_rfc3339(node.text()), node, "a time like 2026-03-02T09:00:00Z");
      case DatumKind::kDuration: return number(type.kind, parse_duration(node.text()), node, "a duration like 1h30m");
      case DatumKind::kIp: return address(node);
      case DatumKind::kEntity: return entity(type_id, type, node);
      case DatumKind::kScope: return scope(node);
      default:
        if (!is_text(node.text())) return bad(node, "text in UTF-8 without NUL");
        return text_datum(arena_.copy(node.text()));
    }
  }

  Result<Datum> address(const Node& node) {
    const std::optional<Ip> parsed = parse_ip(node.text());
    if (!parsed) return bad(node, "an address or a network");
    const std::span<Ip> kept = arena_.array<Ip>(1);
    kept[0] = *parsed;
    Datum datum;
    datum.kind = DatumKind::kIp;
    datum.address = kept.data();
    return datum;
  }

  static Error at(const Node& node, Error error) {
    error.line = node.line();
    return error;
  }

  Result<Datum> entity(ValueTypeId type_id, const ValueType& type, const Node& node) {
    const Result<Datum> found = parse_entity(schema_, node.text());
    if (!found) return at(node, found.error());
    if (!std::binary_search(type.entities.begin(), type.entities.end(), found->type)) {
      Error error(ErrorCode::kWrongType, "`", node.line());
      return error.append(node.text()).append("` where ").append(schema_.spell(type_id)).append(" is due");
    }
    return entity_datum(found->type, arena_.copy(found->text()));
  }

  Result<Datum> scope(const Node& node) {
    const Result<std::span<const Cell>> cells = parse_permission(schema_, arena_.copy(node.text()), arena_);
    if (!cells) return at(node, cells.error());
    Datum datum;
    datum.kind = DatumKind::kScope;
    datum.cells = cells->data();
    datum.count = static_cast<std::uint32_t>(cells->size());
    return datum;
  }

  Result<Datum> set(ValueTypeId type_id, const ValueType& type, const Node& node) {
    if (!node.is_array()) return wrong(type_id, node);
    if (node.size() > kMaxSetItems) return Error(ErrorCode::kTooMany, "a set of more than 65536 items", node.line());
    const std::span<Datum> items = arena_.array<Datum>(node.size());
    std::size_t count = 0;
    for (const Node item : node) {
      const Result<Datum> datum = read(type.inner, item);
      if (!datum) return datum.error();
      items[count++] = *datum;
    }
    std::sort(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) < 0; });
    const auto end = std::unique(items.begin(), items.end(),
                                 [](const Datum& a, const Datum& b) { return compare(a, b) == 0; });
    Datum result;
    result.kind = DatumKind::kSet;
    result.items = items.data();
    result.count = static_cast<std::uint32_t>(end - items.begin());
    return result;
  }

  Result<Datum> record(ValueTypeId type_id, const ValueType& type, const Node& node) {
    if (!node.is_object()) return wrong(type_id, node);
    const std::span<Datum> fields = arena_.array<Datum>(type.fields.size());
    for (const Node member : node) {
      const auto field = std::find_if(type.fields.begin(), type.fields.end(),
                                      [&member](const FieldType& f) { return f.name == member.key(); });
      if (field == type.fields.end()) {
        Error error(ErrorCode::kUnknownAttribute, "no field `", node.line());
        return error.append(member.key()).append("` in ").append(schema_.spell(type_id));
      }
      const Result<Datum> datum = read(field->type, member);
      if (!datum) return datum.error();
      fields[static_cast<std::size_t>(field - type.fields.begin())] = *datum;
    }
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      if (fields[i].kind != DatumKind::kNone || type.fields[i].optional) continue;
      Error error(ErrorCode::kMissingMember, "the field `", node.line());
      return error.append(type.fields[i].name).append("` is missing");
    }
    Datum result;
    result.kind = DatumKind::kRecord;
    result.items = fields.data();
    result.count = static_cast<std::uint32_t>(fields.size());
    return result;
  }

  const Schema& schema_;
  Arena& arena_;
};

}  // namespace

Result<Datum> read_datum(const Schema& schema, ValueTypeId type, const json::Node& node, Arena& arena) {
  return DatumReader(schema, arena).read(type, node);
}

}  // namespace writ::data
