// + - * and what time does to them: a value that contains `time` moves, and how fast is known.
#include <cstdlib>

#include "src/base/number.h"
#include "src/policy/checker.h"

namespace writ::policy {
namespace {

// A comparison's slope is a difference of two and must fit, too.
constexpr int kMostSlope = 60;

class Arithmetic {
 public:
  Arithmetic(Checker& checker, Typing& typing, ExprId id)
      : checker_(checker), pool_(checker.pool), typing_(typing), ast_(*typing.ast), expr_(ast_.expr(id)) {}

  NodeId run() {
    left_ = checker_.value(typing_, ast_.kid(expr_, 0));
    if (expr_.kind == ExprKind::kNegate) return left_ == kNoNode ? kNoNode : negate();
    right_ = checker_.value(typing_, ast_.kid(expr_, 1));
    if (left_ == kNoNode || right_ == kNoNode) return kNoNode;
    return expr_.kind == ExprKind::kMultiply ? multiply() : add();
  }

 private:
  Location where() const { return Checker::at(ast_, expr_.span); }
  Span span(std::uint32_t n) const { return ast_.expr(ast_.kid(expr_, n)).span; }
  DatumKind kind(NodeId node) const { return checker_.value_type(checker_.type_of(node)).kind; }
  int slope(NodeId node) const { return pool_.at(node).slope; }

  NodeId fail(std::string_view name, std::string message, std::string help = {}) {
    checker_.error(where(), name, std::move(message), std::move(help));
    return kNoNode;
  }
  NodeId mismatch(std::string_view what, std::string help = {}) {
    return fail("type-mismatch",
                std::string(what) + ": " + Checker::quoted(ast_, span(0)) + " is " +
                    checker_.schema.spell(checker_.type_of(left_)) + ", " + Checker::quoted(ast_, span(1)) + " is " +
                    checker_.schema.spell(checker_.type_of(right_)),
                std::move(help));
  }

  NodeId fold(std::int64_t result, bool overflow, DatumKind result_kind, ValueTypeId type) {
    if (overflow) return fail("number-too-large", "the result is too large");
    return pool_.constant(number_datum(result_kind, result), type, where());
  }

  NodeId make(Op op, ValueTypeId type, int result_slope) {
    if (std::abs(result_slope) > kMostSlope) return fail("time-product", "`time` is added up too often");
    Node node;
    node.op = op;
    node.type = type;
    node.slope = static_cast<std::int8_t>(result_slope);
    node.where = where();
    return right_ == kNoNode ? pool_.make(node, {left_}) : pool_.make(node, {left_, right_});
  }

  NodeId negate() {
    const DatumKind of = kind(left_);
    if (of != DatumKind::kInt && of != DatumKind::kDecimal && of != DatumKind::kDuration) {
      return fail("type-mismatch", Checker::quoted(ast_, span(0)) + " is " +
                                       checker_.schema.spell(checker_.type_of(left_)) + ", which has no negative");
    }
    const ValueTypeId type = checker_.type_of(left_);
    if (pool_.is_constant(left_)) {
      std::int64_t result = 0;
      const bool overflow = __builtin_sub_overflow(std::int64_t{0}, pool_.datum(left_).number, &result);
      return fold(result, overflow, of, type);
    }
    return make(Op::kNegate, type, -slope(left_));
  }

  // An int literal beside a decimal is one.
  bool even_out() {
    bool reported = false;
    if (kind(left_) == DatumKind::kInt && kind(right_) == DatumKind::kDecimal && pool_.is_constant(left_)) {
      left_ = checker_.coerce(ast_, left_, checker_.decimal_type, span(0), reported);
    } else if (kind(left_) == DatumKind::kDecimal && kind(right_) == DatumKind::kInt && pool_.is_constant(right_)) {
      right_ = checker_.coerce(ast_, right_, checker_.decimal_type, span(1), reported);
    }
    return !reported;
  }

  // kNoValueType where the two do not add.
  ValueTypeId sum_type(bool minus) const {
    const DatumKind a = kind(left_), b = kind(right_);
    if (a == b) {
      switch (a) {
        case DatumKind::kInt:
        case DatumKind::kDecimal:
        case DatumKind::kDuration:
          return checker_.type_of(left_);
        case DatumKind::kTime:
          return minus ? checker_.duration_type : kNoValueType;
        default:
          return kNoValueType;
      }
    }
    if (a == DatumKind::kTime && b == DatumKind::kDuration) return checker_.time_type;
    return a == DatumKind::kDuration && b == DatumKind::kTime && !minus ? checker_.time_type : kNoValueType;
  }

  NodeId add() {
    const bool minus = expr_.kind == ExprKind::kSubtract;
    if (!even_out()) return kNoNode;
    const ValueTypeId type = sum_type(minus);
    if (type == kNoValueType) return mismatch(minus ? "these do not subtract" : "these do not add");
    if (pool_.is_constant(left_) && pool_.is_constant(right_)) {
      const std::int64_t a = pool_.datum(left_).number, b = pool_.datum(right_).number;
      std::int64_t result = 0;
      const bool overflow = minus ? __builtin_sub_overflow(a, b, &result) : __builtin_add_overflow(a, b, &result);
      return fold(result, overflow, checker_.value_type(type).kind, type);
    }
    return make(minus ? Op::kSubtract : Op::kAdd, type,
                minus ? slope(left_) - slope(right_) : slope(left_) + slope(right_));
  }

  NodeId multiply() {
    const DatumKind a = kind(left_), b = kind(right_);
    const bool left_scales =
        b == DatumKind::kInt && (a == DatumKind::kInt || a == DatumKind::kDecimal || a == DatumKind::kDuration);
    const bool right_scales = a == DatumKind::kInt && (b == DatumKind::kDecimal || b == DatumKind::kDuration);
    if (!left_scales && !right_scales) {
      const bool decimals = a == DatumKind::kDecimal && b == DatumKind::kDecimal;
      return mismatch("these do not multiply",
                      decimals ? "a decimal is multiplied by an int only, so that it stays exact" : "");
    }
    if (slope(left_) != 0 || slope(right_) != 0) {
      return fail("time-product", "what contains `time` is not multiplied",
                  "compare it without a factor, so that it is known until when the answer holds");
    }
    const ValueTypeId type = checker_.type_of(left_scales ? left_ : right_);
    if (pool_.is_constant(left_) && pool_.is_constant(right_)) {
      std::int64_t result = 0;
      const bool overflow = __builtin_mul_overflow(pool_.datum(left_).number, pool_.datum(right_).number, &result);
      return fold(result, overflow, checker_.value_type(type).kind, type);
    }
    return make(Op::kMultiply, type, 0);
  }

  Checker& checker_;
  NodePool& pool_;
  Typing& typing_;
  const Ast& ast_;
  const Expr& expr_;
  NodeId left_ = kNoNode;
  NodeId right_ = kNoNode;
};

}  // namespace

NodeId Checker::arithmetic(Typing& typing, ExprId expr) {
  return Arithmetic(*this, typing, expr).run();
}

}  // namespace writ::policy
