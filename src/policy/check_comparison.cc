// == != < <= > >= in like contains covers.
#include <algorithm>

#include "src/base/ip.h"
#include "src/policy/checker.h"
#include "src/policy/node_shape.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMostGlobBytes = 1'024;

bool is_number(DatumKind kind) {
  return kind == DatumKind::kInt || kind == DatumKind::kDecimal || kind == DatumKind::kTime ||
         kind == DatumKind::kDuration;
}

std::string_view spell(ExprKind kind) {
  switch (kind) {
    case ExprKind::kEqual:
      return "==";
    case ExprKind::kNotEqual:
      return "!=";
    case ExprKind::kLess:
      return "<";
    case ExprKind::kLessEqual:
      return "<=";
    case ExprKind::kGreater:
      return ">";
    case ExprKind::kGreaterEqual:
      return ">=";
    case ExprKind::kIn:
      return "in";
    case ExprKind::kContains:
      return "contains";
    case ExprKind::kCovers:
      return "covers";
    default:
      return "";
  }
}

class Comparison {
 public:
  Comparison(Checker& checker, Typing& typing, ExprId id)
      : checker_(checker), pool_(checker.pool), typing_(typing), ast_(*typing.ast), id_(id), expr_(ast_.expr(id)) {}

  NodeId run() {
    if (checker_.is_clock_call(typing_, left_expr())) return checker_.clock_test(typing_, id_);
    if (is_action(left_expr())) return action_test();
    if (expr_.kind == ExprKind::kLike) return like();
    if (expr_.kind == ExprKind::kIn && ast_.expr(right_expr()).kind == ExprKind::kRange) return range();
    left_ = checker_.value(typing_, left_expr());
    right_ = checker_.value(typing_, right_expr());
    if (left_ == kNoNode || right_ == kNoNode) return kNoNode;
    switch (expr_.kind) {
      case ExprKind::kEqual:
        return checker_.equality(typing_, id_, left_, right_);
      case ExprKind::kNotEqual: {
        const NodeId equal = checker_.equality(typing_, id_, left_, right_);
        return equal == kNoNode ? kNoNode : pool_.negation(equal, where());
      }
      case ExprKind::kLess:
        return ordered(Op::kLess, false);
      case ExprKind::kLessEqual:
        return ordered(Op::kLessEqual, false);
      case ExprKind::kGreater:
        return ordered(Op::kLess, true);
      case ExprKind::kGreaterEqual:
        return ordered(Op::kLessEqual, true);
      default:
        break;
    }
    if (checker_.refuse_moving(ast_, left_, left_span()) || checker_.refuse_moving(ast_, right_, right_span())) {
      return kNoNode;
    }
    if (expr_.kind == ExprKind::kContains) return contains();
    if (expr_.kind == ExprKind::kCovers) return covers();
    return in();
  }

 private:
  ExprId left_expr() const { return ast_.kid(expr_, 0); }
  ExprId right_expr() const { return ast_.kid(expr_, 1); }
  Span left_span() const { return ast_.expr(left_expr()).span; }
  Span right_span() const { return ast_.expr(right_expr()).span; }
  Location where() const { return Checker::at(ast_, expr_.span); }
  const ValueType& type(NodeId node) const { return checker_.value_type(checker_.type_of(node)); }
  DatumKind kind(NodeId node) const { return type(node).kind; }
  DatumKind inner_kind(NodeId node) const { return checker_.value_type(type(node).inner).kind; }
  bool is_set(NodeId node) const { return kind(node) == DatumKind::kSet; }
  bool is_empty_set(NodeId node) const {
    return pool_.is_constant(node) && is_set(node) && pool_.datum(node).count == 0;
  }

