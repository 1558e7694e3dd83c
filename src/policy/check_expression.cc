// Expressions -> nodes: literals, names, paths, and, or, not. Every function gives kNoNode after an error it reported.
#include <algorithm>

#include "src/policy/checker.h"
#include "src/policy/node_shape.h"

namespace writ::policy {
namespace {

constexpr std::uint32_t kMostSteps = 4 * kMaxNodeCost;

// One expression in one typing.
class Expression {
 public:
  Expression(Checker& checker, Typing& typing, ExprId id)
      : checker_(checker), typing_(typing), ast_(*typing.ast), id_(id), expr_(ast_.expr(id)) {}

  NodeId run() {
    switch (expr_.kind) {
      case ExprKind::kBool:
        return checker_.pool.truth(expr_.number != 0, where());
      case ExprKind::kInt:
        return number(DatumKind::kInt, checker_.int_type);
      case ExprKind::kDecimal:
        return number(DatumKind::kDecimal, checker_.decimal_type);
      case ExprKind::kTime:
        return number(DatumKind::kTime, checker_.time_type);
      case ExprKind::kDuration:
        return number(DatumKind::kDuration, checker_.duration_type);
      case ExprKind::kString:
        return checker_.pool.constant(text_datum(checker_.keep(ast_, expr_.text)), checker_.string_type, where());
      case ExprKind::kClock:
        return fail("clock-place", "a time of day stands only beside `clock()`",
                    "write `clock(\"Europe/Paris\") in 08:00..18:00`");
      case ExprKind::kEntity:
        return entity();
      case ExprKind::kName:
        return name();
      case ExprKind::kField:
        return field();
      case ExprKind::kHas:
        return has();
      case ExprKind::kCall:
        return call();
      case ExprKind::kSet:
        return checker_.set(typing_, id_);
      case ExprKind::kRecord:
        return checker_.record(typing_, id_);
      case ExprKind::kRange:
        return fail("type-mismatch", "a range stands only after `in`");
      case ExprKind::kNot:
        return negation();
      case ExprKind::kAnd:
      case ExprKind::kOr:
        return junction();
      case ExprKind::kAdd:
      case ExprKind::kSubtract:
      case ExprKind::kMultiply:
      case ExprKind::kNegate:
        return checker_.arithmetic(typing_, id_);
      case ExprKind::kAny:
      case ExprKind::kAll:
        return checker_.quantifier(typing_, id_);
      case ExprKind::kAbove:
        return fail("type-mismatch", "`above` stands only after the `in` of `any` and `all`");
      default:
        return checker_.comparison(typing_, id_);
    }
  }

 private:
  Location where() const { return Checker::at(ast_, expr_.span); }
  Location text_where() const { return Checker::at(ast_, expr_.text_span); }
  NodeId fail(std::string_view name, std::string message, std::string help = {}) {
    checker_.error(where(), name, std::move(message), std::move(help));
    return kNoNode;
  }
  NodeId fail_at(Location place, std::string_view name, std::string message, std::string help = {}) {
    checker_.error(place, name, std::move(message), std::move(help));
    return kNoNode;
  }
  // Where a fault of the statement, not of a define it uses, is to be shown.
  Location fault_place() const { return typing_.define_depth > 0 ? typing_.use : where(); }

  NodeId leaf(Op op, ValueTypeId type, std::uint32_t index = 0, std::int8_t slope = 0) {
    Node node;
    node.op = op;
    node.type = type;
    node.index = index;
    node.slope = slope;
    node.where = where();
    return checker_.pool.make(node);
  }

  NodeId number(DatumKind kind, ValueTypeId type) {
    return checker_.pool.constant(number_datum(kind, expr_.number), type, where());
  }

  NodeId entity() {
    const Name type_name{expr_.text, expr_.text_span};
    const TypeId type = checker_.find_type(ast_, type_name);
    if (type == kNoId) return kNoNode;
    Name id{expr_.text2, expr_.span};
    if (!checker_.check_id(ast_, type, id)) return kNoNode;
    return checker_.pool.constant(entity_datum(type, checker_.keep(ast_, expr_.text2)), checker_.entity_type(type),
                                  where());
  }

