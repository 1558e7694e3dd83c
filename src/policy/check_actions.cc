// actions and alias statements: who can do what to what, and names for several of them at once.
#include <algorithm>

#include "src/policy/checker.h"
#include "src/scope/bare.h"
#include "src/scope/parse_scope.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMostActions = 65'000;
constexpr std::size_t kMostPairs = std::size_t{1} << 24U;  // types times actions, as a program indexes them

struct Pair {
  bool on_type = false;
  Location where;
};
using Pairs = std::unordered_map<std::uint32_t, Pair>;

std::uint32_t pair_key(TypeId type, ActionId action) {
  return (std::uint32_t{type} << 16U) | action;
}

ActionId intern_action(Checker& checker, const Ast& ast, const Name& name) {
  const auto [found, fresh] =
      checker.actions.try_emplace(name.text, static_cast<ActionId>(checker.schema.actions.size()));
  if (!fresh) return found->second;
  if (checker.schema.actions.size() >= kMostActions) {
    checker.error(Checker::at(ast, name.span), "too-many", "a policy has at most 65,000 actions");
    checker.actions.erase(found);
    return kNoId;
  }
  checker.schema.actions.emplace_back(name.text);
  return found->second;
}

void add_pair(Checker& checker, const Ast& ast, const ActionsDecl& decl, const Name& name, TypeId type, Pairs& pairs) {
  const ActionId action = intern_action(checker, ast, name);
  if (action == kNoId) return;
  const Location where = Checker::at(ast, name.span);
  const auto [found, fresh] = pairs.try_emplace(pair_key(type, action), Pair{decl.for_type, where});
  EntityType& of = checker.schema.types[type];
  if (fresh) {
    (decl.for_type ? of.type_actions : of.resource_actions).push_back(action);
    checker.action_places.push_back({action, type, where});
  } else if (found->second.on_type != decl.for_type) {
    checker.error(where, "action-on-both",
                  Checker::quoted(name.text) + " is an action on " +
                      (decl.for_type ? "single resources of " : "the type ") + Checker::quoted(of.name) + " already",
                  "an action belongs either to single resources or to the type itself");
  } else {
    checker.error(where, "already-declared",
                  Checker::quoted(name.text) + " is declared for " + Checker::quoted(of.name) + " already");
  }
}

void read_actions(Checker& checker, const Ast& ast, const ActionsDecl& decl, Pairs& pairs) {
  for (std::uint32_t t = 0; t < decl.types.count; ++t) {
    const TypeId type = checker.find_type(ast, ast.names[decl.types.first + t]);
    if (type == kNoId) continue;
    for (std::uint32_t a = 0; a < decl.actions.count; ++a) {
      add_pair(checker, ast, decl, ast.names[decl.actions.first + a], type, pairs);
    }
  }
}

void read_group(Checker& checker, const Ast& ast, const ActionsDecl& decl) {
  const Location where = Checker::at(ast, decl.group.span);
  if (checker.actions.contains(decl.group.text)) {
    checker.error(where, "name-clash", Checker::quoted(decl.group.text) + " is an action already",
                  "a group of actions needs a name of its own");
    return;
  }
  const auto [found, fresh] =
      checker.group_index.try_emplace(decl.group.text, static_cast<std::uint32_t>(checker.groups.size()));
  if (fresh) checker.groups.push_back({decl.group.text, where, {}});
  ActionGroup& group = checker.groups[found->second];
  std::vector<bool> has_member(decl.actions.count, false);
  for (std::uint32_t t = 0; t < decl.types.count; ++t) {
    const Name& type_name = ast.names[decl.types.first + t];
    const TypeId type = checker.find_type(ast, type_name);
    if (type == kNoId) return;
    bool any = false;
    for (std::uint32_t a = 0; a < decl.actions.count; ++a) {
      const auto action = checker.actions.find(ast.names[decl.actions.first + a].text);
      if (action == checker.actions.end()) continue;
      if (!checker.schema.acts_on_type(action->second, type) &&
          !checker.schema.acts_on_resource(action->second, type)) {
        continue;
      }
      group.members.emplace_back(type, action->second);
      any = has_member[a] = true;
    }
    if (!any) {
      checker.error(Checker::at(ast, type_name.span), "unknown-action",
                    Checker::quoted(type_name.text) + " has none of these actions");
    }
  }
  for (std::uint32_t a = 0; a < decl.actions.count; ++a) {
    const Name& name = ast.names[decl.actions.first + a];
    if (has_member[a]) continue;
    checker.error(Checker::at(ast, name.span), "unknown-action",
                  "none of these types has an action " + Checker::quoted(name.text),
                  checker.did_you_mean(name.text, checker.actions));
  }
  std::sort(group.members.begin(), group.members.end());
  const auto twice = std::unique(group.members.begin(), group.members.end());
  if (twice != group.members.end()) {
    checker.error(where, "already-declared", "the group " + Checker::quoted(group.name) + " names an action twice");
    group.members.erase(twice, group.members.end());
  }
}

struct AliasPlace {
  const Ast* ast;
  const AliasDecl* decl;
};

