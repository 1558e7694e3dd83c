// any x in S: C, all x in S: C, and T above e.
#include <algorithm>

#include "src/policy/checker.h"
#include "src/policy/program.h"

namespace writ::policy {
namespace {

// Whether the variable may have this name; an error if not.
bool free_name(Checker& checker, const Typing& typing, const Expr& expr) {
  const Location where = Checker::at(*typing.ast, expr.text_span);
  const auto bound = [&](const Bound& other) { return other.name == expr.text; };
  const bool taken =
      checker.symbols.contains(expr.text) ||
      std::any_of(typing.bound.begin() + static_cast<std::ptrdiff_t>(typing.frame), typing.bound.end(), bound);
  if (!taken) return true;
  checker.error(where, "name-clash", Checker::quoted(expr.text) + " has a meaning here already",
                "types, context keys, defines, parameters and variables share one space of names");
  return false;
}

}  // namespace

NodeId Checker::quantifier(Typing& typing, ExprId id) {
  const Ast& ast = *typing.ast;
  const Expr& expr = ast.expr(id);
  const ExprId set_expr = ast.kid(expr, 0);
  const Location where = at(ast, expr.span);
  const bool name_is_free = free_name(*this, typing, expr);
  const NodeId set = ast.expr(set_expr).kind == ExprKind::kAbove ? above(typing, set_expr) : value(typing, set_expr);
  if (set == kNoNode) return kNoNode;
  const ValueType of = value_type(type_of(set));
  if (of.kind != DatumKind::kSet) {
    error(at(ast, ast.expr(set_expr).span), "type-mismatch",
          quoted(ast, ast.expr(set_expr).span) + " is " + schema.spell(type_of(set)) + ", where a set is expected");
    return kNoNode;
  }
  if (typing.variables >= kMaxVariables) {
    error(typing.define_depth > 0 ? typing.use : where, "too-deep", "`any` and `all` are nested too deeply",
          "with its defines written out a condition nests them to a depth of 64 at most");
    return kNoNode;
  }
  Node variable;
  variable.op = Op::kVariable;
  variable.type = of.inner;
  variable.index = typing.variables;
  variable.where = at(ast, expr.text_span);
  typing.bound.push_back({expr.text, pool.make(variable)});
  typed.variable_count = std::max(typed.variable_count, ++typing.variables);
  const NodeId body = condition(typing, ast.kid(expr, 1));
  --typing.variables;
  typing.bound.pop_back();
  if (body == kNoNode || !name_is_free) return kNoNode;
  const bool all = expr.kind == ExprKind::kAll;
  if (pool.is_constant(set) && pool.datum(set).count == 0) return pool.truth(all, where);
  Node node;
  node.op = all ? Op::kAll : Op::kAny;
  node.index = typing.variables;
  node.where = where;
  return pool.make(node, {set, body});
}

NodeId Checker::above(Typing& typing, ExprId id) {
  const Ast& ast = *typing.ast;
  const Expr& expr = ast.expr(id);
  const TypeId type = find_type(ast, {expr.text, expr.text_span});
  const ExprId entity_expr = ast.kid(expr, 0);
  const NodeId entity = value(typing, entity_expr);
  if (type == kNoId || entity == kNoNode) return kNoNode;
  if (value_type(type_of(entity)).kind != DatumKind::kEntity) {
    error(at(ast, ast.expr(entity_expr).span), "type-mismatch",
          quoted(ast, ast.expr(entity_expr).span) + " is " + schema.spell(type_of(entity)) +
              ", where an entity is expected");
    return kNoNode;
  }
  if (!may_be(type_of(entity), entity_type(type)) && !may_reach(type_of(entity), entity_type(type))) {
    note_impossible(typing, id, "no " + schema.types[type].name + " is ever above " + schema.spell(type_of(entity)));
  } else {
    note_possible(typing, id);
  }
  Node node;
  node.op = Op::kAbove;
  node.type = set_type(entity_type(type));
  node.number = type;
  node.where = at(ast, expr.span);
  return pool.make(node, {entity});
}

}  // namespace writ::policy
