#include "src/data/dump.h"

#include <algorithm>

#include "src/data/write_datum.h"
#include "src/json/writer.h"

namespace writ::data {
namespace {

void dump_attributes(const Schema& schema, const Node& node, json::Writer& line) {
  const EntityType& type = schema.types[node.entity.type];
  line.key("attributes").begin_object();
  for (std::size_t i = 0; i < type.attributes.size(); ++i) {
    if (node.attributes[i].kind == DatumKind::kNone) continue;
    line.key(type.attributes[i].name);
    write_datum(schema, type.attributes[i].type, node.attributes[i], line);
  }
  line.end_object();
}

bool has_attributes(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(),
                     [](const Datum& value) { return value.kind != DatumKind::kNone; });
}

void dump_entity(const Schema& schema, const Node& node, std::string& out) {
  const EntityType& type = schema.types[node.entity.type];
  if (!is_stated(schema, node)) return;
  json::Writer line(out);
  line.begin_object().member("type", type.name);
  if (!type.single) line.member("id", node.entity.text());
  if (!node.parents().empty()) {
    line.key("parents").begin_array();
    for (const Datum& parent : node.parents())
      line.string(write_reference(schema, parent));
    line.end_array();
  }
  if (has_attributes(node)) dump_attributes(schema, node, line);
  line.end_object();
  out += '\n';
}

}  // namespace

bool is_stated(const Schema& schema, const Node& node) {
  const EntityType& type = schema.types[node.entity.type];
  return (!type.closed && !type.single) || has_attributes(node) || !node.parents().empty();
}

std::string dump(const Snapshot& snapshot) {
  std::string out;
  for (std::size_t type = 0; type < snapshot.schema().types.size(); ++type) {
    for (const Node* node : snapshot.all(static_cast<TypeId>(type)))
      dump_entity(snapshot.schema(), *node, out);
  }
  return out;
}

}  // namespace writ::data
