#include "tests/reference/typed_world.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace writ::reference {

namespace {

bool is_bare(const std::string& id) {
  return id.find_first_of(" \"\\\n") == std::string::npos && id.find('\xC3') == std::string::npos;
}

std::string quoted_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string join(const std::vector<std::string>& parts, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : between) + parts[i];
  return text;
}

// The same in a policy and in JSON, but for the quotes.
std::string number_text(Kind kind, Random& random) {
  switch (kind) {
    case Kind::kInt:
      return random.pick({"0", "1", "2", "3", "5", "-3", "12", "9223372036854775807"});
    case Kind::kDecimal:
      return random.pick({"0.0", "1.5", "2.0", "40.00", "-0.5", "100.0001", "922337203685477.5807"});
    case Kind::kDuration:
      return random.pick({"5m", "1h", "90s", "1d", "2h30m", "500ms"});
    default:
      return random.pick(instants());
  }
}

}  // namespace

const std::vector<std::string>& instants() {
  static const std::vector<std::string> all = {
      "2026-03-02T09:00:00Z",   "2026-03-02T08:00:00Z",       "2026-03-02T17:00:00Z", "2026-03-02T16:59:30Z",
      "2026-03-02T16:58:59.5Z", "2026-03-08T23:59:00Z",       "2026-03-29T00:59:30Z", "2026-03-29T01:00:00Z",
      "2026-10-25T00:30:00Z",   "2026-10-25T00:59:59Z",       "2026-06-30T22:30:00Z", "2026-03-02T10:00:00+01:00",
      "2026-04-04T15:00:00Z",   "2026-12-31T23:59:59.999999Z"};
  return all;
}

std::string json_text(const std::string& text) {
  return quoted_text(text);
}

std::string spell(const MadeType& type) {
  switch (type.kind) {
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kDecimal:
      return "decimal";
    case Kind::kString:
      return "string";
    case Kind::kTime:
      return "time";
    case Kind::kDuration:
      return "duration";
    case Kind::kIp:
      return "ip";
    case Kind::kScope:
      return "scope";
    case Kind::kEntity:
      return join(type.entities, " or ");
    case Kind::kSet:
      return "set of " + spell(*type.inner);
    case Kind::kRecord:
      break;
  }
  std::vector<std::string> fields;
  for (const MadeAttribute& field : type.fields) {
    fields.push_back(field.name + ": " + spell(field.type) + (field.optional ? "?" : ""));
  }
  return "{ " + join(fields, ", ") + " }";
}

World::World(Random& random) : random_(random) {
  types = {
      {"group", random.chance(50), false, {"g", "h", "staff"}, {}, {}, {}, {}},
      {"user", false, false, {"a", "b", "c", "x y"}, {"group"}, {}, {}, {}},
      {"agent", false, random.chance(30), {"x", "y", "z"}, {}, {}, {}, {}},
      {"folder", false, false, {"1", "2", "12", "in"}, {"folder"}, {}, {"read", "share"}, {}},
      {"doc", false, false, {"1", "12", "123", "2", "a/b", "x y"}, {"folder"}, {}, {"read", "write"}, {"create"}},
      {"task", false, random.chance(40), {"1", "2", "t1"}, {}, {}, {"write", "close"}, {"list"}},
      {"profile", true, false, {""}, {}, {}, {"read", "write"}, {}},
  };
  types[0].closed = types[0].single;  // a group is closed or open, and never single
  types[0].single = false;
  if (random.chance(50)) types[0].parents = {"group"};
  if (random.chance(20)) types[1].parents.push_back("user");
  if (random.chance(40)) types[1].actions = {"read"};
  if (random.chance(30)) types[2].parents = {"group"};
  if (random.chance(30)) types[5].parents = {"doc", "folder"};
  make_attributes();
  make_context();
  if (random.chance(50)) aliases["docs"] = "read:doc_*";
  if (random.chance(50)) aliases["all.edits"] = "{write,close}:{doc,task}_*, share:folder_1";
  make_data();
}

const MadeEntityType& World::type(const std::string& name) const {
  return *std::find_if(types.begin(), types.end(), [&](const MadeEntityType& each) { return each.name == name; });
}

bool World::can_be_in(const std::string& name, const std::string& other) const {
  std::set<std::string> seen;
  std::vector<std::string> next = {name};
  while (!next.empty()) {
    const std::string at = next.back();
    next.pop_back();
    if (at == other) return true;
    if (!seen.insert(at).second) continue;
    for (const std::string& parent : type(at).parents)
      next.push_back(parent);
  }
  return false;
}

