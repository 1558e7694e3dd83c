// Literals that become what their place asks for: an int a decimal, a string an address or a scope, a record one with
// optional fields. Everything else is of one type and stays it.
#include <algorithm>

#include "src/base/ip.h"
#include "src/base/number.h"
#include "src/policy/checker.h"
#include "src/scope/parse_scope.h"

namespace writ::policy {
namespace {

bool subset(const std::vector<TypeId>& part, const std::vector<TypeId>& whole) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

// Sorts and drops repetitions, as sets are kept.
void normalise(std::vector<Datum>& items) {
  std::sort(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) < 0; });
  const auto same = [](const Datum& a, const Datum& b) { return compare(a, b) == 0; };
  items.erase(std::unique(items.begin(), items.end(), same), items.end());
}

Datum list_datum(DatumKind kind, std::span<const Datum> items, Arena& arena) {
  Datum datum;
  datum.kind = kind;
  datum.count = static_cast<std::uint32_t>(items.size());
  datum.items = arena.copy(items).data();
  return datum;
}

class Conversion {
 public:
  Conversion(Checker& checker, Location where) : checker_(checker), where_(where) {}

  bool reported = false;

  std::optional<Datum> convert(const Datum& datum, ValueTypeId from, ValueTypeId to) {
    if (from == to) return datum;
    const ValueType& target = checker_.value_type(to);
    switch (datum.kind) {
      case DatumKind::kInt:
        return target.kind == DatumKind::kDecimal ? decimal(datum) : std::nullopt;
      case DatumKind::kString:
        if (target.kind == DatumKind::kIp) return ip(datum);
        return target.kind == DatumKind::kScope ? scope(datum) : std::nullopt;
      case DatumKind::kEntity: {
        const bool fits = target.kind == DatumKind::kEntity &&
                          std::binary_search(target.entities.begin(), target.entities.end(), datum.type);
        return fits ? std::optional<Datum>(datum) : std::nullopt;
      }
      case DatumKind::kSet:
        return target.kind == DatumKind::kSet ? set(datum, from, to) : std::nullopt;
      case DatumKind::kRecord:
        return target.kind == DatumKind::kRecord ? record(datum, from, to) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<Datum> fail(std::string_view name, std::string message, std::string help = {}) {
    checker_.error(where_, name, std::move(message), std::move(help));
    reported = true;
    return std::nullopt;
  }

  std::optional<Datum> decimal(const Datum& datum) {
    std::int64_t units = 0;
    if (__builtin_mul_overflow(datum.number, kDecimalUnits, &units)) {
      return fail("number-too-large", "this number is too large for a decimal");
    }
    return number_datum(DatumKind::kDecimal, units);
  }

  std::optional<Datum> ip(const Datum& datum) {
    const std::optional<Ip> parsed = parse_ip(datum.text());
    if (!parsed) {
      return fail("bad-address", Checker::quoted(datum.text()) + " is neither an address nor a network",
                  "such as `10.1.2.3`, `10.0.0.0/8` or `2001:db8::/32`; the bits past the prefix are zero");
    }
    Datum made;
    made.kind = DatumKind::kIp;
    made.address = checker_.typed.arena.copy(std::span<const Ip>(&*parsed, 1)).data();
    return made;
  }

  std::optional<Datum> scope(const Datum& datum) {
    const Result<std::span<const Cell>> cells = parse_permission(checker_.schema, datum.text(), checker_.typed.arena);
    if (!cells) return fail("bad-scope", std::string(cells.error().detail()));
    Datum made;
    made.kind = DatumKind::kScope;
    made.cells = cells->data();
    made.count = static_cast<std::uint32_t>(cells->size());
    return made;
  }

  std::optional<Datum> set(const Datum& datum, ValueTypeId from, ValueTypeId to) {
    const ValueTypeId inner_from = checker_.value_type(from).inner;
    const ValueTypeId inner_to = checker_.value_type(to).inner;
    std::vector<Datum> items;
    for (std::uint32_t i = 0; i < datum.count; ++i) {
      const std::optional<Datum> item = convert(datum.items[i], inner_from, inner_to);
      if (!item) return std::nullopt;
      items.push_back(*item);
    }
    normalise(items);
    return list_datum(DatumKind::kSet, items, checker_.typed.arena);
  }

  std::optional<Datum> record(const Datum& datum, ValueTypeId from, ValueTypeId to) {
    const auto& given = checker_.value_type(from).fields;
    const auto& wanted = checker_.value_type(to).fields;
    std::vector<Datum> fields(wanted.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      const auto same = [&](const FieldType& field) { return field.name == given[i].name; };
      const auto found = std::find_if(wanted.begin(), wanted.end(), same);
      if (datum.items[i].kind == DatumKind::kNone) continue;
      if (found == wanted.end()) return std::nullopt;
      const std::optional<Datum> field = convert(datum.items[i], given[i].type, found->type);
      if (!field) return std::nullopt;
      fields[static_cast<std::size_t>(found - wanted.begin())] = *field;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (fields[i].kind == DatumKind::kNone && !wanted[i].optional) return std::nullopt;
    }
    return list_datum(DatumKind::kRecord, fields, checker_.typed.arena);
  }

  Checker& checker_;
  Location where_;
};

}  // namespace

NodeId Checker::set_of(std::span<const NodeId> items, ValueTypeId type, Location where) {
  const auto is_fixed = [&](NodeId item) { return pool.is_constant(item); };
  if (std::all_of(items.begin(), items.end(), is_fixed)) {
    std::vector<Datum> datums;
    for (const NodeId item : items)
      datums.push_back(pool.datum(item));
    normalise(datums);
    return pool.constant(list_datum(DatumKind::kSet, datums, typed.arena), type, where);
  }
  Node node;
  node.op = Op::kSetOf;
  node.type = type;
  node.where = where;
  return pool.make(node, items);
}

NodeId Checker::record_of(std::span<const NodeId> fields, ValueTypeId type, Location where) {
  const auto is_fixed = [&](NodeId field) { return field == kNoNode || pool.is_constant(field); };
  if (std::all_of(fields.begin(), fields.end(), is_fixed)) {
    std::vector<Datum> datums;
    for (const NodeId field : fields)
      datums.push_back(field == kNoNode ? Datum() : pool.datum(field));
    return pool.constant(list_datum(DatumKind::kRecord, datums, typed.arena), type, where);
  }
  Node node;
  node.op = Op::kRecordOf;
  node.type = type;
  node.where = where;
  return pool.make(node, fields);
}

NodeId Checker::coerce(const Ast& ast, NodeId node, ValueTypeId to, Span span, bool& reported) {
  const ValueTypeId from = type_of(node);
  if (from == to) return as_value(node);
  const Node value = pool.at(node);
  if (value.op == Op::kConstant) {
    Conversion conversion(*this, at(ast, span));
    const std::optional<Datum> datum = conversion.convert(pool.datum(node), from, to);
    reported |= conversion.reported;
    return datum ? pool.constant(*datum, to, value.where) : kNoNode;
  }
  const ValueType source = value_type(from);
  const ValueType target = value_type(to);
  if (source.kind != target.kind) return kNoNode;
  const std::vector<NodeId> parts(pool.kids(node).begin(), pool.kids(node).end());
  switch (source.kind) {
    case DatumKind::kEntity:
      return subset(source.entities, target.entities) ? node : kNoNode;
    case DatumKind::kSet: {
      if (value.op != Op::kSetOf) {
        const bool wider = value_type(source.inner).kind == DatumKind::kEntity &&
                           value_type(target.inner).kind == DatumKind::kEntity &&
                           subset(value_type(source.inner).entities, value_type(target.inner).entities);
        return wider ? node : kNoNode;
      }
      std::vector<NodeId> items;
      for (const NodeId part : parts) {
        items.push_back(coerce(ast, part, target.inner, span, reported));
        if (items.back() == kNoNode) return kNoNode;
      }
      return set_of(items, to, value.where);
    }
    case DatumKind::kRecord: {
      if (value.op != Op::kRecordOf) return kNoNode;
      std::vector<NodeId> fields(target.fields.size(), kNoNode);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i] == kNoNode) continue;
        const auto same = [&](const FieldType& field) { return field.name == source.fields[i].name; };
        const auto found = std::find_if(target.fields.begin(), target.fields.end(), same);
        if (found == target.fields.end()) return kNoNode;
        const NodeId field = coerce(ast, parts[i], found->type, span, reported);
        if (field == kNoNode) return kNoNode;
        fields[static_cast<std::size_t>(found - target.fields.begin())] = field;
      }
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i] == kNoNode && !target.fields[i].optional) return kNoNode;
      }
      return record_of(fields, to, value.where);
    }
    default:
      return kNoNode;
  }
}

