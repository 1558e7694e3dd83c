#include "tests/unit/data/world.h"

#include <algorithm>

namespace writ::data {
namespace {

ValueTypeId plain(Schema& schema, DatumKind kind) {
  ValueType type;
  type.kind = kind;
  return schema.intern(type);
}

ValueTypeId reference(Schema& schema, std::vector<TypeId> types) {
  ValueType type;
  type.kind = DatumKind::kEntity;
  type.entities = std::move(types);
  return schema.intern(type);
}

ValueTypeId set_of(Schema& schema, ValueTypeId inner) {
  ValueType type;
  type.kind = DatumKind::kSet;
  type.inner = inner;
  return schema.intern(type);
}

Attribute attribute(std::string name, ValueTypeId type, bool optional = false) {
  Attribute made;
  made.name = std::move(name);
  made.type = type;
  made.optional = optional;
  return made;
}

std::string spell(const Schema& schema, const Datum& datum);

std::string spell_list(const Schema& schema, std::span<const Datum> list) {
  std::string text;
  for (const Datum& datum : list)
    text += (text.empty() ? "" : ", ") + spell(schema, datum);
  return text;
}

std::string spell_cells(const Schema& schema, const Datum& datum) {
  std::string text;
  for (const Cell& cell : std::span(datum.cells, datum.count)) {
    text += text.empty() ? "" : "|";
    text += schema.actions[cell.action] + ":" + schema.types[cell.type].name + "/" +
            std::to_string(static_cast<int>(cell.kind)) + "/" + std::string(cell.id);
  }
  return text;
}

std::string spell(const Schema& schema, const Datum& datum) {
  switch (datum.kind) {
    case DatumKind::kNone:
      return "-";
    case DatumKind::kString:
      return "'" + std::string(datum.text()) + "'";
    case DatumKind::kEntity:
      return schema.types[datum.type].name + ":" + std::string(datum.text());
    case DatumKind::kIp: {
      std::string text = datum.address->v4 ? "v4" : "v6";
      for (const std::uint8_t byte : datum.address->bytes)
        text += "." + std::to_string(byte);
      return text + "/" + std::to_string(datum.address->prefix);
    }
    case DatumKind::kScope:
      return spell_cells(schema, datum);
    case DatumKind::kSet:
      return "[" + spell_list(schema, std::span(datum.items, datum.count)) + "]";
    case DatumKind::kRecord:
      return "{" + spell_list(schema, std::span(datum.items, datum.count)) + "}";
    default:
      return std::to_string(datum.number);
  }
}

}  // namespace

std::shared_ptr<const Schema> small_world() {
  auto schema = std::make_shared<Schema>();
  enum : TypeId { kGroup, kTeam, kUser, kAgent, kFolder, kInvoice, kSettings, kAccount };
  schema->types.resize(8);
  const char* const names[] = {"group", "team", "user", "agent", "folder", "invoice", "settings", "account"};
  for (std::size_t i = 0; i < 8; ++i)
    schema->types[i].name = names[i];
  schema->user = kUser;
  schema->agent = kAgent;
  schema->actions = {"read", "write", "create"};

  EntityType& group = schema->types[kGroup];
  group.closed = true;
  group.ids = {"accounting", "clerks", "controllers"};
  group.parents = group.reaches = {kTeam};
  schema->types[kTeam].parents = schema->types[kTeam].reaches = {kTeam};
  schema->types[kFolder].parents = {kFolder, kAccount};
  schema->types[kFolder].reaches = {kFolder, kAccount};

  const ValueTypeId text = plain(*schema, DatumKind::kString);
  const ValueTypeId integer = plain(*schema, DatumKind::kInt);
  const ValueTypeId decimal = plain(*schema, DatumKind::kDecimal);
  ValueType address;
  address.kind = DatumKind::kRecord;
  address.fields = {{"city", text, false}, {"code", integer, true}};
  EntityType& user = schema->types[kUser];
  user.parents = user.reaches = {kGroup, kTeam};
  user.attributes = {
      attribute("clearance", integer),
      attribute("name", text),
      attribute("boss", reference(*schema, {kUser}), true),
      attribute("tags", set_of(*schema, text)),
      attribute("site", plain(*schema, DatumKind::kIp)),
      attribute("permissions", set_of(*schema, plain(*schema, DatumKind::kScope))),
      attribute("joined", plain(*schema, DatumKind::kTime)),
      attribute("shift", plain(*schema, DatumKind::kDuration)),
      attribute("rate", decimal),
      attribute("active", plain(*schema, DatumKind::kBool)),
      attribute("address", schema->intern(address)),
      attribute("friends", set_of(*schema, reference(*schema, {kUser, kAgent}))),
  };
  schema->types[kAgent].attributes = {attribute("vendor", text, true)};

  EntityType& invoice = schema->types[kInvoice];
  invoice.parents = {kFolder};
  invoice.reaches = {kFolder, kAccount};
  invoice.attributes = {attribute("owner", reference(*schema, {kUser})), attribute("amount", decimal)};
  invoice.resource_actions = {0, 1};
  invoice.type_actions = {2};
  EntityType& settings = schema->types[kSettings];
  settings.single = true;
  settings.attributes = {attribute("frozen", plain(*schema, DatumKind::kBool))};
  settings.resource_actions = {0};
  schema->index_names();
  schema->index_cells();
  return schema;
}

EntityName Records::split(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {keep(name), {}};
  return {keep(name.substr(0, colon)), keep(name.substr(colon + 1))};
}

Records& Records::add(std::string_view name, std::vector<std::string> parents, Attributes attributes) {
  auto& names = parents_.emplace_back();
  for (const std::string& parent : parents)
    names.push_back(split(parent));
  for (NamedValue& given : attributes) {
    given.name = keep(given.name);
    given.value.text = keep(given.value.text);
    given.value.type = keep(given.value.type);
  }
  records_.push_back({split(name), names, fields_.emplace_back(std::move(attributes))});
  return *this;
}

Value Records::set(std::vector<Value> items) {
  for (Value& item : items) {
    item.text = keep(item.text);
    item.type = keep(item.type);
  }
  return Value::set(items_.emplace_back(std::move(items)));
}

Value Records::record(std::vector<NamedValue> fields) {
  return Value::record(fields_.emplace_back(std::move(fields)));
}

const Node* find(const Snapshot& snapshot, std::string_view name) {
  const std::size_t colon = name.find(':');
  const TypeId type = snapshot.schema().find_type(name.substr(0, colon));
  return snapshot.find(type, colon == std::string_view::npos ? "" : name.substr(colon + 1));
}

std::string describe(const Snapshot& snapshot, const Node& node) {
  const Schema& schema = snapshot.schema();
  std::vector<Datum> ancestors;
  for (const Ancestor& ancestor : node.ancestors())
    ancestors.push_back(ancestor.entity);
  std::sort(ancestors.begin(), ancestors.end(), [](const Datum& a, const Datum& b) { return compare(a, b) < 0; });
  std::string text = spell(schema, node.entity);
  if (!node.parents().empty()) text += " in " + spell_list(schema, node.parents());
  if (!ancestors.empty()) text += " < " + spell_list(schema, ancestors);
  return text + " {" + spell_list(schema, node.attributes) + "}\n";
}

std::string describe(const Snapshot& snapshot) {
  std::string text;
  for (std::size_t type = 0; type < snapshot.schema().types.size(); ++type) {
    for (const Node* node : snapshot.all(static_cast<TypeId>(type)))
      text += describe(snapshot, *node);
  }
  return text;
}

}  // namespace writ::data
