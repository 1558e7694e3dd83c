#include "tests/reference/policy.h"

#include <algorithm>

namespace writ::reference {

using policy::Ast;
using policy::IdKind;
using policy::Name;
using policy::Pattern;
using policy::Range;

namespace {

std::vector<std::string> texts(const Ast& ast, Range range) {
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < range.count; ++i)
    all.emplace_back(ast.names[range.first + i].text);
  return all;
}

}  // namespace

// ------------------------------------------------------------------------------------------ declarations

Policy::Policy(const std::vector<const Ast*>& files) {
  types["user"];
  types["agent"];
  for (const Ast* ast : files) {
    for (const policy::EntityDecl& entity : ast->entities)
      declare(*ast, entity);
    for (const policy::ActionsDecl& some : ast->actions)
      declare(*ast, some);
    for (const policy::DefineDecl& define : ast->defines)
      defines[std::string(define.name.text)] = {ast, &define};
    for (const policy::AliasDecl& alias : ast->aliases)
      aliases[std::string(alias.name.text)] = {ast, &alias};
    for (const policy::Rule& rule : ast->rules)
      rules.push_back({ast, &rule});
  }
  // Defaults may be scopes, so they are read when all types and actions are known.
  for (const Ast* ast : files) {
    declare_context(*ast);
    for (const policy::EntityDecl& entity : ast->entities) {
      for (std::uint32_t i = 0; i < entity.attributes.count; ++i) {
        const policy::Field& field = ast->fields[entity.attributes.first + i];
        if (field.fallback == policy::kNoExpr) continue;
        const Value fallback = fit(*this, constant({ast, field.fallback}), {ast, field.type});
        types[std::string(entity.name.text)].attributes[std::string(field.name.text)].fallback = fallback;
      }
    }
  }
  std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) {
    return std::pair(a.ast->source->name(), a.it->span.begin) < std::pair(b.ast->source->name(), b.it->span.begin);
  });
}

void Policy::declare(const Ast& ast, const policy::EntityDecl& entity) {
  EntityType& type = types[std::string(entity.name.text)];
  type.single = entity.single;
  type.closed = entity.closed;
  for (const std::string& id : texts(ast, entity.ids))
    type.ids.insert(id);
  for (const std::string& parent : texts(ast, entity.parents))
    type.parents.insert(parent);
  for (std::uint32_t i = 0; i < entity.attributes.count; ++i) {
    const policy::Field& field = ast.fields[entity.attributes.first + i];
    type.attributes[std::string(field.name.text)] = {{&ast, field.type}, ast.types[field.type].optional, false, {}};
  }
}

void Policy::declare(const Ast& ast, const policy::ActionsDecl& some) {
  for (const std::string& action : texts(ast, some.actions)) {
    for (const std::string& type : texts(ast, some.types)) {
      if (some.group.given()) {
        groups[std::string(some.group.text)].insert({type, action});
      } else {
        (some.for_type ? type_actions : resource_actions)[type].insert(action);
      }
    }
  }
}

void Policy::declare_context(const Ast& ast) {
  for (const policy::ContextDecl& some : ast.contexts) {
    for (std::uint32_t i = 0; i < some.keys.count; ++i) {
      const policy::Field& key = ast.fields[some.keys.first + i];
      Declared declared{{&ast, key.type}, ast.types[key.type].optional, key.absent_none, {}};
      if (key.fallback != policy::kNoExpr)
        declared.fallback = fit(*this, constant({&ast, key.fallback}), declared.type);
      context[std::string(key.name.text)] = declared;
    }
  }
}

bool Policy::has_action(const std::string& action) const {
  for (const auto* by_type : {&resource_actions, &type_actions}) {
    for (const auto& [type, actions] : *by_type) {
      if (actions.contains(action)) return true;
    }
  }
  return false;
}