  NodeId name() {
    if (typing_.constant) {
      const auto type = checker_.types.find(expr_.text);
      if (type != checker_.types.end() && checker_.schema.types[type->second].single) return type_name(type->second);
      return fail("type-mismatch", Checker::quoted(expr_.text) + " is no constant",
                  "only literals stand here: a text needs quotes, an entity its type, as in `user:alice`");
    }
    for (std::size_t i = typing_.bound.size(); i-- > typing_.frame;) {
      if (typing_.bound[i].name == expr_.text) return typing_.bound[i].node;
    }
    const auto found = checker_.symbols.find(expr_.text);
    if (found == checker_.symbols.end()) return unknown_name();
    switch (found->second.kind) {
      case SymbolKind::kWord:
        return word();
      case SymbolKind::kType:
        return type_name(static_cast<TypeId>(found->second.index));
      case SymbolKind::kContext: {
        const ValueTypeId type = checker_.schema.context[found->second.index].type;
        return type == kNoValueType ? kNoNode : leaf(Op::kContext, type, found->second.index);
      }
      case SymbolKind::kDefine:
        return checker_.use_define(typing_, id_, found->second.index);
    }
    return kNoNode;
  }

  NodeId unknown_name() {
    if (expr_.text == "context") {
      return fail("unknown-name", "context keys are named by themselves", "leave out `context.`");
    }
    std::string help;
    if (checker_.actions.contains(expr_.text) || checker_.group_index.contains(expr_.text)) {
      help = "an action is named after `action ==` or `action in`";
    } else if (expr_.text == "null" || expr_.text == "nil" || expr_.text == "none") {
      help = "whether something is there is asked with `has`: `resource has owner`, `context has ticket`";
    } else {
      std::vector<std::string_view> known;
      for (const auto& [known_name, symbol] : checker_.symbols)
        known.push_back(known_name);
      for (std::size_t i = typing_.frame; i < typing_.bound.size(); ++i)
        known.push_back(typing_.bound[i].name);
      help = checker_.did_you_mean_of(expr_.text, std::move(known));
    }
    return fail("unknown-name", "there is nothing named " + Checker::quoted(expr_.text), std::move(help));
  }

  NodeId word() {
    const Schema& schema = checker_.schema;
    if (expr_.text == "user") return leaf(Op::kUser, checker_.entity_type(schema.user));
    if (expr_.text == "scope") return leaf(Op::kScope, checker_.scope_type);
    if (expr_.text == "time") return leaf(Op::kTime, checker_.time_type, 0, 1);
    if (expr_.text == "agents") return leaf(Op::kAgents, checker_.set_type(checker_.entity_type(schema.agent)));
    if (expr_.text == "agent") return agent();
    if (expr_.text == "resource") return resource();
    return fail("action-place", "`action` is compared with names of actions",
                "write `action == read` or `action in [read, write]`");
  }

  NodeId agent() {
    if (!typing_.agent_allowed) {
      return fail_at(fault_place(), "agent-outside-via", "`agent` means nothing in this statement",
                     "split it: what looks at the agent becomes a statement with `via any agent`, judged for each "
                     "agent in the chain; the rest stays without");
    }
    return leaf(Op::kAgent, checker_.entity_type(checker_.schema.agent));
  }

  NodeId resource() {
    if (typing_.resource == kNoId) return fail_at(fault_place(), "other-types", "there is no resource here");
    typing_.by_type = true;
    return leaf(Op::kResource, checker_.entity_type(typing_.resource));
  }