// ------------------------------------------------------------------------------------------ declarations

MadeType World::make_type(bool nested) {
  static const std::vector<Kind> kSimple = {Kind::kBool, Kind::kInt,      Kind::kDecimal, Kind::kString,
                                            Kind::kTime, Kind::kDuration, Kind::kIp,      Kind::kScope};
  const std::size_t draw = random_.below(20);
  if (draw < 11) return {random_.pick(kSimple), {}, nullptr, {}};
  if (draw < 14 || nested)
    return {Kind::kEntity, {random_.pick({"user", "user", "folder", "doc", "group"})}, nullptr, {}};
  if (draw == 14) return {Kind::kEntity, {"user", "group"}, nullptr, {}};
  if (draw < 19) return {Kind::kSet, {}, std::make_shared<MadeType>(make_type(true)), {}};
  MadeType record{Kind::kRecord, {}, nullptr, {}};
  record.fields.push_back({"lines", make_type(true), false, ""});
  record.fields.push_back({"extra", make_type(true), true, ""});
  return record;
}

void World::make_attributes() {
  // Attributes of one name have the same type wherever they are declared, so that conditions can speak of several
  // types.
  std::vector<MadeAttribute> pool;
  for (const char* name : {"kind", "size", "flag", "limit", "area", "note"})
    pool.push_back({name, make_type(false), false, ""});
  pool.push_back({"owner", {Kind::kEntity, {"user"}, nullptr, {}}, false, ""});
  pool.push_back(
      {"rights", {Kind::kSet, {}, std::make_shared<MadeType>(MadeType{Kind::kScope, {}, nullptr, {}}), {}}, false, ""});
  pool.push_back({"open", {Kind::kBool, {}, nullptr, {}}, false, ""});
  for (MadeEntityType& type : types) {
    for (MadeAttribute attribute : pool) {
      if (!random_.chance(45)) continue;
      if (random_.chance(25)) {
        attribute.optional = true;
      } else if (random_.chance(35)) {
        attribute.rest = " = " + literal(attribute.type);
      }
      type.attributes.push_back(attribute);
    }
  }
}

void World::make_context() {
  const std::size_t count = 3 + random_.below(4);
  for (std::size_t n = 0; n < count; ++n) {
    MadeAttribute key{"c" + std::to_string(n), make_type(false), random_.chance(30), ""};
    if (key.optional && random_.chance(50)) {
      key.rest = " absent means none";
    } else if (!key.optional && random_.chance(25)) {
      key.rest = " absent means " + literal(key.type);
    }
    context.push_back(key);
  }
}

std::vector<std::string> World::declarations() const {
  std::vector<std::string> lines;
  for (const MadeEntityType& type : types) {
    std::string line = "entity " + type.name;
    if (type.single) line += " single";
    if (type.closed) line += ": " + join(type.ids, ", ");
    if (!type.parents.empty()) line += " in " + join(type.parents, ", ");
    std::vector<std::string> attributes;
    for (const MadeAttribute& each : type.attributes) {
      attributes.push_back(each.name + ": " + spell(each.type) + (each.optional ? "?" : "") + each.rest);
    }
    if (!attributes.empty()) line += " { " + join(attributes, ", ") + " }";
    lines.push_back(line);
  }
  for (const MadeEntityType& type : types) {
    if (!type.actions.empty()) lines.push_back("actions " + join(type.actions, ", ") + " for " + type.name);
    if (!type.type_actions.empty())
      lines.push_back("actions " + join(type.type_actions, ", ") + " for type " + type.name);
  }
  lines.push_back("actions edits = {read, write} for doc");
  std::vector<std::string> keys;
  for (const MadeAttribute& key : context)
    keys.push_back(key.name + ": " + spell(key.type) + (key.optional ? "?" : "") + key.rest);
  lines.push_back("context { " + join(keys, ", ") + " }");
  for (const auto& [name, patterns] : aliases)
    lines.push_back("alias \"" + name + "\" = " + patterns);
  return lines;
}

// ------------------------------------------------------------------------------------------ values

std::string World::scope() {
  return random_.pick({"read:doc_1", "read:doc_12*", "read:doc_*", "doc_1.write", "*:doc_*", "read:*", "*", "write:doc",
                       "read:folder_1*", "share:folder_2", "create:doc", "profile.read", "*:task", "close:task_t1"});
}

std::string World::reference(const std::string& name, bool quoted) {
  const MadeEntityType& declared = type(name);
  const std::string& id = random_.pick(declared.ids);
  if (declared.single) return name;
  return name + ":" + (quoted && (!is_bare(id) || random_.chance(10)) ? quoted_text(id) : id);
}