  NodeId fail(std::string_view name, std::string message, std::string help = {}) {
    checker_.error(where(), name, std::move(message), std::move(help));
    return kNoNode;
  }
  NodeId mismatch(const std::string& what, std::string help = {}) {
    return fail("type-mismatch",
                "`" + std::string(spell(expr_.kind)) + "` " + what + ": " + Checker::quoted(ast_, left_span()) +
                    " is " + checker_.schema.spell(checker_.type_of(left_)) + ", " +
                    Checker::quoted(ast_, right_span()) + " is " + checker_.schema.spell(checker_.type_of(right_)),
                std::move(help));
  }
  NodeId binary(Op op, NodeId left, NodeId right) {
    Node node;
    node.op = op;
    node.where = where();
    return pool_.make(node, {left, right});
  }
  bool coerce_to(NodeId& node, ValueTypeId to, Span span, bool& reported) {
    const NodeId fitting = checker_.coerce(ast_, node, to, span, reported);
    if (fitting != kNoNode) node = fitting;
    return fitting != kNoNode;
  }

  // ---- action

  bool is_action(ExprId expr) const {
    const Expr& e = ast_.expr(expr);
    return e.kind == ExprKind::kName && e.text == "action" && !typing_.constant;
  }

  NodeId action_test() {
    std::vector<ActionId> actions;
    bool known = true;
    if (expr_.kind == ExprKind::kLike) {  // its glob is no operand
      bad_action();
      return kNoNode;
    }
    const Expr& right = ast_.expr(right_expr());
    if (expr_.kind == ExprKind::kEqual || expr_.kind == ExprKind::kNotEqual) {
      known = right.kind == ExprKind::kName ? read_action(right, false, actions) : bad_action();
    } else if (expr_.kind == ExprKind::kIn && right.kind == ExprKind::kSet) {
      for (std::uint32_t i = 0; i < right.kids.count; ++i) {
        const Expr& item = ast_.expr(ast_.kid(right, i));
        known &= item.kind == ExprKind::kName ? read_action(item, true, actions) : bad_action();
      }
    } else if (expr_.kind == ExprKind::kIn && right.kind == ExprKind::kName) {
      known = read_action(right, true, actions);
    } else {
      known = bad_action();
    }
    if (!known) return kNoNode;
    std::sort(actions.begin(), actions.end());
    actions.erase(std::unique(actions.begin(), actions.end()), actions.end());
    const NodeId test = action_node(actions);
    return expr_.kind == ExprKind::kNotEqual ? pool_.negation(test, where()) : test;
  }

  bool bad_action() {
    fail("action-place", "`action` is compared with names of actions",
         "write `action == read` or `action in [read, write]`");
    return false;
  }

  bool read_action(const Expr& name, bool groups, std::vector<ActionId>& actions) {
    if (const auto action = checker_.actions.find(name.text); action != checker_.actions.end()) {
      actions.push_back(action->second);
      return true;
    }
    if (const auto group = checker_.group_index.find(name.text); group != checker_.group_index.end()) {
      if (!groups) {
        fail("action-place", Checker::quoted(name.text) + " is a group of actions", "write `action in`");
        return false;
      }
      // A group may hold other actions in other types.
      typing_.by_type = true;
      for (const auto& [member_type, action] : checker_.groups[group->second].members) {
        if (typing_.resource == kNoId || member_type == typing_.resource) actions.push_back(action);
      }
      return true;
    }
    std::vector<std::string_view> known;
    for (const auto& [action, index] : checker_.actions)
      known.push_back(action);
    for (const auto& [group, index] : checker_.group_index)
      known.push_back(group);
    checker_.error(Checker::at(ast_, name.span), "unknown-action", "there is no action " + Checker::quoted(name.text),
                   checker_.did_you_mean_of(name.text, std::move(known)));
    return false;
  }