  // The resource under the name of its type, or the one resource of a single type.
  NodeId type_name(TypeId type) {
    const EntityType& of = checker_.schema.types[type];
    if (of.single) return checker_.pool.constant(entity_datum(type, {}), checker_.entity_type(type), where());
    if (typing_.reached.size() == 1 && typing_.reached.front() == type) return resource();
    const std::string name = Checker::quoted(of.name);
    if (!std::binary_search(typing_.reached.begin(), typing_.reached.end(), type)) {
      return fail_at(fault_place(), "other-types", "this looks at " + name + ", which the pattern does not reach",
                     lies_in(type) ? "what it lies in is gone through by `any x in " + of.name + " above resource: ...`"
                                   : "`resource` is whatever the pattern reaches");
    }
    std::string others;
    std::size_t shown = 0;
    for (const TypeId other : typing_.reached) {
      if (other == type) continue;
      if (++shown > 3) {
        others += " and others";
        break;
      }
      others += (others.empty() ? "" : ", ") + Checker::quoted(checker_.schema.types[other].name);
    }
    return fail_at(fault_place(), "other-types", "this looks at " + name + ", and the pattern also reaches " + others,
                   "write `resource` for whatever it reaches, or narrow the pattern");
  }

  // Whether everything that the pattern reaches may lie in one of that type.
  bool lies_in(TypeId type) const {
    return std::all_of(typing_.reached.begin(), typing_.reached.end(),
                       [&](TypeId reached) { return checker_.schema.types[reached].can_reach(type); });
  }

  bool is_resource(ExprId expr) const {
    const Expr& e = ast_.expr(expr);
    return e.kind == ExprKind::kName && e.text == "resource";
  }

  NodeId field() {
    const ExprId object_expr = ast_.kid(expr_, 0);
    const NodeId object = checker_.value(typing_, object_expr);
    if (object == kNoNode) return kNoNode;
    const ValueTypeId type = checker_.type_of(object);
    switch (checker_.value_type(type).kind) {
      case DatumKind::kEntity:
        return attribute(object, type, object_expr);
      case DatumKind::kRecord:
        return record_field(object, type);
      case DatumKind::kSet:
        return fail_at(text_where(), "unknown-attribute", "a set has no attributes",
                       "look at its elements: `any x in ...: x." + std::string(expr_.text) + " == ...`");
      default:
        return fail_at(text_where(), "unknown-attribute",
                       "a value of type " + checker_.schema.spell(type) + " has no attributes");
    }
  }

  NodeId attribute(NodeId object, ValueTypeId type, ExprId object_expr) {
    if (expr_.text == "id") {
      if (checker_.pool.is_constant(object)) {
        return checker_.pool.constant(text_datum(checker_.pool.datum(object).text()), checker_.string_type, where());
      }
      return unary(Op::kId, object, checker_.string_type);
    }
    std::vector<Slot> slots;
    ValueTypeId result = kNoValueType;
    const std::vector<TypeId> entities = checker_.value_type(type).entities;
    for (const TypeId entity : entities) {
      const EntityType& of = checker_.schema.types[entity];
      const int index = of.attribute(expr_.text);
      if (index < 0) return unknown_attribute(of, entities.size() > 1, object_expr);
      const ValueTypeId own = of.attributes[static_cast<std::size_t>(index)].type;
      if (own == kNoValueType) return kNoNode;  // said where it is declared
      if (result != kNoValueType && own != result) {
        return fail_at(text_where(), "type-mismatch",
                       Checker::quoted(expr_.text) + " is " + checker_.schema.spell(result) + " or " +
                           checker_.schema.spell(own) + ", by the type of the entity");
      }
      result = own;
      slots.push_back({entity, static_cast<std::uint16_t>(index)});
    }
    return unary(Op::kAttribute, object, result, slots);
  }

  NodeId unknown_attribute(const EntityType& of, bool one_of_several, ExprId object_expr) {
    std::vector<std::string_view> known{"id"};
    for (const Attribute& attribute : of.attributes)
      known.push_back(attribute.name);
    std::string help = checker_.did_you_mean_of(expr_.text, std::move(known));
    if (help.empty() && is_resource(object_expr) && checker_.attribute_names.contains(expr_.text)) {
      help = "guard it with `resource has " + std::string(expr_.text) + " and`, or narrow the pattern";
    }
    if (const TypeId above = checker_.schema.find_type(expr_.text); above != kNoId && of.can_reach(above)) {
      help = "what it lies in is gone through by `any x in " + std::string(expr_.text) + " above ...: ...`";
    }
    std::string message = of.name + " has no attribute " + Checker::quoted(expr_.text);
    if (one_of_several) message += ", and this may be one";
    return fail_at(text_where(), "unknown-attribute", std::move(message), std::move(help));
  }

