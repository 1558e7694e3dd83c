// to, via and trust -> principals.
#include <algorithm>

#include "src/policy/checker.h"

namespace writ::policy {
namespace {

// Whether the person named can be one at all: a user or an agent, or something they may be in.
bool right_kind(Checker& checker, const Ast& ast, const Who& who, TypeId type, bool agents) {
  const Schema& schema = checker.schema;
  const TypeId own = agents ? schema.agent : schema.user;
  if (type == own || schema.types[own].can_reach(type)) return true;
  const Location where = Checker::at(ast, who.span);
  const std::string name = Checker::quoted(schema.types[type].name);
  if (type == schema.agent) {
    checker.error(where, "wrong-principal", "`to` names users, and this is an agent",
                  "name agents after `via`, or in `trust`");
  } else if (type == schema.user) {
    checker.error(where, "wrong-principal", "only agents stand here, and this is a user", "name users after `to`");
  } else {
    checker.error(where, "wrong-principal", std::string(agents ? "no agent" : "no user") + " can be in " + name,
                  "declare `entity " + schema.types[own].name + " in " + schema.types[type].name + "` if it can");
  }
  return false;
}

}  // namespace

void Checker::people(const Ast& ast, Range whos, bool agents, Range& out) {
  out.first = static_cast<std::uint32_t>(typed.principals.size());
  bool everybody = false;
  for (std::uint32_t i = 0; i < whos.count; ++i) {
    const Who& who = ast.whos[whos.first + i];
    Principal principal;
    principal.any = who.any;
    principal.last = who.last;
    if (who.any) {
      if (who.type.text != (agents ? "agent" : "user")) {
        error(at(ast, who.span), "wrong-principal", agents ? "only agents stand here" : "`to` names users",
              agents ? "write `any agent`" : "write `any user`, or name agents after `via`");
        continue;
      }
      everybody |= !agents;
    } else {
      const TypeId type = find_type(ast, who.type);
      if (type == kNoId || !right_kind(*this, ast, who, type, agents) || !check_id(ast, type, who.id)) continue;
      principal.entity = entity_datum(type, keep(ast, who.id.text));
    }
    const auto same = [&](const Principal& other) {
      return other.any == principal.any && other.last == principal.last &&
             (other.any || same_entity(other.entity, principal.entity));
    };
    if (std::none_of(typed.principals.begin() + out.first, typed.principals.end(), same)) {
      typed.principals.push_back(principal);
    }
  }
  // `to any user` says what leaving out `to` says.
  if (everybody) typed.principals.resize(out.first);
  out.count = static_cast<std::uint32_t>(typed.principals.size()) - out.first;
}

}  // namespace writ::policy