  // Actions that the type does not have are left out, so that the test is plain false where none is left.
  NodeId action_node(std::vector<ActionId>& actions) {
    if (typing_.resource != kNoId) {
      typing_.by_type = true;
      const Schema& schema = checker_.schema;
      const TypeId type = typing_.resource;
      const EntityType& of = schema.types[type];
      std::erase_if(actions, [&](ActionId action) {
        return !schema.acts_on_resource(action, type) && !schema.acts_on_type(action, type);
      });
      if (actions.size() == of.resource_actions.size() + of.type_actions.size()) return pool_.truth(true, where());
      note_reach(actions);
    }
    if (actions.empty()) return pool_.truth(false, where());
    std::vector<Slot> slots;
    slots.reserve(actions.size());
    for (const ActionId action : actions)
      slots.push_back({action, 0});
    Node node;
    node.op = Op::kActionIn;
    node.where = where();
    return pool_.make(node, {}, slots);
  }

  // `allow read:invoice_* if action == write`.
  void note_reach(const std::vector<ActionId>& actions) {
    if (typing_.cells.empty() || actions.empty() || typing_.define_depth > 0) return;
    const auto reached = [&](const Cell& cell) {
      return cell.type == typing_.resource && std::binary_search(actions.begin(), actions.end(), cell.action);
    };
    if (std::any_of(typing_.cells.begin(), typing_.cells.end(), reached)) return;
    checker_.note_impossible(typing_, id_, "the pattern does not reach this action");
  }

  // ---- order, ranges, globs

  NodeId ordered(Op op, bool exchanged) {
    if (!checker_.unify(typing_, id_, left_, right_)) return kNoNode;
    if (!is_number(kind(left_))) return mismatch("compares numbers, times and durations");
    return exchanged ? checker_.order(op, right_, left_, where()) : checker_.order(op, left_, right_, where());
  }

  NodeId range() {
    const Expr& bounds = ast_.expr(right_expr());
    left_ = checker_.value(typing_, left_expr());
    NodeId low = checker_.value(typing_, ast_.kid(bounds, 0));
    NodeId high = checker_.value(typing_, ast_.kid(bounds, 1));
    if (left_ == kNoNode || low == kNoNode || high == kNoNode) return kNoNode;
    NodeId left_for_high = left_;
    right_ = low;
    if (!checker_.unify(typing_, id_, left_, low) || !checker_.unify(typing_, id_, left_for_high, high)) return kNoNode;
    if (!is_number(kind(left_)) || !is_number(kind(left_for_high))) {
      return mismatch("takes a range of numbers, times or durations");
    }
    if (pool_.is_constant(low) && pool_.is_constant(high) && pool_.datum(low).number > pool_.datum(high).number) {
      checker_.error(Checker::at(ast_, bounds.span), "empty-range", "nothing lies in this range",
                     "the lower bound comes first");
      return kNoNode;
    }
    const NodeId both[] = {checker_.order(Op::kLessEqual, low, left_, where()),
                           checker_.order(Op::kLessEqual, left_for_high, high, where())};
    return pool_.junction(Op::kAnd, both, where());
  }

  NodeId like() {
    left_ = checker_.value(typing_, left_expr());
    if (left_ == kNoNode) return kNoNode;
    if (kind(left_) != DatumKind::kString) {
      const bool entity = kind(left_) == DatumKind::kEntity;
      return fail("type-mismatch",
                  "`like` takes a string, and " + Checker::quoted(ast_, left_span()) + " is " +
                      checker_.schema.spell(checker_.type_of(left_)),
                  entity ? "write " + Checker::quoted(std::string(ast_.source->at(left_span())) + ".id") : "");
    }
    if (!check_glob()) return kNoNode;
    Node node;
    node.op = Op::kLike;
    node.index = pool_.glob(checker_.keep(ast_, expr_.text));
    node.where = where();
    return pool_.make(node, {left_});
  }