  int field_index(ValueTypeId type) {
    const auto& fields = checker_.value_type(type).fields;
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == expr_.text) return static_cast<int>(i);
      known.push_back(fields[i].name);
    }
    fail_at(text_where(), "unknown-attribute", "the record has no field " + Checker::quoted(expr_.text),
            checker_.did_you_mean_of(expr_.text, std::move(known)));
    return -1;
  }

  NodeId record_field(NodeId object, ValueTypeId type) {
    const int index = field_index(type);
    if (index < 0) return kNoNode;
    return unary(Op::kField, object, checker_.value_type(type).fields[static_cast<std::size_t>(index)].type, {},
                 static_cast<std::uint32_t>(index));
  }

  NodeId unary(Op op, NodeId kid, ValueTypeId type, std::span<const Slot> slots = {}, std::uint32_t index = 0) {
    Node node;
    node.op = op;
    node.type = type;
    node.index = index;
    node.where = where();
    return checker_.pool.make(node, {kid}, slots);
  }

  NodeId has() {
    const ExprId object_expr = ast_.kid(expr_, 0);
    const Expr& object_is = ast_.expr(object_expr);
    if (object_is.kind == ExprKind::kName && object_is.text == "context") return has_context();
    const NodeId object = checker_.value(typing_, object_expr);
    if (object == kNoNode) return kNoNode;
    const ValueTypeId type = checker_.type_of(object);
    if (checker_.value_type(type).kind == DatumKind::kRecord) {
      const int index = field_index(type);
      return index < 0 ? kNoNode : unary(Op::kHasField, object, kNoValueType, {}, static_cast<std::uint32_t>(index));
    }
    if (checker_.value_type(type).kind != DatumKind::kEntity) {
      return fail("type-mismatch",
                  "`has` asks for an attribute of an entity or a field of a record, and " +
                      Checker::quoted(ast_, object_is.span) + " is " + checker_.schema.spell(type),
                  object_is.text == expr_.text ? "did you mean `context has " + std::string(expr_.text) + "`?" : "");
    }
    std::vector<Slot> slots;
    for (const TypeId entity : checker_.value_type(type).entities) {
      const int index = checker_.schema.types[entity].attribute(expr_.text);
      if (index >= 0) slots.push_back({entity, static_cast<std::uint16_t>(index)});
    }
    if (slots.empty()) {
      if (is_resource(object_expr) && checker_.attribute_names.contains(expr_.text)) {
        typing_.by_type = true;
        checker_.note_impossible(typing_, id_,
                                 "nothing that the pattern reaches has an attribute " + Checker::quoted(expr_.text));
        return checker_.pool.truth(false, where());
      }
      return unknown_attribute(checker_.schema.types[checker_.value_type(type).entities.front()], false, object_expr);
    }
    return unary(Op::kHas, object, kNoValueType, slots);
  }

  NodeId has_context() {
    const int index = checker_.schema.find_context(expr_.text);
    if (index < 0) {
      std::vector<std::string_view> known;
      for (const ContextKey& key : checker_.schema.context)
        known.push_back(key.name);
      return fail_at(text_where(), "unknown-name", "there is no context key " + Checker::quoted(expr_.text),
                     checker_.did_you_mean_of(expr_.text, std::move(known)));
    }
    const ContextKey& key = checker_.schema.context[static_cast<std::size_t>(index)];
    if (key.type == kNoValueType) return kNoNode;  // its type was reported where it is declared
    if (!key.optional) {
      return fail_at(
          text_where(), "not-optional", Checker::quoted(key.name) + " is not declared optional",
          "declare it as `" + key.name + ": " + checker_.schema.spell(key.type, true) + " absent means none`");
    }
    if (!key.absent_none) {
      checker_.warning(where(), "optional-context",
                       "this is never false: without `absent means none`, a key that is not sent is unknown",
                       "declare `" + key.name + ": " + checker_.schema.spell(key.type, true) + " absent means none`");
    }
    Node node;
    node.op = Op::kHasContext;
    node.index = static_cast<std::uint32_t>(index);
    node.where = where();
    return checker_.pool.make(node);
  }