bool Policy::can_be_above(const std::string& other, const std::string& type) const {
  std::set<std::string> reached = types.at(type).parents;
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const std::string& each : std::set(reached)) {
      const std::set<std::string>& parents = types.at(each).parents;
      reached.insert(parents.begin(), parents.end());
    }
  }
  return reached.contains(other);
}

// ------------------------------------------------------------------------------------------ constants

Value constant(In<policy::ExprId> at) {
  const Ast& ast = *at.ast;
  const policy::Expr& expr = ast.expr(at.it);
  switch (expr.kind) {
    case policy::ExprKind::kBool:
      return Value{expr.number != 0};
    case policy::ExprKind::kInt:
      return Value{Integer{expr.number}};
    case policy::ExprKind::kDecimal:
      return Value{Decimal{expr.number}};
    case policy::ExprKind::kString:
      return Value{std::string(expr.text)};
    case policy::ExprKind::kTime:
      return Value{Instant{expr.number}};
    case policy::ExprKind::kDuration:
      return Value{Length{expr.number}};
    case policy::ExprKind::kEntity:
      return Value{Entity{std::string(expr.text), std::string(expr.text2)}};
    case policy::ExprKind::kName:
      return Value{Entity{std::string(expr.text), ""}};  // the one of a single type
    case policy::ExprKind::kNegate: {
      const Value inner = constant({&ast, ast.kid(expr, 0)});
      if (const auto* n = as<Integer>(inner)) return Value{Integer{-n->n}};
      if (const auto* n = as<Decimal>(inner)) return Value{Decimal{-n->units}};
      return Value{Length{-std::get<Length>(inner.is).span}};
    }
    case policy::ExprKind::kSet: {
      Items items;
      for (std::uint32_t i = 0; i < expr.kids.count; ++i)
        items.push_back(constant({&ast, ast.kid(expr, i)}));
      return Value{items};
    }
    case policy::ExprKind::kRecord: {
      Fields fields;
      for (std::uint32_t i = 0; i < expr.kids.count; ++i) {
        fields[std::string(ast.names[expr.names_first + i].text)] = constant({&ast, ast.kid(expr, i)});
      }
      return Value{fields};
    }
    default:
      throw std::logic_error("not a constant");
  }
}