  bool check_glob() {
    const std::string_view glob = expr_.text;
    if (glob.size() > kMostGlobBytes) {
      checker_.error(Checker::at(ast_, expr_.text_span), "bad-glob", "a glob has at most 1,024 bytes");
      return false;
    }
    for (std::size_t i = 0; i < glob.size(); ++i) {
      const char next = i + 1 < glob.size() ? glob[i + 1] : '\0';
      const bool escape = glob[i] == '\\' && (next == '*' || next == '{' || next == '}' || next == '\\');
      if (escape || (glob[i] == '{' && next == '}')) {
        ++i;
      } else if (glob[i] == '\\' || glob[i] == '{' || glob[i] == '}') {
        checker_.error(
            Checker::at(ast_, expr_.text_span), "bad-glob",
            std::string("`") + glob[i] + "` cannot stand alone in a glob",
            "`*` is any run, `{}` one run without `/`; before each of `* { } \\` a backslash makes it plain");
        return false;
      }
    }
    return true;
  }

  // ---- in, contains, covers

  NodeId in() {
    bool reported = false;
    const DatumKind right = kind(right_);
    if (right == DatumKind::kEntity && kind(left_) == DatumKind::kEntity) return in_entity();
    if (right == DatumKind::kSet) {
      if (kind(left_) == DatumKind::kEntity && (inner_kind(right_) == DatumKind::kEntity || is_empty_set(right_))) {
        return in_entities();
      }
      if (inner_kind(right_) == DatumKind::kIp ||
          (kind(left_) == DatumKind::kIp && inner_kind(right_) == DatumKind::kString)) {
        return in_networks();
      }
      if (kind(left_) == DatumKind::kSet) return mismatch("asks for one value", "write `covers` for all of a set");
      return member(left_, right_, left_span());
    }
    const bool ips = kind(left_) == DatumKind::kIp || right == DatumKind::kIp;
    if (ips && coerce_to(left_, checker_.ip_type, left_span(), reported) &&
        coerce_to(right_, checker_.ip_type, right_span(), reported)) {
      return in_network(left_, right_);
    }
    return reported
               ? kNoNode
               : mismatch("asks whether an entity is in another, a value in a set or a range, an address in a network");
  }

  NodeId in_entity() {
    const ValueTypeId left = checker_.type_of(left_), right = checker_.type_of(right_);
    if (pool_.is_constant(left_) && pool_.is_constant(right_) && left_ == right_) return pool_.truth(true, where());
    const bool possible = checker_.may_be(left, right) || checker_.may_reach(left, right);
    if (!possible) {
      checker_.note_impossible(typing_, id_,
                               "no " + checker_.schema.spell(left) + " is ever in a " + checker_.schema.spell(right));
    }
    if (!possible && always_known(left_) && always_known(right_)) return pool_.truth(false, where());
    const NodeId node = binary(Op::kInEntity, left_, right_);
    if (!possible) pool_.mark_never_true(node);
    return node;
  }

  NodeId in_entities() {
    if (is_empty_set(right_)) {
      right_ = checker_.set_of({}, checker_.set_type(checker_.type_of(left_)), pool_.at(right_).where);
    }
    const ValueTypeId left = checker_.type_of(left_), right = type(right_).inner;
    const bool possible = checker_.may_be(left, right) || checker_.may_reach(left, right);
    const NodeId node = binary(Op::kInEntities, left_, right_);
    if (!possible || is_empty_set(right_)) pool_.mark_never_true(node);
    return node;
  }

  NodeId in_network(NodeId address, NodeId network) {
    if (pool_.is_constant(address) && pool_.is_constant(network)) {
      return pool_.truth(writ::contains(*pool_.datum(network).address, *pool_.datum(address).address), where());
    }
    return binary(Op::kInNetwork, address, network);
  }

  // An address is in a set of networks if it is in one of them.
  NodeId in_networks() {
    bool reported = false;
    if (!coerce_to(left_, checker_.ip_type, left_span(), reported) ||
        !coerce_to(right_, checker_.set_type(checker_.ip_type), right_span(), reported)) {
      return reported ? kNoNode : mismatch("compares values of one type");
    }
    const NodeId node = binary(Op::kInNetwork, left_, right_);
    if (is_empty_set(right_)) pool_.mark_never_true(node);
    return node;
  }