  NodeId call() {
    if (checker_.is_clock_call(typing_, id_)) {
      return fail("clock-place", Checker::quoted(std::string(expr_.text) + "()") + " stands only on the left of a test",
                  expr_.text == "weekday" ? "write `weekday() in 1..5`" : "write `clock() in 08:00..18:00`");
    }
    const auto found = checker_.symbols.find(expr_.text);
    if (typing_.constant || found == checker_.symbols.end() || found->second.kind != SymbolKind::kDefine) {
      std::vector<std::string_view> known{"weekday", "clock"};
      for (const Define& define : checker_.defines)
        known.push_back(define.decl->name.text);
      return fail_at(text_where(), "unknown-name", "there is no define " + Checker::quoted(expr_.text),
                     checker_.did_you_mean_of(expr_.text, std::move(known)));
    }
    return checker_.use_define(typing_, id_, found->second.index);
  }

  NodeId negation() {
    const NodeId operand = checker_.condition(typing_, ast_.kid(expr_, 0));
    return operand == kNoNode ? kNoNode : checker_.pool.negation(operand, where());
  }

  // What `resource has x` comes to for a type without x, wherever it stands among the operands.
  std::optional<bool> guard(ExprId id, int defines_left) {
    const Expr& e = ast_.expr(id);
    switch (e.kind) {
      case ExprKind::kHas:
        if (!is_resource(ast_.kid(e, 0)) || typing_.resource == kNoId) return std::nullopt;
        if (checker_.schema.types[typing_.resource].attribute(e.text) >= 0) return std::nullopt;
        return checker_.attribute_names.contains(e.text) ? std::optional<bool>(false) : std::nullopt;
      case ExprKind::kNot: {
        const std::optional<bool> inner = guard(ast_.kid(e, 0), defines_left);
        return inner ? std::optional<bool>(!*inner) : std::nullopt;
      }
      case ExprKind::kAnd:
      case ExprKind::kOr: {
        const bool decides = e.kind == ExprKind::kOr;
        for (std::uint32_t i = 0; i < e.kids.count; ++i) {
          if (guard(ast_.kid(e, i), defines_left) == decides) return decides;
        }
        return std::nullopt;
      }
      case ExprKind::kName:
        return define_guard(e, defines_left);
      default:
        return std::nullopt;
    }
  }

  std::optional<bool> define_guard(const Expr& use, int defines_left) {
    const auto found = checker_.symbols.find(use.text);
    if (defines_left == 0 || found == checker_.symbols.end() || found->second.kind != SymbolKind::kDefine) {
      return std::nullopt;
    }
    const Define& define = checker_.defines[found->second.index];
    const ExprKind kind = define.ast->expr(define.decl->body).kind;
    if (kind != ExprKind::kHas && kind != ExprKind::kNot && kind != ExprKind::kName) return std::nullopt;
    Typing inner;
    inner.ast = define.ast;
    inner.resource = typing_.resource;
    return Expression(checker_, inner, define.decl->body).guard(define.decl->body, defines_left - 1);
  }

