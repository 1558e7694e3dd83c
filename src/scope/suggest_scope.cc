#include "src/scope/suggest_scope.h"

#include <algorithm>
#include <vector>

#include "src/diagnostics/suggest.h"
#include "src/scope/parse_scope.h"

namespace writ {
namespace {

std::vector<std::string_view> type_names(const Schema& schema) {
  std::vector<std::string_view> names;
  for (const EntityType& type : schema.types)
    names.push_back(type.name);
  return names;
}

std::vector<std::string_view> action_names(const Schema& schema, const EntityType& type) {
  std::vector<std::string_view> names;
  for (const auto* actions : {&type.resource_actions, &type.type_actions}) {
    for (const ActionId action : *actions)
      names.push_back(schema.actions[action]);
  }
  return names;
}

std::string nearest_alias(const Schema& schema, std::string_view text) {
  std::vector<std::string_view> names;
  for (const Alias& alias : schema.aliases)
    names.push_back(alias.name);
  return suggest(text, names);
}

// `text` taken apart as parse_scope() does it, but for what may stand in the parts.
struct Parts {
  std::string action;
  std::string type;
  std::string rest;  // `_` and what follows
  bool dotted = false;

  std::string put_together() const { return dotted ? type + rest + "." + action : action + ":" + type + rest; }
};

bool take_apart(std::string_view text, Parts& parts) {
  const std::size_t colon = text.find(':');
  parts.dotted = colon == std::string_view::npos;
  const std::size_t cut = parts.dotted ? text.rfind('.') : colon;
  if (cut == std::string_view::npos) return false;
  const std::string_view before = text.substr(0, cut);
  const std::string_view after = text.substr(cut + 1);
  parts.action = parts.dotted ? after : before;
  const std::string_view resource = parts.dotted ? before : after;
  const std::size_t underscore = std::min(resource.find('_'), resource.size());
  parts.type = resource.substr(0, underscore);
  parts.rest = resource.substr(underscore);
  return true;
}

}  // namespace

std::string suggest_scope(const Schema& schema, std::string_view text) {
  if (text.size() > kMaxScopeBytes || parse_scope(schema, text)) return {};
  Parts parts;
  if (!take_apart(text, parts)) return nearest_alias(schema, text);
  TypeId type_id = schema.find_type(parts.type);
  if (type_id == kNoId) {
    parts.type = suggest(parts.type, type_names(schema));
    type_id = schema.find_type(parts.type);
    if (type_id == kNoId) return nearest_alias(schema, text);
  }
  const EntityType& type = schema.types[type_id];
  const ActionId action = schema.find_action(parts.action);
  const bool declared =
      action != kNoId && (schema.acts_on_resource(action, type_id) || schema.acts_on_type(action, type_id));
  if (!declared) parts.action = suggest(parts.action, action_names(schema, type));
  std::string meant = parts.put_together();
  if (!parse_scope(schema, meant) && type.closed && parts.rest.size() > 1) {
    parts.rest = "_" + suggest(std::string_view(parts.rest).substr(1), {type.ids.begin(), type.ids.end()});
    meant = parts.put_together();
  }
  return parse_scope(schema, meant) ? meant : std::string();
}

}  // namespace writ