NodeId Checker::expect_type(const Ast& ast, NodeId node, ValueTypeId to, Span span) {
  bool reported = false;
  const NodeId fitting = coerce(ast, node, to, span, reported);
  if (fitting == kNoNode && !reported) {
    error(at(ast, span), "type-mismatch",
          quoted(ast, span) + " is " + schema.spell(type_of(node)) + ", where " + schema.spell(to) + " is expected");
  }
  return fitting;
}

ValueTypeId Checker::join(ValueTypeId a, ValueTypeId b) {
  if (a == b) return a;
  const ValueType left = value_type(a);
  const ValueType right = value_type(b);
  if (left.kind != right.kind) {
    const auto pair = [&](DatumKind literal, DatumKind other) {
      return (left.kind == literal && right.kind == other) || (right.kind == literal && left.kind == other);
    };
    if (pair(DatumKind::kInt, DatumKind::kDecimal)) return decimal_type;
    if (pair(DatumKind::kString, DatumKind::kIp)) return ip_type;
    if (pair(DatumKind::kString, DatumKind::kScope)) return scope_type;
    return kNoValueType;
  }
  if (left.kind == DatumKind::kEntity) {
    std::vector<TypeId> both;
    std::set_union(left.entities.begin(), left.entities.end(), right.entities.begin(), right.entities.end(),
                   std::back_inserter(both));
    return entity_type(std::move(both));
  }
  if (left.kind == DatumKind::kSet) {
    // The empty set is taken for one of bools until its place says otherwise.
    if (left.inner == bool_type) return b;
    if (right.inner == bool_type) return a;
    const ValueTypeId inner = join(left.inner, right.inner);
    return inner == kNoValueType ? kNoValueType : set_type(inner);
  }
  if (left.kind != DatumKind::kRecord) return kNoValueType;
  ValueType merged;
  merged.kind = DatumKind::kRecord;
  merged.fields = left.fields;
  for (const FieldType& field : right.fields) {
    const auto same = [&](const FieldType& other) { return other.name == field.name; };
    const auto found = std::find_if(merged.fields.begin(), merged.fields.end(), same);
    if (found == merged.fields.end()) {
      merged.fields.push_back({field.name, field.type, true});
      continue;
    }
    found->type = join(found->type, field.type);
    found->optional |= field.optional;
    if (found->type == kNoValueType) return kNoValueType;
  }
  for (FieldType& field : merged.fields) {
    const auto same = [&](const FieldType& other) { return other.name == field.name; };
    if (std::none_of(right.fields.begin(), right.fields.end(), same)) field.optional = true;
  }
  std::sort(merged.fields.begin(), merged.fields.end(),
            [](const FieldType& x, const FieldType& y) { return x.name < y.name; });
  return schema.intern(merged);
}

}  // namespace writ::policy