std::string World::literal(const MadeType& type) {
  switch (type.kind) {
    case Kind::kBool:
      return random_.pick({"true", "false"});
    case Kind::kInt:
    case Kind::kDecimal:
    case Kind::kTime:
    case Kind::kDuration:
      if (type.kind == Kind::kDecimal && random_.chance(20)) return number_text(Kind::kInt, random_).substr(0, 3);
      return number_text(type.kind, random_);
    case Kind::kString:
      return quoted_text(random_.pick({"", "a", "b", "a/b", "x y", "read", "\xC3\xA9*"}));
    case Kind::kIp:
      return quoted_text(random_.pick({"10.0.0.1", "10.0.0.0/8", "192.168.1.7", "::1", "fd00::/8", "0.0.0.0/0"}));
    case Kind::kScope:
      return quoted_text(scope());
    case Kind::kEntity:
      return reference(random_.pick(type.entities), true);
    case Kind::kSet: {
      std::vector<std::string> items;
      for (std::size_t n = random_.below(4); n > 0; --n)
        items.push_back(literal(*type.inner));
      return "[" + join(items, ", ") + "]";
    }
    case Kind::kRecord:
      break;
  }
  std::vector<std::string> fields;
  for (const MadeAttribute& field : type.fields) {
    if (!field.optional || random_.chance(60)) fields.push_back(field.name + ": " + literal(field.type));
  }
  return "{ " + join(fields, ", ") + " }";
}

std::string World::json(const MadeType& type) {
  switch (type.kind) {
    case Kind::kBool:
      return random_.pick({"true", "false"});
    case Kind::kInt:
      return number_text(type.kind, random_);
    case Kind::kDecimal:
      return "\"" + number_text(type.kind, random_) + "\"";
    case Kind::kTime:
    case Kind::kDuration:
      return "\"" + number_text(type.kind, random_) + "\"";
    case Kind::kString:
    case Kind::kIp:
    case Kind::kScope:
      return literal(type);
    case Kind::kEntity:
      return json_text(reference(random_.pick(type.entities), false));
    case Kind::kSet: {
      std::vector<std::string> items;
      for (std::size_t n = random_.below(4); n > 0; --n)
        items.push_back(json(*type.inner));
      return "[" + join(items, ",") + "]";
    }
    case Kind::kRecord:
      break;
  }
  std::vector<std::string> fields;
  for (const MadeAttribute& field : type.fields) {
    if (!field.optional || random_.chance(60)) fields.push_back("\"" + field.name + "\":" + json(field.type));
  }
  return "{" + join(fields, ",") + "}";
}

// ------------------------------------------------------------------------------------------ data

void World::make_data() {
  std::vector<std::string> there;
  for (const MadeEntityType& type : types) {
    for (const std::string& id : type.ids) {
      const bool declared = type.closed || type.single;
      if (!random_.chance(declared ? 40 : 75)) {
        if (declared && !type.single) there.push_back(type.name + ":" + id);
        continue;
      }
      MadeEntity entity;
      // Parents are taken from what was made before, so there is no circle.
      for (const std::string& parent : there) {
        const std::string parent_type = parent.substr(0, parent.find(':'));
        const bool admitted = std::find(type.parents.begin(), type.parents.end(), parent_type) != type.parents.end();
        if (admitted && random_.chance(40)) entity.parents.push_back(parent);
      }
      for (const MadeAttribute& attribute : type.attributes) {
        if (random_.chance(75)) entity.attributes[attribute.name] = json(attribute.type);
      }
      data[type.name + ":" + id] = entity;
      if (!type.single) there.push_back(type.name + ":" + id);
    }
  }
}

std::vector<std::string> World::data_lines() const {
  std::vector<std::string> lines;
  for (const auto& [name, entity] : data) {
    const std::size_t colon = name.find(':');
    std::string line = "{\"type\":\"" + name.substr(0, colon) + "\"";
    if (colon + 1 < name.size()) line += ",\"id\":" + json_text(name.substr(colon + 1));
    std::vector<std::string> parents;
    for (const std::string& parent : entity.parents)
      parents.push_back(json_text(parent));
    if (!parents.empty()) line += ",\"parents\":[" + join(parents, ",") + "]";
    std::vector<std::string> attributes;
    for (const auto& [attribute, value] : entity.attributes)
      attributes.push_back("\"" + attribute + "\":" + value);
    lines.push_back(line + ",\"attributes\":{" + join(attributes, ",") + "}}");
  }
  return lines;
}

}  // namespace writ::reference