  NodeId junction() {
    const Op op = expr_.kind == ExprKind::kAnd ? Op::kAnd : Op::kOr;
    const bool decides = op == Op::kOr;
    if (typing_.resource != kNoId) {
      for (std::uint32_t i = 0; i < expr_.kids.count; ++i) {
        if (guard(ast_.kid(expr_, i), 8) != decides) continue;
        // The other operands may name what this type does not have.
        typing_.by_type = true;
        checker_.condition(typing_, ast_.kid(expr_, i));
        return checker_.pool.truth(decides, where());
      }
    }
    std::vector<NodeId> operands;
    operands.reserve(expr_.kids.count);
    bool failed = false;
    for (std::uint32_t i = 0; i < expr_.kids.count; ++i) {
      operands.push_back(checker_.condition(typing_, ast_.kid(expr_, i)));
      failed |= operands.back() == kNoNode;
    }
    if (failed) return kNoNode;
    const NodeId node = checker_.pool.junction(op, operands, where());
    if (op == Op::kAnd && !checker_.pool.facts(node).never_true && checker_.pool.at(node).op == Op::kAnd &&
        checker_.contradictory(checker_.pool.kids(node))) {
      checker_.pool.mark_never_true(node);
    }
    return node;
  }

  Checker& checker_;
  Typing& typing_;
  const Ast& ast_;
  ExprId id_;
  const Expr& expr_;
};

}  // namespace

NodeId Checker::expression(Typing& typing, ExprId expr) {
  if (++typing.steps > kMostSteps) {
    error(typing.define_depth > 0 ? typing.use : at(*typing.ast, typing.ast->expr(expr).span), "too-large",
          "this condition is too large", "with its defines written out it has more than 65,536 parts");
    return kNoNode;
  }
  const NodeId node = Expression(*this, typing, expr).run();
  if (node == kNoNode) return kNoNode;
  if (pool.facts(node).depth > kMaxConditionDepth) {
    error(typing.define_depth > 0 ? typing.use : at(*typing.ast, typing.ast->expr(expr).span), "too-deep",
          "this condition is nested too deeply", "with its defines written out it nests to a depth of 256 at most");
    return kNoNode;
  }
  return node;
}

ValueTypeId Checker::type_of(NodeId node) const {
  return is_condition(pool.at(node).op) ? bool_type : pool.at(node).type;
}

NodeId Checker::as_value(NodeId node) {
  if (node == kNoNode || !is_condition(pool.at(node).op)) return node;
  const Node condition = pool.at(node);
  if (condition.op == Op::kConst) {
    return pool.constant(number_datum(DatumKind::kBool, condition.number), bool_type, condition.where);
  }
  if (condition.op == Op::kIsTrue) return pool.kid(node, 0);
  Node value;
  value.op = Op::kBoolOf;
  value.type = bool_type;
  value.where = condition.where;
  return pool.make(value, {node});
}

NodeId Checker::as_condition(const Ast& ast, NodeId node, Span span) {
  if (node == kNoNode || is_condition(pool.at(node).op)) return node;
  const Node value = pool.at(node);
  if (value.type != bool_type) {
    error(at(ast, span), "type-mismatch",
          quoted(ast, span) + " is " + schema.spell(value.type) + ", where a condition is expected");
    return kNoNode;
  }
  if (value.op == Op::kConstant) return pool.truth(pool.datum(node).number != 0, value.where);
  if (value.op == Op::kBoolOf) return pool.kid(node, 0);
  Node condition;
  condition.op = Op::kIsTrue;
  condition.where = value.where;
  return pool.make(condition, {node});
}

NodeId Checker::condition(Typing& typing, ExprId expr) {
  const NodeId node = as_condition(*typing.ast, expression(typing, expr), typing.ast->expr(expr).span);
  if (node != kNoNode) note_truth(typing, expr, node);
  return node;
}

NodeId Checker::value(Typing& typing, ExprId expr) {
  return as_value(expression(typing, expr));
}

std::optional<Datum> Checker::constant(const Ast& ast, ExprId expr, ValueTypeId type) {
  if (type == kNoValueType) return std::nullopt;
  Typing typing;
  typing.ast = &ast;
  typing.constant = true;
  const Span span = ast.expr(expr).span;
  NodeId node = value(typing, expr);
  if (node == kNoNode) return std::nullopt;
  node = expect_type(ast, node, type, span);
  if (node == kNoNode) return std::nullopt;
  if (pool.is_constant(node)) return pool.datum(node);
  error(at(ast, span), "type-mismatch", quoted(ast, span) + " is no constant", "only literals stand here");
  return std::nullopt;
}

}  // namespace writ::policy
