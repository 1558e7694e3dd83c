#include "tests/reference/typed_author.h"

#include <algorithm>
#include <set>

namespace writ::reference {

namespace {

MadeType simple(Kind kind) {
  return {kind, {}, nullptr, {}};
}
MadeType entity(const std::string& type) {
  return {Kind::kEntity, {type}, nullptr, {}};
}
MadeType set_of(const MadeType& inner) {
  return {Kind::kSet, {}, std::make_shared<MadeType>(inner), {}};
}
const MadeType kBool = simple(Kind::kBool);

bool is_number(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kDecimal || kind == Kind::kTime || kind == Kind::kDuration;
}

}  // namespace

// ------------------------------------------------------------------------------------------ what can be named

// Adds what can be reached from each source: attributes and fields.
void Author::extend(std::vector<Source>& all, std::size_t from) const {
  for (std::size_t end = all.size(); from < end; ++from) {
    const Source at = all[from];
    if (at.type.kind == Kind::kRecord) {
      for (const MadeAttribute& field : at.type.fields)
        all.push_back({at.text + "." + field.name, field.type});
    }
    if (at.type.kind != Kind::kEntity) continue;
    const auto& first = world_.type(at.type.entities[0]).attributes;
    for (const MadeAttribute& attribute : first) {
      const bool everywhere =
          std::all_of(at.type.entities.begin(), at.type.entities.end(), [&](const std::string& name) {
            const auto& others = world_.type(name).attributes;
            return std::any_of(others.begin(), others.end(),
                               [&](const MadeAttribute& other) { return other.name == attribute.name; });
          });
      if (everywhere) all.push_back({at.text + "." + attribute.name, attribute.type});
    }
    if (at.type.entities.size() == 1 && !world_.type(at.type.entities[0]).single) {
      all.push_back({at.text + ".id", simple(Kind::kString)});
    }
  }
}

std::vector<Author::Source> Author::sources(const Place& place) const {
  std::vector<Source> all = place.variables;
  all.push_back({"user", entity("user")});
  all.push_back({"agents", set_of(entity("agent"))});
  if (place.agent) all.push_back({"agent", entity("agent")});
  if (!place.reached.empty()) {
    all.push_back({"scope", simple(Kind::kScope)});
    const bool named = place.reached.size() == 1 && place.reached[0] != "user" && place.reached[0] != "agent";
    all.push_back({named && place.reached[0].size() % 2 == 0 ? place.reached[0] : "resource",
                   MadeType{Kind::kEntity, place.reached, nullptr, {}}});
  }
  all.push_back({"profile", entity("profile")});
  if (place.time) all.push_back({"time", simple(Kind::kTime)});
  for (const MadeAttribute& key : world_.context)
    all.push_back({key.name, key.type});
  const std::size_t roots = all.size();
  extend(all, 0);
  extend(all, roots);
  return all;
}

// Some source of one of these kinds; with empty text where there is none.
Author::Source Author::source(const Place& place, const std::vector<Kind>& kinds) {
  std::vector<Source> fitting;
  for (const Source& each : sources(place)) {
    if (std::find(kinds.begin(), kinds.end(), each.type.kind) != kinds.end()) fitting.push_back(each);
  }
  return fitting.empty() ? Source{} : random_.pick(fitting);
}

std::vector<const Author::Define*> Author::usable(const Place& place, const MadeType& type) const {
  std::vector<const Define*> found;
  for (const Define& define : defines_) {
    const bool here = define.reached.empty() || place.reached == std::vector<std::string>{define.reached};
    if (here && (!define.agent || place.agent) && spell(define.type) == spell(type)) found.push_back(&define);
  }
  return found;
}

// ------------------------------------------------------------------------------------------ values

std::string Author::number(const MadeType& type, const Place& place, int depth) {
  const auto some = [&](Kind kind) { return value(simple(kind), place, depth - 1); };
  switch (type.kind) {
    case Kind::kTime:
      return "(" + some(Kind::kTime) + random_.pick({" + ", " - "}) + some(Kind::kDuration) + ")";
    case Kind::kDuration:
      if (random_.chance(40)) return "(" + some(Kind::kTime) + " - " + some(Kind::kTime) + ")";
      if (random_.chance(30)) {
        Place constant = place;  // a product must not move with time
        constant.time = false;
        return "(" + value(type, constant, 0) + " * " + value(simple(Kind::kInt), constant, 0) + ")";
      }
      break;
    case Kind::kDecimal:
      if (random_.chance(30)) return "(" + some(Kind::kDecimal) + " * " + some(Kind::kInt) + ")";
      break;
    default:
      if (random_.chance(30)) return "(" + some(Kind::kInt) + " * " + some(Kind::kInt) + ")";
      break;
  }
  if (random_.chance(15)) return "-(" + some(type.kind) + ")";
  return "(" + some(type.kind) + random_.pick({" + ", " - "}) + some(type.kind) + ")";
}

std::string Author::call(const Define& define, const Place& place, int depth) {
  if (define.parameters.empty()) return define.name;
  Place still = place;
  still.time = false;
  std::string text = define.name + "(";
  for (std::size_t n = 0; n < define.parameters.size(); ++n) {
    text += (n == 0 ? "" : ", ") + value(define.parameters[n], still, depth - 1);
  }
  return text + ")";
}

std::string Author::value(const MadeType& type, const Place& place, int depth) {
  if (type.kind == Kind::kBool && depth > 0 && random_.chance(20)) return "(" + condition(place, depth - 1) + ")";
  if (is_number(type.kind) && depth > 0 && random_.chance(35)) return number(type, place, depth);
  const std::vector<const Define*> defined = usable(place, type);
  if (depth > 0 && !defined.empty() && random_.chance(20)) return call(*random_.pick(defined), place, depth);
  std::vector<Source> fitting;
  for (const Source& each : sources(place)) {
    if (spell(each.type) == spell(type)) fitting.push_back(each);
  }
  if (!fitting.empty() && random_.chance(70)) return random_.pick(fitting).text;
  if (type.kind == Kind::kSet && depth > 0 && random_.chance(50)) {
    Place still = place;
    still.time = false;
    return "[" + value(*type.inner, still, depth - 1) + ", " + value(*type.inner, still, depth - 1) + "]";
  }
  return world_.literal(type);
}

// ------------------------------------------------------------------------------------------ conditions

std::string Author::condition(const Place& place, int depth) {
  if (depth <= 0) return leaf(place, 0);
  switch (random_.below(8)) {
    case 0:
      return "(" + condition(place, depth - 1) + ") and (" + condition(place, depth - 1) + ")";
    case 1:
      return "(" + condition(place, depth - 1) + ") or (" + condition(place, depth - 1) + ")";
    case 2:
      return "not (" + condition(place, depth - 1) + ")";
    case 3: {
      std::string text = leaf(place, 0);
      for (std::size_t n = 1 + random_.below(3); n > 0; --n)
        text = leaf(place, 0) + " and " + text;
      return text + " or " + leaf(place, 0);
    }
    default:
      return leaf(place, depth);
  }
}

std::string Author::leaf(const Place& place, int depth) {
  switch (random_.below(14)) {
    case 0:
    case 1:
      return value(kBool, place, depth);
    case 2:
    case 3:
    case 4:
      return comparison(place, depth);
    case 5:
      return membership(place, depth);
    case 6:
    case 7:
      return in_hierarchy(place, depth);
    case 8:
      return has(place);
    case 9:
      return coverage(place, depth);
    case 10:
      return depth > 0 ? quantifier(place, depth) : comparison(place, depth);
    case 11:
      return wall_clock(place);
    case 12:
      return random_.chance(50) ? about_action() : network(place);
    default: {
      const Source text = source(place, {Kind::kString});
      if (text.text.empty()) return comparison(place, depth);
      return text.text + " like \"" + random_.pick({"*", "1*", "*2", "a/{}", "{}/b", "a", "x*y", "{}", "*\\\\*"}) +
             "\"";
    }
  }
}

std::string Author::comparison(const Place& place, int depth) {
  const Source left =
      source(place, {Kind::kBool, Kind::kInt, Kind::kDecimal, Kind::kString, Kind::kTime, Kind::kDuration, Kind::kIp,
                     Kind::kScope, Kind::kEntity, Kind::kSet, Kind::kRecord});
  Place here = place;
  here.time = place.time && is_number(left.type.kind);
  const std::string right = value(left.type, here, depth);
  if (!is_number(left.type.kind)) return left.text + random_.pick({" == ", " != "}) + right;
  const std::string start = depth > 0 && random_.chance(30) ? number(left.type, here, depth) : left.text;
  if (random_.chance(15)) return start + " in " + world_.literal(left.type) + ".." + world_.literal(left.type);
  return start + random_.pick({" == ", " != ", " < ", " <= ", " > ", " >= "}) + right;
}

// Of values: equality with one of a set.
std::string Author::membership(const Place& place, int depth) {
  Place still = place;
  still.time = false;
  const Source set = source(still, {Kind::kSet});
  if (set.text.empty() || random_.chance(30)) {
    const Source one =
        source(still, {Kind::kInt, Kind::kString, Kind::kDecimal, Kind::kBool, Kind::kTime, Kind::kScope});
    if (one.text.empty()) return "true";
    return one.text + " in " + value(set_of(one.type), still, depth);
  }
  if (random_.chance(50)) return set.text + " contains " + value(*set.type.inner, still, depth);
  return value(*set.type.inner, still, depth) + " in " + set.text;
}

std::string Author::in_hierarchy(const Place& place, int depth) {
  const Source left = source(place, {Kind::kEntity});
  std::vector<std::string> targets;
  for (const MadeEntityType& type : world_.types) {
    const bool reachable = std::any_of(left.type.entities.begin(), left.type.entities.end(),
                                       [&](const std::string& from) { return world_.can_be_in(from, type.name); });
    if (reachable) targets.push_back(type.name);
  }
  const MadeType target = entity(random_.pick(targets));
  return left.text + " in " + value(random_.chance(25) ? set_of(target) : target, place, depth);
}

std::string Author::has(const Place& place) {
  if (random_.chance(30)) {
    for (const MadeAttribute& key : world_.context) {
      if (key.optional && random_.chance(60)) return "context has " + key.name;
    }
  }
  const Source of = source(place, {Kind::kEntity, Kind::kRecord});
  if (of.type.kind == Kind::kRecord) return of.text + " has " + random_.pick(of.type.fields).name;
  // A type that does not declare it is false, and guards it.
  std::vector<std::string> names;
  for (const std::string& type : of.type.entities) {
    for (const MadeAttribute& attribute : world_.type(type).attributes)
      names.push_back(attribute.name);
  }
  if (names.empty()) return "true";
  const std::string name = random_.pick(names);
  if (random_.chance(50)) return of.text + " has " + name;
  const auto guarded = [&](const MadeEntityType& type) -> const MadeAttribute* {
    for (const MadeAttribute& attribute : type.attributes) {
      if (attribute.name == name) return &attribute;
    }
    return nullptr;
  };
  for (const std::string& type : of.type.entities) {
    const MadeAttribute* attribute = guarded(world_.type(type));
    if (attribute == nullptr) continue;
    return of.text + " has " + name + " and " + of.text + "." + name + random_.pick({" == ", " != "}) +
           world_.literal(attribute->type);
  }
  return of.text + " has " + name;
}

std::string Author::coverage(const Place& place, int depth) {
  const MadeType rights = random_.chance(75) ? set_of(simple(Kind::kScope)) : simple(Kind::kScope);
  if (!place.reached.empty() && random_.chance(60)) return value(rights, place, 0) + " covers scope";
  if (random_.chance(50)) return value(rights, place, 0) + " covers \"" + world_.scope() + "\"";
  Place still = place;
  still.time = false;
  const Source set = source(still, {Kind::kSet});
  if (set.text.empty()) return "true";
  return set.text + " covers " + value(set.type, still, depth);
}

std::string Author::quantifier(const Place& place, int depth) {
  Place still = place;
  still.time = false;
  std::string over;
  MadeType inner;
  if (random_.chance(40)) {
    const Source below = source(still, {Kind::kEntity});
    std::vector<std::string> targets;
    for (const MadeEntityType& type : world_.types) {
      if (below.type.entities.size() == 1 && world_.can_be_in(below.type.entities[0], type.name))
        targets.push_back(type.name);
    }
    if (targets.empty()) return "true";
    inner = entity(random_.pick(targets));
    over = inner.entities[0] + " above " + below.text;
  } else {
    const Source set = source(still, {Kind::kSet});
    if (set.text.empty()) return "true";
    inner = *set.type.inner;
    over = random_.chance(80) ? set.text : value(set.type, still, depth);
  }
  Place inside = place;
  const std::string name = "v" + std::to_string(place.variables.size());
  // Several times, so that the condition speaks of it more often than of anything else.
  inside.variables.push_back({name, inner});
  const std::string body = random_.chance(60) && inner.kind != Kind::kSet
                               ? name + random_.pick({" == ", " != "}) + value(inner, inside, 0)
                               : condition(inside, depth - 1);
  return "(" + random_.pick({"any ", "all "}) + name + " in " + over + ": " + body + ")";
}

std::string Author::wall_clock(const Place& place) {
  std::string zone = random_.pick({"\"Europe/Paris\"", "\"America/New_York\"", "\"UTC\"", "\"Asia/Kolkata\"",
                                   "\"Australia/Lord_Howe\"", "\"Pacific/Apia\"", ""});
  if (random_.chance(15)) {
    Place still = place;
    still.time = false;
    const Source offset = source(still, {Kind::kDuration});
    if (!offset.text.empty()) zone = offset.text;
  }
  if (random_.chance(40)) {
    return "weekday(" + zone + ")" +
           random_.pick({" in 1..5", " == 1", " != 7", " in 6..7", " in [1, 3, 7]", " in 2..2"});
  }
  return "clock(" + zone + ")" +
         random_.pick({" in 08:00..18:00", " in 22:00..06:00", " < 09:00", " >= 17:00", " in 00:00..24:00",
                       " > 12:30:30", " <= 01:00", " in 01:30..02:30", " in 02:00..03:00", " in 09:00..09:00:30"});
}

std::string Author::about_action() {
  return "action" +
         random_.pick({" == read", " != write", " in [read, close]", " in edits", " in [share, edits]", " == create"});
}

std::string Author::network(const Place& place) {
  const Source address = source(place, {Kind::kIp});
  if (address.text.empty()) return about_action();
  return address.text + " in " + (random_.chance(80) ? world_.literal(address.type) : value(address.type, place, 0));
}

// ------------------------------------------------------------------------------------------ statements

std::vector<std::string> Author::defines() {
  std::vector<std::string> lines;
  for (std::size_t n = random_.below(5); n > 0; --n) {
    Define define{"d" + std::to_string(n), "", random_.chance(15), {}, kBool};
    if (random_.chance(40)) define.reached = random_.pick({"doc", "folder", "task"});
    Place place;
    if (!define.reached.empty()) place.reached = {define.reached};
    place.agent = define.agent;
    std::string parameters;
    for (std::size_t i = random_.chance(40) ? 1 + random_.below(2) : 0; i > 0; --i) {
      const MadeType type = random_.chance(50) ? entity(random_.pick({"user", "doc", "folder"}))
                                               : simple(random_.chance(50) ? Kind::kInt : Kind::kDecimal);
      define.parameters.push_back(type);
      place.variables.push_back({"p" + std::to_string(place.variables.size()), type});
      parameters += (parameters.empty() ? "" : ", ") + place.variables.back().text + ": " + spell(type);
    }
    if (!parameters.empty()) parameters = "(" + parameters + ")";
    std::string body;
    if (random_.chance(25)) {
      define.type = simple(random_.chance(50) ? Kind::kInt : Kind::kDuration);
      place.time = false;
      body = value(define.type, place, 2);
    } else {
      body = condition(place, 2);
    }
    lines.push_back("define " + define.name + parameters + " = " + body);
    defines_.push_back(define);
  }
  return lines;
}

std::string Author::id_part(const MadeEntityType& type) {
  if (type.single) return random_.chance(80) ? "" : "_*";
  switch (random_.below(5)) {
    case 0:
      return "";
    case 1:
      return "_" + random_.pick(type.ids).substr(0, 1) + "*";
    case 2:
    case 3:
      return "_*";
    default:
      break;
  }
  const std::string& id = random_.pick(type.ids);
  return id.find(' ') == std::string::npos ? "_" + id : "_\"" + id + "\"";
}

std::string Author::pattern_of(const MadeEntityType& type) {
  if (!type.type_actions.empty() && random_.chance(20)) return random_.pick(type.type_actions) + ":" + type.name;
  std::string actions = random_.pick(type.actions);
  if (random_.chance(30)) actions = "*";
  if (random_.chance(20) && type.actions.size() > 1) actions = "{" + type.actions[0] + ", " + type.actions[1] + "}";
  if (random_.chance(20) && type.name == "doc") actions = "edits";
  const std::string id = id_part(type);
  if (random_.chance(25) && id.find('"') == std::string::npos) return type.name + id + "." + actions;
  return actions + ":" + type.name + id;
}

std::string Author::pattern(std::vector<std::string>& reached) {
  std::vector<std::string> with_actions;
  for (const MadeEntityType& type : world_.types) {
    if (!type.actions.empty()) with_actions.push_back(type.name);
  }
  if (random_.chance(20)) {
    reached = with_actions;
    return "*";
  }
  if (random_.chance(10) && world_.aliases.contains("docs")) {
    reached = {"doc"};
    return "\"docs\"";
  }
  if (random_.chance(15)) {
    reached = {"doc", "folder"};
    return random_.pick(
        {"read:{doc, folder}_*", "read:doc_1*, read:folder", "*:{doc, folder}", "doc.edits, folder_1.share"});
  }
  const std::string name = random_.pick({"doc", "doc", "doc", "folder", "task", "profile"});
  reached = {name};
  std::string text = pattern_of(world_.type(name));
  if (random_.chance(15)) text += ", " + pattern_of(world_.type(name));
  return text;
}

std::string Author::people() {
  switch (random_.below(6)) {
    case 0:
      return " to user:" + random_.pick({"a", "b", "\"x y\""});
    case 1:
      return " to " + world_.reference("group", true);
    case 2:
      return " to user:b, " + world_.reference("group", true);
    default:
      return "";
  }
}

std::string Author::via(bool& agent) {
  agent = true;
  switch (random_.below(8)) {
    case 0:
      return " via any agent";
    case 1:
      return " via agent:" + random_.pick({"x", "y"});
    case 2:
      return " via last agent:" + random_.pick({"x", "y"});
    case 3:
      return " via agent:x, last agent:y";
    default:
      agent = false;
      return "";
  }
}

std::string Author::clauses(bool at_least_one) {
  std::string text;
  if (random_.chance(at_least_one ? 40 : 12)) text += " for " + random_.pick({"1m", "90s", "1h", "5s", "1d"});
  if (random_.chance(at_least_one ? 20 : 5)) text += (text.empty() ? " " : ", ") + std::string("once");
  if (random_.chance(at_least_one ? 15 : 3))
    text += (text.empty() ? " " : ", ") + std::string("audience \"") + random_.pick({"https://a", "https://b"}) + "\"";
  if (random_.chance(at_least_one ? 15 : 3)) text += (text.empty() ? " " : ", ") + std::string("proof dpop");
  if (random_.chance(at_least_one ? 20 : 5))
    text += (text.empty() ? " " : ", ") + std::string("notify \"") + random_.pick({"m", "n"}) + "\"";
  return text.empty() && at_least_one ? " for 2m" : text;
}

std::string Author::if_clause(const Place& place) {
  if (random_.chance(25)) return "";
  return " if " + condition(place, static_cast<int>(random_.below(3)));
}

std::string Author::statement() {
  Place place;
  const std::string what = pattern(place.reached);
  const std::string id = random_.chance(10) ? "@s" + std::to_string(random_.below(1'000'000)) + " " : "";
  switch (random_.below(10)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return id + "allow " + what + people() + if_clause(place) + clauses(false);
    case 4:
    case 5: {
      place.agent = true;
      const std::string whom = random_.pick({"agent:x", "agent:y", "any agent", "agent:x, agent:z"});
      return id + "trust " + whom + " with " + what + if_clause(place) + clauses(false);
    }
    case 6: {
      const std::string who = people() + via(place.agent);
      return id + "deny " + what + who + if_clause(place) + " because \"" + random_.pick({"r1", "r2", "r3"}) + "\"";
    }
    case 7:
    case 8: {
      const std::string who = people() + via(place.agent);
      return id + "require " + condition(place, 1) + " before " + what + who + if_clause(place) + " ask \"" +
             random_.pick({"acr:mfa", "approval"}) + "\"";
    }
    default: {
      const std::string who = people() + via(place.agent);
      return id + "limit " + what + who + if_clause(place) + clauses(true);
    }
  }
}

// One or two users or agents, or what they are in.
std::string Author::somebody(const std::string& type) {
  std::vector<std::string> kinds = {type};
  if (world_.can_be_in(type, "group")) kinds.insert(kinds.end(), {"group", "group"});
  std::string names = world_.reference(random_.pick(kinds), true);
  if (random_.chance(25)) names += ", " + world_.reference(random_.pick(kinds), true);
  return names;
}

std::vector<std::string> Author::crowd() {
  std::vector<std::string> reached;
  const std::string what = pattern(reached);
  std::vector<std::string> lines;
  for (std::size_t n = 5 + random_.below(20); n > 0; --n) {
    Place place;
    place.reached = reached;
    std::string who = random_.chance(75) ? " to " + somebody("user") : people();
    const std::size_t kind = random_.below(9);
    if (kind >= 5) {
      who += random_.chance(50) ? " via " + std::string(random_.chance(30) ? "last " : "") + somebody("agent")
                                : via(place.agent);
      place.agent = place.agent || who.find(" via ") != std::string::npos;
    }
    const std::string condition = random_.chance(60) ? "" : if_clause(place);
    if (kind < 3) {
      lines.push_back("allow " + what + who + condition + clauses(false));
    } else if (kind < 5) {
      place.agent = true;
      lines.push_back("trust " + somebody("agent") + " with " + what + (random_.chance(60) ? "" : if_clause(place)));
    } else if (kind < 7) {
      lines.push_back("deny " + what + who + condition + " because \"r1\"");
    } else if (kind == 7) {
      lines.push_back("require " + this->condition(place, 1) + " before " + what + who + condition +
                      " ask \"approval\"");
    } else {
      lines.push_back("limit " + what + who + condition + clauses(true));
    }
  }
  return lines;
}

}  // namespace writ::reference
