// JSON of data and requests -> Data, Request.
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <cmath>

#include "tests/reference/data.h"
#include "tests/reference/operators.h"

namespace writ::reference {

using policy::Ast;
using policy::TypeExpr;
using policy::TypeExprKind;
using Json = rapidjson::Value;

namespace {

std::string text_of(const Json& json) {
  if (!json.IsString()) throw NotUnderstood("a string is wanted");
  return {json.GetString(), json.GetStringLength()};
}

// ------------------------------------------------------------------------------------------ values

void check_exists(const Policy& policy, const Entity& entity) {
  const auto type = policy.types.find(entity.type);
  if (type == policy.types.end()) throw NotUnderstood("no such type: " + entity.type);
  if (type->second.single ? !entity.id.empty() : !is_id(entity.id)) throw NotUnderstood("no id: " + entity.id);
  if (type->second.closed && !type->second.ids.contains(entity.id)) throw NotUnderstood("no such id: " + entity.id);
}

Entity read_entity(const Policy& policy, const Json& json) {
  const std::string text = text_of(json);
  const std::size_t colon = text.find(':');
  Entity entity{text.substr(0, colon), colon == std::string::npos ? "" : text.substr(colon + 1)};
  check_exists(policy, entity);
  return entity;
}

template <class T>
T some(const std::optional<T>& read) {
  if (!read) throw NotUnderstood("cannot be read");
  return *read;
}

Value read_simple(const Policy& policy, const Json& json, std::string_view type) {
  if (type == "bool" && json.IsBool()) return Value{json.GetBool()};
  if (type == "int" && json.IsInt64()) return Value{Integer{json.GetInt64()}};
  if (type == "decimal" && json.IsInt64()) return Value{Decimal{json.GetInt64() * 10'000}};
  if (type == "decimal" && json.IsDouble()) return Value{Decimal{std::llround(json.GetDouble() * 10'000)}};
  if (type == "decimal") return Value{Decimal{some(read_decimal(text_of(json)))}};
  if (type == "string") return Value{text_of(json)};
  if (type == "time") return Value{Instant{some(read_instant(text_of(json)))}};
  if (type == "duration") return Value{Length{some(read_length(text_of(json)))}};
  if (type == "ip") return Value{some(read_address(text_of(json)))};
  if (type == "scope") return Value{Scope{read_permission(policy, text_of(json))}};
  if (type == "bool" || type == "int") throw NotUnderstood("wrong type");
  const Entity entity = read_entity(policy, json);
  if (entity.type != type) throw NotUnderstood("wrong type");
  return Value{entity};
}

Value read_value(const Policy& policy, const Json& json, In<policy::TypeExprId> at);

Value read_record(const Policy& policy, const Json& json, const Ast& ast, const TypeExpr& type) {
  if (!json.IsObject()) throw NotUnderstood("an object is wanted");
  Fields fields;
  for (std::uint32_t i = 0; i < type.fields.count; ++i) {
    const policy::Field& field = ast.fields[type.fields.first + i];
    const std::string name(field.name.text);
    if (json.HasMember(name.c_str())) {
      fields[name] = read_value(policy, json[name.c_str()], {&ast, field.type});
    } else if (!ast.types[field.type].optional) {
      throw NotUnderstood("a field is not there: " + name);
    }
  }
  if (fields.size() != json.MemberCount()) throw NotUnderstood("an unknown or repeated field");
  return Value{fields};
}

Value read_value(const Policy& policy, const Json& json, In<policy::TypeExprId> at) {
  const Ast& ast = *at.ast;
  const TypeExpr& type = ast.types[at.it];
  switch (type.kind) {
    case TypeExprKind::kNamed:
      return read_simple(policy, json, ast.names[type.names.first].text);
    case TypeExprKind::kRecord:
      return read_record(policy, json, ast, type);
    case TypeExprKind::kSet: {
      if (!json.IsArray()) throw NotUnderstood("an array is wanted");
      Items items;
      for (const Json& item : json.GetArray())
        items.push_back(read_value(policy, item, {&ast, type.inner}));
      return Value{items};
    }
    case TypeExprKind::kUnion:
      break;
  }
  const Entity entity = read_entity(policy, json);
  for (std::uint32_t i = 0; i < type.names.count; ++i) {
    if (ast.names[type.names.first + i].text == entity.type) return Value{entity};
  }
  throw NotUnderstood("wrong type");
}

Fields read_fields(const Policy& policy, const Json& json, const std::map<std::string, Declared>& declared) {
  if (!json.IsObject()) throw NotUnderstood("an object is wanted");
  Fields fields;
  for (const auto& member : json.GetObject()) {
    const auto found = declared.find(text_of(member.name));
    if (found == declared.end()) throw NotUnderstood("not declared: " + text_of(member.name));
    if (fields.contains(found->first)) throw NotUnderstood("repeated: " + found->first);
    fields[found->first] = read_value(policy, member.value, found->second.type);
  }
  return fields;
}

std::set<Entity> read_parents(const Policy& policy, const Json& json, const std::string& type) {
  if (!json.IsArray()) throw NotUnderstood("an array is wanted");
  std::set<Entity> parents;
  for (const Json& item : json.GetArray()) {
    const Entity parent = read_entity(policy, item);
    if (!policy.types.at(type).parents.contains(parent.type)) throw NotUnderstood("no parent for it: " + parent.type);
    if (!parents.insert(parent).second) throw NotUnderstood("repeated: " + parent.id);
  }
  return parents;
}

bool is_there(const Policy& policy, const Data& data, const Entity& entity) {
  const EntityType& type = policy.types.at(entity.type);
  return type.single || type.closed || data.contains(entity);
}

void check_members(const Json& json, const std::set<std::string>& admitted) {
  if (!json.IsObject()) throw NotUnderstood("an object is wanted");
  std::set<std::string> seen;
  for (const auto& member : json.GetObject()) {
    const std::string name = text_of(member.name);
    if (!admitted.contains(name)) throw NotUnderstood("unknown member: " + name);
    if (!seen.insert(name).second) throw NotUnderstood("repeated member: " + name);
  }
}

rapidjson::Document parse(std::string_view text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError()) throw std::runtime_error(rapidjson::GetParseError_En(document.GetParseError()));
  return document;
}

// ------------------------------------------------------------------------------------------ data

void read_stored(const Policy& policy, const Json& json, Data& data) {
  check_members(json, {"type", "id", "parents", "attributes"});
  if (!json.HasMember("type")) throw NotUnderstood("no type");
  const Entity entity{text_of(json["type"]), json.HasMember("id") ? text_of(json["id"]) : ""};
  check_exists(policy, entity);
  Stored stored;
  if (json.HasMember("parents")) stored.parents = read_parents(policy, json["parents"], entity.type);
  if (json.HasMember("attributes")) {
    stored.attributes = read_fields(policy, json["attributes"], policy.types.at(entity.type).attributes);
  }
  if (!data.emplace(entity, stored).second) throw NotUnderstood("twice: " + entity.id);
}

void check_acyclic(const Data& data, const Entity& entity, std::set<Entity>& below) {
  if (!below.insert(entity).second) throw NotUnderstood("its own ancestor: " + entity.id);
  if (const auto found = data.find(entity); found != data.end()) {
    for (const Entity& parent : found->second.parents)
      check_acyclic(data, parent, below);
  }
  below.erase(entity);
}

// ------------------------------------------------------------------------------------------ requests

// A stored value and a sent one must not contradict each other.
void check_described(const Policy& policy, const Data& data, const Entity& entity, const Described& described) {
  if (!is_there(policy, data, entity)) return;
  const auto found = data.find(entity);
  const Stored stored = found == data.end() ? Stored{} : found->second;
  for (const auto& [name, value] : described.attributes) {
    const auto other = stored.attributes.find(name);
    if (other != stored.attributes.end() && !equal(policy, value, other->second, 0).yes()) {
      throw NotUnderstood("contradicts the data: " + name);
    }
  }
  for (const Entity& parent : described.parents) {
    if (!stored.parents.contains(parent)) throw NotUnderstood("contradicts the data: " + parent.id);
  }
}

Described describe(const Policy& policy, const Json& json, const std::string& type) {
  Described described;
  const auto& declared = policy.types.at(type).attributes;
  if (json.HasMember("attributes")) described.attributes = read_fields(policy, json["attributes"], declared);
  if (json.HasMember("parents")) described.parents = read_parents(policy, json["parents"], type);
  described.given = json.HasMember("attributes") || json.HasMember("parents") || json.HasMember("complete");
  if (json.HasMember("complete")) {
    if (!json["complete"].IsBool()) throw NotUnderstood("complete: true or false is wanted");
    described.complete = json["complete"].GetBool();
  }
  return described;
}

Entity read_principal(const Policy& policy, const Json& json, const std::string& type) {
  const Entity entity = read_entity(policy, json);
  if (entity.type != type) throw NotUnderstood("no " + type);
  return entity;
}

void read_user(const Policy& policy, const Data& data, const Json& json, Request& request) {
  if (json.IsString()) {
    request.user = read_principal(policy, json, "user");
    return;
  }
  check_members(json, {"type", "id", "attributes", "parents", "complete"});
  if (!json.HasMember("type") || !json.HasMember("id")) throw NotUnderstood("a user needs type and id");
  if (text_of(json["type"]) != "user") throw NotUnderstood("no user");
  request.user = {"user", text_of(json["id"])};
  check_exists(policy, request.user);
  request.of_user = describe(policy, json, "user");
  check_described(policy, data, request.user, request.of_user);
}

void read_asked_for(const Policy& policy, const Data& data, const Json& json, Request& request) {
  if (json.HasMember("scope")) {
    if (json.HasMember("action") || json.HasMember("resource")) throw NotUnderstood("asked for in two ways");
    request.cells = read_asked(policy, text_of(json["scope"]));
    return;
  }
  if (!json.HasMember("action") || !json.HasMember("resource")) throw NotUnderstood("not said what is asked for");
  const Json& resource = json["resource"];
  check_members(resource, {"type", "id", "attributes", "parents", "complete"});
  if (!resource.HasMember("type")) throw NotUnderstood("a resource needs a type");
  const std::string type = text_of(resource["type"]);
  const std::string id = resource.HasMember("id") ? text_of(resource["id"]) : "";
  if (resource.HasMember("id") && id.empty()) throw NotUnderstood("an empty id");
  const Cell cell = asked_cell(policy, text_of(json["action"]), type, id);
  request.cells = {cell};
  request.of_resource = describe(policy, resource, type);
  if (cell.kind != CellKind::kExact) return;
  const Entity it{type, cell.id};
  check_described(policy, data, it, request.of_resource);
  if (it == request.user && request.of_user.given && request.of_resource.given) throw NotUnderstood("described twice");
}

// What a request says of entities must not make one its own ancestor.
void check_acyclic(const Data& data, const Request& request) {
  Data all = data;
  all[request.user].parents.insert(request.of_user.parents.begin(), request.of_user.parents.end());
  const Cell& cell = *request.cells.begin();
  if (cell.kind == CellKind::kExact) {
    auto& parents = all[{cell.type, cell.id}].parents;
    parents.insert(request.of_resource.parents.begin(), request.of_resource.parents.end());
  }
  std::set<Entity> below;
  check_acyclic(all, request.user, below);
  check_acyclic(all, {cell.type, cell.id}, below);
}

}  // namespace

Data read_data(const Policy& policy, std::string_view json) {
  Data data;
  if (json.starts_with('[')) {
    const rapidjson::Document document = parse(json);
    for (const Json& each : document.GetArray())
      read_stored(policy, each, data);
  } else {
    while (!json.empty()) {
      const std::size_t end = std::min(json.size(), json.find('\n'));
      if (end != 0) read_stored(policy, parse(json.substr(0, end)), data);
      json.remove_prefix(std::min(json.size(), end + 1));
    }
  }
  for (const auto& [entity, stored] : data) {
    for (const Entity& parent : stored.parents) {
      if (!is_there(policy, data, parent)) throw NotUnderstood("a parent that is not there: " + parent.id);
    }
    std::set<Entity> below;
    check_acyclic(data, entity, below);
  }
  return data;
}

Request read_request(const Policy& policy, const Data& data, std::string_view text) {
  const rapidjson::Document json = parse(text);
  check_members(json, {"user", "agents", "scope", "action", "resource", "context", "time", "audience"});
  if (!json.HasMember("user")) throw NotUnderstood("no user");
  Request request;
  read_user(policy, data, json["user"], request);
  if (json.HasMember("agents")) {
    if (!json["agents"].IsArray()) throw NotUnderstood("an array is wanted");
    for (const Json& agent : json["agents"].GetArray()) {
      request.agents.push_back(read_principal(policy, agent, "agent"));
    }
    if (request.agents.size() > 8) throw NotUnderstood("too long a chain");
  }
  read_asked_for(policy, data, json, request);
  if (!request.of_user.parents.empty() || !request.of_resource.parents.empty()) check_acyclic(data, request);
  if (json.HasMember("context")) request.context = read_fields(policy, json["context"], policy.context);
  if (json.HasMember("time")) request.time = some(read_instant(text_of(json["time"])));
  if (json.HasMember("audience")) {
    request.audience = text_of(json["audience"]);
    if (request.audience.empty()) throw NotUnderstood("an empty audience");
  }
  return request;
}

}  // namespace writ::reference
