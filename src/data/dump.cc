#include "src/data/dump.h"

#include <algorithm>
#include <vector>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/number.h"
#include "src/json/writer.h"
#include "src/scope/parse_scope.h"
#include "src/scope/print_scope.h"

namespace writ::data {
namespace {

bool same_cells(std::span<const Cell> a, std::span<const Cell> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Cell& x, const Cell& y) { return compare(x, y) == 0; });
}

// Every pattern that could stand for the cells, if one does: `*` for actions or types that differ, the id part of one
// that has an id.
std::vector<std::string> candidates(const Schema& schema, std::span<const Cell> cells) {
  const Cell& first = cells.front();
  const auto differ = [&](auto field) {
    return std::any_of(cells.begin(), cells.end(), [&](const Cell& cell) { return field(cell) != field(first); });
  };
  std::vector<std::string> actions(1, "*");
  std::vector<std::string> types(1, "*");
  if (!differ([](const Cell& cell) { return cell.action; })) actions.push_back(schema.actions[first.action]);
  if (!differ([](const Cell& cell) { return cell.type; })) types.push_back(schema.types[first.type].name);
  std::vector<std::string> ids = {"", "_*"};
  for (const Cell& cell : cells) {
    if (cell.id.empty()) continue;
    ids.push_back("_" + std::string(cell.id) + (cell.kind == CellKind::kPrefix ? "*" : ""));
    break;
  }
  std::vector<std::string> texts(1, "*");
  for (const std::string& action : actions) {
    for (const std::string& type : types) {
      for (const std::string& id : ids)
        texts.push_back(action + ":" + type + id);
    }
  }
  return texts;
}

class Dump {
 public:
  explicit Dump(const Snapshot& snapshot) : snapshot_(snapshot), schema_(snapshot.schema()) {}

  std::string run() {
    for (std::size_t type = 0; type < schema_.types.size(); ++type) {
      for (const Node* node : snapshot_.all(static_cast<TypeId>(type)))
        entity(*node);
    }
    return std::move(out_);
  }

 private:
  void entity(const Node& node) {
    const EntityType& type = schema_.types[node.entity.type];
    const bool stored = std::any_of(node.attributes.begin(), node.attributes.end(),
                                    [](const Datum& value) { return value.kind != DatumKind::kNone; });
    if ((type.closed || type.single) && !stored && node.parents.empty()) return;
    json::Writer line(out_);
    line.begin_object().member("type", type.name);
    if (!type.single) line.member("id", node.entity.text());
    if (!node.parents.empty()) {
      line.key("parents").begin_array();
      for (const Datum& parent : node.parents)
        value(line, parent, kNoValueType);
      line.end_array();
    }
    if (stored) attributes(line, node, type);
    line.end_object();
    out_ += '\n';
  }

  void attributes(json::Writer& line, const Node& node, const EntityType& type) {
    line.key("attributes").begin_object();
    for (std::size_t i = 0; i < type.attributes.size(); ++i) {
      if (node.attributes[i].kind == DatumKind::kNone) continue;
      line.key(type.attributes[i].name);
      value(line, node.attributes[i], type.attributes[i].type);
    }
    line.end_object();
  }

  // The type says what the fields of records are called.
  void value(json::Writer& line, const Datum& datum, ValueTypeId type) {
    switch (datum.kind) {
      case DatumKind::kBool:
        line.boolean(datum.number != 0);
        break;
      case DatumKind::kInt:
        line.integer(datum.number);
        break;
      case DatumKind::kDecimal:
        line.string(format_decimal(datum.number));
        break;
      case DatumKind::kString:
        line.string(datum.text());
        break;
      case DatumKind::kTime:
        line.string(format_rfc3339(datum.number));
        break;
      case DatumKind::kDuration:
        line.string(format_duration(datum.number));
        break;
      case DatumKind::kIp:
        line.string(format_ip(*datum.address));
        break;
      case DatumKind::kEntity:
        line.string(reference(datum));
        break;
      case DatumKind::kScope:
        line.string(spell_permission(schema_, std::span(datum.cells, datum.count)));
        break;
      case DatumKind::kSet:
        line.begin_array();
        for (const Datum& item : std::span(datum.items, datum.count))
          value(line, item, schema_.value_types[type].inner);
        line.end_array();
        break;
      case DatumKind::kRecord:
        record(line, datum, schema_.value_types[type]);
        break;
      case DatumKind::kNone:
      case DatumKind::kOpen:
        break;  // never stored
    }
  }

  void record(json::Writer& line, const Datum& datum, const ValueType& type) {
    line.begin_object();
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      if (datum.items[i].kind == DatumKind::kNone) continue;
      line.key(type.fields[i].name);
      value(line, datum.items[i], type.fields[i].type);
    }
    line.end_object();
  }

  std::string reference(const Datum& entity) const {
    const EntityType& type = schema_.types[entity.type];
    return type.single ? type.name : type.name + ":" + std::string(entity.text());
  }

  const Snapshot& snapshot_;
  const Schema& schema_;
  std::string out_;
};

}  // namespace

std::string spell_permission(const Schema& schema, std::span<const Cell> cells) {
  if (cells.empty()) return {};
  if (cells.size() == 1) {
    if (std::optional<std::string> text = print_scope(schema, cells.front())) return *text;
  }
  Arena arena;
  const auto stands_for_them = [&](std::string_view text) {
    const Result<std::span<const Cell>> parsed = parse_permission(schema, text, arena);
    return parsed && same_cells(*parsed, cells);
  };
  for (const std::string& text : candidates(schema, cells)) {
    if (stands_for_them(text)) return text;
  }
  for (const Alias& alias : schema.aliases) {
    if (stands_for_them(alias.name)) return alias.name;
  }
  return {};
}

std::string dump(const Snapshot& snapshot) {
  return Dump(snapshot).run();
}

}  // namespace writ::data