Value fit(const Policy& policy, Value value, In<policy::TypeExprId> at) {
  const policy::TypeExpr& type = at.ast->types[at.it];
  if (auto* items = std::get_if<Items>(&value.is); items && type.kind == policy::TypeExprKind::kSet) {
    for (Value& item : *items)
      item = fit(policy, item, {at.ast, type.inner});
  }
  if (auto* fields = std::get_if<Fields>(&value.is); fields && type.kind == policy::TypeExprKind::kRecord) {
    for (std::uint32_t i = 0; i < type.fields.count; ++i) {
      const policy::Field& field = at.ast->fields[type.fields.first + i];
      const auto found = fields->find(std::string(field.name.text));
      if (found != fields->end()) found->second = fit(policy, found->second, {at.ast, field.type});
    }
  }
  if (type.kind != policy::TypeExprKind::kNamed) return value;
  const std::string_view name = at.ast->names[type.names.first].text;
  if (const auto* n = as<Integer>(value); n && name == "decimal") return Value{Decimal{n->n * 10'000}};
  if (const auto* text = as<std::string>(value); text && name == "ip") {
    if (const auto address = read_address(*text)) return Value{*address};
    throw NotUnderstood("no address: " + *text);
  }
  if (const auto* text = as<std::string>(value); text && name == "scope") {
    return Value{Scope{read_permission(policy, *text)}};
  }
  return value;
}

// ------------------------------------------------------------------------------------------ patterns and scopes

namespace {

// What one action of one type becomes, with an id as written. Nothing where the pair is not declared, or where what is
// written says nothing about it.
void add_cell(const Policy& policy, const std::string& action, const std::string& type, IdKind kind,
              const std::string& id, std::set<Cell>& into) {
  const auto declares = [&](const auto& by_type) {
    const auto found = by_type.find(type);
    return found != by_type.end() && found->second.contains(action);
  };
  if (declares(policy.type_actions) && kind == IdKind::kNone) into.insert({action, type, CellKind::kType, ""});
  if (!declares(policy.resource_actions)) return;
  const bool all = kind == IdKind::kNone || kind == IdKind::kAll;
  if (policy.types.at(type).single) {
    if (all) into.insert({action, type, CellKind::kExact, ""});
  } else if (all) {
    into.insert({action, type, CellKind::kAll, ""});
  } else {
    into.insert({action, type, kind == IdKind::kPrefix ? CellKind::kPrefix : CellKind::kExact, id});
  }
}

std::set<std::string> all_types(const Policy& policy) {
  std::set<std::string> names;
  for (const auto& [name, type] : policy.types)
    names.insert(name);
  return names;
}

std::set<std::string> all_actions(const Policy& policy) {
  std::set<std::string> names;
  for (const auto* by_type : {&policy.resource_actions, &policy.type_actions}) {
    for (const auto& [type, actions] : *by_type)
      names.insert(actions.begin(), actions.end());
  }
  return names;
}

bool is_bare(const std::string& id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._~@/+=-").find(c) != std::string_view::npos;
  });
}

// A scope's text taken apart: the first colon ends the action, or the last dot starts it; then the first `_` ends the
// type.
struct Parts {
  std::string action;
  std::string type;
  IdKind kind = IdKind::kNone;
  std::string id;
};

Parts take_apart(const std::string& text) {
  Parts parts;
  std::string resource;
  if (const std::size_t colon = text.find(':'); colon != std::string::npos) {
    parts.action = text.substr(0, colon);
    resource = text.substr(colon + 1);
  } else if (const std::size_t dot = text.rfind('.'); dot != std::string::npos) {
    resource = text.substr(0, dot);
    parts.action = text.substr(dot + 1);
  } else {
    throw NotUnderstood("no scope: " + text);
  }
  const std::size_t line = resource.find('_');
  parts.type = resource.substr(0, line);
  if (line == std::string::npos) return parts;
  parts.id = resource.substr(line + 1);
  parts.kind = IdKind::kExact;
  if (parts.id.ends_with('*')) {
    parts.id.pop_back();
    parts.kind = parts.id.empty() ? IdKind::kAll : IdKind::kPrefix;
  }
  if (parts.kind != IdKind::kAll && !is_bare(parts.id)) throw NotUnderstood("no scope: " + text);
  return parts;
}

void check_closed(const Policy& policy, const Parts& parts) {
  const EntityType& type = policy.types.at(parts.type);
  if (!type.closed || (parts.kind != IdKind::kExact && parts.kind != IdKind::kPrefix)) return;
  const auto lists = [&](const std::string& id) {
    return parts.kind == IdKind::kExact ? id == parts.id : id.starts_with(parts.id);
  };
  if (std::none_of(type.ids.begin(), type.ids.end(), lists)) throw NotUnderstood("no such id: " + parts.id);
}

}  // namespace

std::set<Cell> Policy::cells(In<const Pattern*> at) const {
  const Pattern& pattern = *at.it;
  if (pattern.alias) return cells_of_alias(std::string(pattern.id.text));
  const std::vector<std::string> named = texts(*at.ast, pattern.types);
  std::set<std::string> reached(named.begin(), named.end());
  if (pattern.any_type || pattern.everything) reached = all_types(*this);
  std::vector<std::string> actions = texts(*at.ast, pattern.actions);
  if (pattern.any_action || pattern.everything) {
    const std::set<std::string> all = all_actions(*this);
    actions.assign(all.begin(), all.end());
  }
  std::set<Cell> found;
  for (const std::string& type : reached) {
    for (const std::string& name : actions) {
      std::set<std::pair<std::string, std::string>> meant = {{type, name}};
      if (const auto group = groups.find(name); group != groups.end()) meant = group->second;
      for (const auto& [of, action] : meant) {
        if (of == type) add_cell(*this, action, type, pattern.id_kind, std::string(pattern.id.text), found);
      }
    }
  }
  return found;
}