  // `x in S`, and `S contains x`.
  NodeId member(NodeId item, NodeId set, Span item_span) {
    bool reported = false;
    const Span set_span = item == left_ ? right_span() : left_span();
    const ValueTypeId inner = type(set).inner;
    if (kind(item) == DatumKind::kEntity && inner_kind(set) == DatumKind::kEntity) {
      const NodeId node = binary(Op::kMember, item, set);
      if (!checker_.may_be(checker_.type_of(item), inner)) pool_.mark_never_true(node);
      return node;
    }
    if (!coerce_to(item, inner, item_span, reported) &&
        (reported || !coerce_to(set, checker_.set_type(checker_.type_of(item)), set_span, reported))) {
      return reported ? kNoNode : mismatch("compares values of one type");
    }
    if (pool_.is_constant(item) && pool_.is_constant(set))
      return pool_.truth(holds(pool_.datum(set), pool_.datum(item)), where());
    const NodeId node = binary(Op::kMember, item, set);
    if (is_empty_set(set)) pool_.mark_never_true(node);
    return node;
  }

  static bool holds(const Datum& set, const Datum& item) {
    return std::any_of(set.items, set.items + set.count, [&](const Datum& one) { return compare(one, item) == 0; });
  }

  NodeId contains() {
    if (!is_set(left_)) {
      return mismatch("takes a set on its left",
                      kind(left_) == DatumKind::kString ? "write `like \"*...*\"` for a part of a string" : "");
    }
    if (is_set(right_)) return mismatch("asks for one value", "write `covers` for all of a set");
    return member(right_, left_, right_span());
  }

  bool may_be_scopes(NodeId node) const {
    return kind(node) == DatumKind::kScope || (is_set(node) && inner_kind(node) == DatumKind::kScope);
  }
  bool to_scopes(NodeId& node, Span span, bool& reported) {
    if (may_be_scopes(node)) return true;
    return coerce_to(node, is_set(node) ? checker_.set_type(checker_.scope_type) : checker_.scope_type, span, reported);
  }

  NodeId covers() {
    bool reported = false;
    if (may_be_scopes(left_) || may_be_scopes(right_)) {
      if (!to_scopes(left_, left_span(), reported) || !to_scopes(right_, right_span(), reported)) {
        return reported ? kNoNode : mismatch("compares scopes with scopes");
      }
      return binary(Op::kCoversScope, left_, right_);
    }
    if (!is_set(left_) || !is_set(right_)) {
      return mismatch("asks whether a scope covers another, or a set has all of another");
    }
    const bool entities = inner_kind(left_) == DatumKind::kEntity && inner_kind(right_) == DatumKind::kEntity;
    if (!entities && !checker_.unify(typing_, id_, left_, right_)) return kNoNode;
    return binary(Op::kCoversSet, left_, right_);
  }

  bool always_known(NodeId node) const {
    const Op op = pool_.at(node).op;
    return op == Op::kConstant || op == Op::kUser || op == Op::kAgent || op == Op::kResource || op == Op::kVariable;
  }

  Checker& checker_;
  NodePool& pool_;
  Typing& typing_;
  const Ast& ast_;
  ExprId id_;
  const Expr& expr_;
  NodeId left_ = kNoNode;
  NodeId right_ = kNoNode;
};

}  // namespace

NodeId Checker::comparison(Typing& typing, ExprId expr) {
  return Comparison(*this, typing, expr).run();
}

bool Checker::unify(Typing& typing, ExprId expr, NodeId& left, NodeId& right) {
  const ValueTypeId left_type = type_of(left), right_type = type_of(right);
  if (left_type == right_type) return true;
  if (value_type(left_type).kind == DatumKind::kEntity && value_type(right_type).kind == DatumKind::kEntity)
    return true;
  const Ast& ast = *typing.ast;
  const Expr& e = ast.expr(expr);
  const Span left_span = ast.expr(ast.kid(e, 0)).span, right_span = ast.expr(ast.kid(e, 1)).span;
  bool reported = false;
  if (const NodeId fitting = coerce(ast, right, left_type, right_span, reported); fitting != kNoNode) {
    right = fitting;
    return true;
  }
  if (reported) return false;
  if (const NodeId fitting = coerce(ast, left, right_type, left_span, reported); fitting != kNoNode) {
    left = fitting;
    return true;
  }
  if (!reported) {
    error(at(ast, e.span), "type-mismatch",
          "values of different types are compared: " + quoted(ast, left_span) + " is " + schema.spell(left_type) +
              ", " + quoted(ast, right_span) + " is " + schema.spell(right_type));
  }
  return false;
}