// The aliases of the files, with those that are named by others before them. What goes round in a circle is an error.
class AliasOrder {
 public:
  AliasOrder(Checker& checker, const std::vector<AliasPlace>& places) : checker_(checker), places_(places) {}

  std::vector<std::uint32_t> run() {
    std::vector<std::vector<std::uint32_t>> users(places_.size());
    std::vector<std::uint32_t> waits(places_.size(), 0);
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      for_each_named(i, [&](std::uint32_t named) {
        users[named].push_back(i);
        ++waits[i];
      });
    }
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      if (waits[i] == 0) order.push_back(i);
    }
    for (std::size_t at = 0; at < order.size(); ++at) {
      for (const std::uint32_t user : users[order[at]]) {
        if (--waits[user] == 0) order.push_back(user);
      }
    }
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      if (waits[i] == 0) continue;
      checker_.error(Checker::at(*places_[i].ast, places_[i].decl->name.span), "recursive-alias",
                     "the alias " + Checker::quoted(places_[i].decl->name.text) + " is made of itself");
    }
    return order;
  }

 private:
  template <class Visit>
  void for_each_named(std::uint32_t index, Visit visit) const {
    const Ast& ast = *places_[index].ast;
    const Range patterns = places_[index].decl->patterns;
    for (std::uint32_t p = 0; p < patterns.count; ++p) {
      const Pattern& pattern = ast.patterns[patterns.first + p];
      if (!pattern.alias) continue;
      const auto found = checker_.alias_index.find(pattern.id.text);
      if (found != checker_.alias_index.end()) visit(found->second);
    }
  }

  Checker& checker_;
  const std::vector<AliasPlace>& places_;
};

void check_alias_name(Checker& checker, const AliasPlace& place, const Alias& alias) {
  // The name was looked up while no alias had one: what it would mean as a scope string.
  const Location where = Checker::at(*place.ast, place.decl->name.span);
  if (alias.name.empty() || alias.name.size() > kMaxScopeBytes) {
    checker.error(where, "bad-alias", "the name of an alias has 1 to 1,024 bytes");
  } else if (!is_scope_token(alias.name)) {
    checker.error(where, "bad-alias",
                  "the alias " + Checker::quoted(alias.name) + " has a character that no token's scope can carry",
                  "a scope is of visible ASCII, without blank, `\"` and `\\` (RFC 6749, section 3.3)");
  }
}

}  // namespace

void Checker::declare_actions() {
  Pairs pairs;
  for (const Ast& ast : asts) {
    for (const ActionsDecl& decl : ast.actions) {
      if (!decl.group.given()) read_actions(*this, ast, decl, pairs);
    }
  }
  for (EntityType& type : schema.types) {
    std::sort(type.resource_actions.begin(), type.resource_actions.end());
    std::sort(type.type_actions.begin(), type.type_actions.end());
  }
  if (schema.types.size() * schema.actions.size() > kMostPairs) {
    error(action_places.front().where, "too-many", "types times actions is past 16,777,216");
  }
  for (const Ast& ast : asts) {
    for (const ActionsDecl& decl : ast.actions) {
      if (decl.group.given()) read_group(*this, ast, decl);
    }
  }
}

void Checker::declare_aliases() {
  schema.index_names();
  schema.index_cells();
  std::vector<AliasPlace> places;
  std::vector<std::optional<Cell>> literally;
  for (const Ast& ast : asts) {
    for (const AliasDecl& decl : ast.aliases) {
      if (!alias_index.try_emplace(decl.name.text, static_cast<std::uint32_t>(places.size())).second) {
        error(at(ast, decl.name.span), "already-declared",
              "the alias " + quoted(decl.name.text) + " is declared already");
        continue;
      }
      places.push_back({&ast, &decl});
      const Result<ScopeRequest> scope = parse_scope(schema, decl.name.text);
      literally.push_back(scope ? std::optional<Cell>(scope->cell) : std::nullopt);
    }
  }
  for (const AliasPlace& place : places) {
    schema.aliases.push_back({std::string(place.decl->name.text), place.decl->ceiling, {}});
    check_alias_name(*this, place, schema.aliases.back());
  }
  schema.index_names();
  for (const std::uint32_t index : AliasOrder(*this, places).run()) {
    const AliasPlace& place = places[index];
    std::vector<Cell> cells;
    for (std::uint32_t p = 0; p < place.decl->patterns.count; ++p) {
      expand(*place.ast, place.ast->patterns[place.decl->patterns.first + p], cells);
    }
    reduce(cells);
    for (Cell& cell : cells)
      cell.id = schema.arena.copy(cell.id);
    if (literally[index] && (cells.size() != 1 || compare(cells.front(), *literally[index]) != 0)) {
      error(at(*place.ast, place.decl->name.span), "alias-clash",
            quoted(place.decl->name.text) + " is a scope already, and this is something else",
            "choose another name, or let it cover just that scope");
    }
    schema.aliases[index].cells = std::move(cells);
  }
}

}  // namespace writ::policy