std::set<Cell> Policy::cells_of_alias(const std::string& name) const {
  const auto& [ast, alias] = aliases.at(name);
  std::set<Cell> found;
  for (std::uint32_t i = 0; i < alias->patterns.count; ++i) {
    found.merge(cells({ast, &ast->patterns[alias->patterns.first + i]}));
  }
  return found;
}

std::set<Cell> read_asked(const Policy& policy, const std::string& text) {
  if (policy.aliases.contains(text)) return policy.cells_of_alias(text);
  if (text.size() > 1024) throw NotUnderstood("too long a scope");
  const Parts parts = take_apart(text);
  if (!policy.types.contains(parts.type)) throw NotUnderstood("no such type: " + parts.type);
  // Of a single type there is one resource and no id, not even `*`.
  if (policy.types.at(parts.type).single && parts.kind != IdKind::kNone) throw NotUnderstood("no id here: " + text);
  check_closed(policy, parts);
  std::set<Cell> found;
  add_cell(policy, parts.action, parts.type, parts.kind, parts.id, found);
  if (found.empty()) throw NotUnderstood("no such action there: " + text);
  return found;
}

std::set<Cell> read_permission(const Policy& policy, const std::string& text) {
  if (policy.aliases.contains(text)) return policy.cells_of_alias(text);
  const Parts parts = text == "*" ? Parts{"*", "*", IdKind::kNone, ""} : take_apart(text);
  std::set<std::string> actions = {parts.action};
  if (parts.action == "*") actions = all_actions(policy);
  std::set<std::string> types = {parts.type};
  if (parts.type == "*") {
    if (parts.kind == IdKind::kExact || parts.kind == IdKind::kPrefix)
      throw NotUnderstood("an id of any type: " + text);
    types = all_types(policy);
  } else if (!policy.types.contains(parts.type)) {
    throw NotUnderstood("no such type: " + parts.type);
  } else {
    check_closed(policy, parts);
  }
  std::set<Cell> found;
  for (const std::string& action : actions) {
    for (const std::string& type : types)
      add_cell(policy, action, type, parts.kind, parts.id, found);
  }
  if (found.empty()) throw NotUnderstood("reaches nothing: " + text);
  return found;
}

bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= 1024 && id.find('\0') == std::string::npos;
}

Cell asked_cell(const Policy& policy, const std::string& action, const std::string& type, const std::string& id) {
  const auto declared = policy.types.find(type);
  if (declared == policy.types.end()) throw NotUnderstood("no such type: " + type);
  if (const auto found = policy.type_actions.find(type); found != policy.type_actions.end()) {
    if (id.empty() && found->second.contains(action)) return {action, type, CellKind::kType, ""};
  }
  const auto found = policy.resource_actions.find(type);
  if (found == policy.resource_actions.end() || !found->second.contains(action)) {
    throw NotUnderstood("no such action there: " + action);
  }
  if (declared->second.single ? !id.empty() : !is_id(id)) throw NotUnderstood("no id: " + id);
  if (declared->second.closed && !declared->second.ids.contains(id)) throw NotUnderstood("no such id: " + id);
  return {action, type, CellKind::kExact, id};
}

std::string id_of(const In<const policy::Rule*>& rule) {
  if (const policy::Name id = rule.ast->id_of(*rule.it); id.given()) return std::string(id.text);
  const Source& source = *rule.ast->source;
  return source.name() + ":" + std::to_string(source.position(rule.it->span.begin).line);
}

std::string_view text_of(const In<const policy::Rule*>& rule) {
  return rule.ast->text_of(*rule.it).text;
}

}  // namespace writ::reference