NodeId Checker::equality(Typing& typing, ExprId expr, NodeId left, NodeId right) {
  if (!unify(typing, expr, left, right)) return kNoNode;
  const Ast& ast = *typing.ast;
  const Location where = at(ast, ast.expr(expr).span);
  const bool entities = value_type(type_of(left)).kind == DatumKind::kEntity;
  const bool possible = !entities || may_be(type_of(left), type_of(right));
  if (pool.is_constant(left) && pool.is_constant(right)) {
    return pool.truth(compare(pool.datum(left), pool.datum(right)) == 0, where);
  }
  // One order for both ways of writing it: constants last, what stands alone before them.
  const auto rank = [&](NodeId node) { return pool.is_constant(node) ? 2 : (pool.at(node).kids.count == 0 ? 1 : 0); };
  if (rank(left) > rank(right) || (rank(left) == rank(right) && left > right)) std::swap(left, right);
  if (type_of(left) == bool_type && pool.is_constant(right)) {
    const NodeId condition = as_condition(ast, left, where.span);
    return pool.datum(right).number != 0 ? condition : pool.negation(condition, where);
  }
  const auto always_known = [&](NodeId node) {
    const Op op = pool.at(node).op;
    return op == Op::kConstant || op == Op::kUser || op == Op::kAgent || op == Op::kResource || op == Op::kVariable;
  };
  if (!possible) {
    note_impossible(typing, expr, "no " + schema.spell(type_of(left)) + " is ever a " + schema.spell(type_of(right)));
  }
  if (!possible && always_known(left) && always_known(right)) return pool.truth(false, where);
  Node node;
  node.op = Op::kEqual;
  node.slope = static_cast<std::int8_t>(pool.at(left).slope - pool.at(right).slope);
  node.where = where;
  const NodeId made = pool.make(node, {left, right});
  if (!possible) pool.mark_never_true(made);
  return made;
}

NodeId Checker::order(Op op, NodeId left, NodeId right, Location where) {
  if (pool.is_constant(left) && pool.is_constant(right)) {
    const std::int64_t a = pool.datum(left).number, b = pool.datum(right).number;
    return pool.truth(op == Op::kLess ? a < b : a <= b, where);
  }
  Node node;
  node.op = op;
  node.slope = static_cast<std::int8_t>(pool.at(left).slope - pool.at(right).slope);
  node.where = where;
  return pool.make(node, {left, right});
}

bool Checker::may_be(ValueTypeId from, ValueTypeId to) const {
  const auto& a = value_type(from).entities;
  const auto& b = value_type(to).entities;
  return std::any_of(a.begin(), a.end(), [&](TypeId type) { return std::binary_search(b.begin(), b.end(), type); });
}

bool Checker::may_reach(ValueTypeId from, ValueTypeId to) const {
  for (const TypeId below : value_type(from).entities) {
    for (const TypeId above_it : value_type(to).entities) {
      if (schema.types[below].can_reach(above_it)) return true;
    }
  }
  return false;
}

bool Checker::refuse_moving(const Ast& ast, NodeId node, Span span) {
  if (pool.at(node).slope == 0) return false;
  error(at(ast, span), "moving-time", quoted(ast, span) + " moves with time, and this place needs a value that stays",
        "`time` is added, subtracted and compared with `<`, `==` and the like, or in a range");
  return true;
}

}  // namespace writ::policy
