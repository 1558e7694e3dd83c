// A policy as the reference sees it: the declarations of several Asts by name, and their statements in canonical order.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/policy/ast.h"
#include "tests/reference/value.h"

namespace writ::reference {

// Where an expression, a type or a statement stands: indices are those of its own file.
template <class T>
struct In {
  const policy::Ast* ast = nullptr;
  T it{};
};

// An attribute of an entity type, or a context key.
struct Declared {
  In<policy::TypeExprId> type;
  bool optional = false;
  bool absent_none = false;
  std::optional<Value> fallback;
};

struct EntityType {
  bool single = false;
  bool closed = false;
  std::set<std::string> ids;      // closed: all there are
  std::set<std::string> parents;  // types
  std::map<std::string, Declared> attributes;
};

struct Policy {
  explicit Policy(const std::vector<const policy::Ast*>& files);

  std::map<std::string, EntityType> types;
  std::map<std::string, std::set<std::string>> resource_actions;                // by type
  std::map<std::string, std::set<std::string>> type_actions;                    // by type
  std::map<std::string, std::set<std::pair<std::string, std::string>>> groups;  // of actions: each with its type
  std::map<std::string, Declared> context;
  std::map<std::string, In<const policy::DefineDecl*>> defines;
  std::map<std::string, In<const policy::AliasDecl*>> aliases;
  std::vector<In<const policy::Rule*>> rules;  // by name of their file, then place

  bool has_action(const std::string& action) const;
  // Whether one of the other type can stand above an entity of the type.
  bool can_be_above(const std::string& other, const std::string& type) const;

  // The cells that a pattern of a rule or an alias stands for.
  std::set<Cell> cells(In<const policy::Pattern*> pattern) const;
  std::set<Cell> cells_of_alias(const std::string& name) const;

 private:
  void declare(const policy::Ast& ast, const policy::EntityDecl& entity);
  void declare(const policy::Ast& ast, const policy::ActionsDecl& actions);
  void declare_context(const policy::Ast& ast);
};

// A value that is written in the policy without looking at anything.
Value constant(In<policy::ExprId> expr);
// A value put where one of `type` is expected: a whole number may stand for a decimal, a text for an address or a
// scope.
Value fit(const Policy& policy, Value value, In<policy::TypeExprId> type);

// A scope as it is asked for. Throws NotUnderstood.
std::set<Cell> read_asked(const Policy& policy, const std::string& text);
// A scope as it stands in permissions and policy texts: as asked for, or a pattern without braces.
std::set<Cell> read_permission(const Policy& policy, const std::string& text);
// An action and a resource asked for as a pair.
Cell asked_cell(const Policy& policy, const std::string& action, const std::string& type, const std::string& id);
bool is_id(const std::string& id);

// `@id`, or file and line.
std::string id_of(const In<const policy::Rule*>& rule);
// What a deny or a require says; empty for others.
std::string_view text_of(const In<const policy::Rule*>& rule);

}  // namespace writ::reference
