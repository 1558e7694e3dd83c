// Literals of sets and records -> nodes. Every function gives kNoNode after an error it reported.
#include <algorithm>

#include "src/policy/checker.h"

namespace writ::policy {

NodeId Checker::set(Typing& typing, ExprId id) {
  const Ast& ast = *typing.ast;
  const Expr& expr = ast.expr(id);
  std::vector<NodeId> items;
  ValueTypeId type = kNoValueType;
  bool failed = false;
  for (std::uint32_t i = 0; i < expr.kids.count; ++i) {
    const ExprId kid = ast.kid(expr, i);
    const NodeId item = value(typing, kid);
    if (item == kNoNode || refuse_moving(ast, item, ast.expr(kid).span)) {
      failed = true;
      continue;
    }
    const ValueTypeId own = type_of(item);
    if (value_type(own).kind == DatumKind::kSet) {
      failed = true;
      error(at(ast, ast.expr(kid).span), "set-of-sets", "a set holds no sets");
      continue;
    }
    const ValueTypeId joined = items.empty() ? own : join(type, own);
    if (joined == kNoValueType) {
      failed = true;
      error(at(ast, ast.expr(kid).span), "type-mismatch",
            "a set holds values of one type: this is " + schema.spell(own) + ", and what stands before it " +
                schema.spell(type));
      continue;
    }
    type = joined;
    items.push_back(item);
  }
  if (failed) return kNoNode;
  if (items.empty()) return set_of(items, set_type(bool_type), at(ast, expr.span));
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    items[i] = expect_type(ast, items[i], type, ast.expr(ast.kid(expr, i)).span);
    failed |= items[i] == kNoNode;
  }
  return failed ? kNoNode : set_of(items, set_type(type), at(ast, expr.span));
}

NodeId Checker::record(Typing& typing, ExprId id) {
  const Ast& ast = *typing.ast;
  const Expr& expr = ast.expr(id);
  struct Part {
    std::string_view name;
    NodeId node;
  };
  std::vector<Part> parts;
  bool failed = false;
  for (std::uint32_t i = 0; i < expr.kids.count; ++i) {
    const Name& name = ast.names[expr.names_first + i];
    const ExprId kid = ast.kid(expr, i);
    const NodeId node = value(typing, kid);
    failed |= node == kNoNode || refuse_moving(ast, node, ast.expr(kid).span);
    const auto same = [&](const Part& part) { return part.name == name.text; };
    if (std::any_of(parts.begin(), parts.end(), same)) {
      failed = true;
      error(at(ast, name.span), "already-declared", quoted(name.text) + " is given already");
    }
    parts.push_back({name.text, node});
  }
  if (failed) return kNoNode;
  // The fields of a literal stand by name, so that two literals of the same fields are of one type.
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.name < b.name; });
  ValueType type;
  type.kind = DatumKind::kRecord;
  std::vector<NodeId> nodes;
  for (const Part& part : parts) {
    type.fields.push_back({std::string(part.name), type_of(part.node), false});
    nodes.push_back(part.node);
  }
  return record_of(nodes, schema.intern(type), at(ast, expr.span));
}

}  // namespace writ::policy
