#include "src/policy/print_expression.h"

#include <algorithm>

#include "src/base/civil_time.h"
#include "src/base/number.h"
#include "src/policy/fold.h"
#include "src/policy/literal.h"

namespace writ::policy {
namespace {

// How tightly an expression holds together; an operand that holds less tightly than its place demands stands in
// parentheses.
enum Level : int { kWhole, kQuantifier, kOrLevel, kAndLevel, kNotLevel, kComparison, kSum, kProduct, kUnary, kPrimary };

Level level_of(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kAny:
    case ExprKind::kAll:
    case ExprKind::kAbove:
      return kQuantifier;
    case ExprKind::kOr:
      return kOrLevel;
    case ExprKind::kAnd:
      return kAndLevel;
    case ExprKind::kNot:
      return kNotLevel;
    case ExprKind::kEqual:
    case ExprKind::kNotEqual:
    case ExprKind::kLess:
    case ExprKind::kLessEqual:
    case ExprKind::kGreater:
    case ExprKind::kGreaterEqual:
    case ExprKind::kIn:
    case ExprKind::kHas:
    case ExprKind::kLike:
    case ExprKind::kContains:
    case ExprKind::kCovers:
    case ExprKind::kRange:
      return kComparison;
    case ExprKind::kAdd:
    case ExprKind::kSubtract:
      return kSum;
    case ExprKind::kMultiply:
      return kProduct;
    case ExprKind::kNegate:
      return kUnary;
    case ExprKind::kInt:
    case ExprKind::kDecimal:
    case ExprKind::kDuration:
      return expr.number < 0 ? kUnary : kPrimary;
    default:
      return kPrimary;
  }
}

std::string_view sign_of(ExprKind kind) {
  switch (kind) {
    case ExprKind::kOr:
      return "or ";
    case ExprKind::kAnd:
      return "and ";
    case ExprKind::kEqual:
      return " == ";
    case ExprKind::kNotEqual:
      return " != ";
    case ExprKind::kLess:
      return " < ";
    case ExprKind::kLessEqual:
      return " <= ";
    case ExprKind::kGreater:
      return " > ";
    case ExprKind::kGreaterEqual:
      return " >= ";
    case ExprKind::kIn:
      return " in ";
    case ExprKind::kContains:
      return " contains ";
    case ExprKind::kCovers:
      return " covers ";
    case ExprKind::kAdd:
      return " + ";
    case ExprKind::kSubtract:
      return " - ";
    case ExprKind::kMultiply:
      return " * ";
    case ExprKind::kRange:
      return "..";
    default:
      return "";
  }
}

// Whether it begins with a digit.
bool is_number(ExprKind kind) {
  return kind == ExprKind::kInt || kind == ExprKind::kDecimal || kind == ExprKind::kDuration ||
         kind == ExprKind::kTime || kind == ExprKind::kClock;
}

// Prints one expression. No deeper than the parser lets a tree be, so that it may recurse.
class ExpressionPrinter {
 public:
  ExpressionPrinter(const Ast& ast, std::string& out) : ast_(ast), out_(out) {}

  void whole(ExprId id) {
    const Expr& expr = ast_.expr(id);
    switch (expr.kind) {
      case ExprKind::kBool:
        out_ += expr.number != 0 ? "true" : "false";
        break;
      case ExprKind::kInt:
      case ExprKind::kDecimal:
      case ExprKind::kTime:
      case ExprKind::kDuration:
      case ExprKind::kClock:
        literal(expr);
        break;
      case ExprKind::kString:
        out_ += quote_text(expr.text);
        break;
      case ExprKind::kEntity:
        out_.append(expr.text).append(":");
        out_ += expr.quoted ? quote_text(expr.text2) : std::string(expr.text2);
        break;
      case ExprKind::kName:
        out_ += expr.text;
        break;
      default:
        compound(expr);
    }
  }

 private:
  void compound(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kField:
        object(ast_.kid(expr, 0));
        out_.append(".").append(expr.text);
        break;
      case ExprKind::kHas:
        operand(ast_.kid(expr, 0), kSum);
        out_.append(" has ").append(expr.text);
        break;
      case ExprKind::kLike:
        operand(ast_.kid(expr, 0), kSum);
        out_.append(" like ").append(quote_text(expr.text));
        break;
      case ExprKind::kCall:
        out_.append(expr.text).append("(");
        list(expr);
        out_ += ")";
        break;
      case ExprKind::kSet:
        out_ += "[";
        list(expr);
        out_ += "]";
        break;
      case ExprKind::kRecord:
        record(expr);
        break;
      case ExprKind::kNot:
        out_ += "not ";
        operand(ast_.kid(expr, 0), kNotLevel);
        break;
      case ExprKind::kNegate:
        negate(ast_.kid(expr, 0));
        break;
      case ExprKind::kAny:
      case ExprKind::kAll:
        out_.append(expr.kind == ExprKind::kAny ? "any " : "all ").append(expr.text).append(" in ");
        collection(ast_.kid(expr, 0));
        out_ += ":";
        out_ += operator_break(depth_);
        ++depth_;
        whole(ast_.kid(expr, 1));
        --depth_;
        break;
      case ExprKind::kAbove:
        out_.append(expr.text).append(" above ");
        operand(ast_.kid(expr, 0), kSum);
        break;
      default:
        operators(expr);
    }
  }

  // Operands with a sign between them; of sums and products the right one holds more tightly than the left.
  void operators(const Expr& expr) {
    const Level level = level_of(expr);
    const bool many = expr.kind == ExprKind::kAnd || expr.kind == ExprKind::kOr;
    const int depth = depth_++;
    for (std::uint32_t i = 0; i < expr.kids.count; ++i) {
      const ExprId kid = ast_.kid(expr, i);
      if (i > 0 && many) out_ += operator_break(depth);
      if (i > 0) out_ += sign_of(expr.kind);
      if (expr.kind == ExprKind::kRange) {
        end_of_range(kid);
      } else if (expr.kind == ExprKind::kIn && i == 1 && ast_.expr(kid).kind == ExprKind::kRange) {
        whole(kid);
      } else if (i == 0 && is_lone_action(kid) && !names_actions(ast_.kid(expr, 1))) {
        parentheses(kid);
      } else {
        operand(kid, level == kComparison || many || i > 0 ? static_cast<Level>(level + 1) : level);
      }
    }
    --depth_;
  }

  // `action ==` is followed by the name of an action; what else it is compared with needs `(action)`.
  bool is_lone_action(ExprId id) const {
    const Expr& expr = ast_.expr(id);
    return expr.kind == ExprKind::kName && expr.text == "action" && expr.parenthesised;
  }

  bool names_actions(ExprId id) const {
    const Expr& expr = ast_.expr(id);
    if (expr.kind == ExprKind::kName) return true;
    if (expr.kind != ExprKind::kSet) return false;
    for (std::uint32_t i = 0; i < expr.kids.count; ++i) {
      if (ast_.expr(ast_.kid(expr, i)).kind != ExprKind::kName) return false;
    }
    return true;
  }

  void operand(ExprId id, Level least) {
    const Expr& expr = ast_.expr(id);
    const Level level = level_of(expr);
    // What the author has put in parentheses inside an expression stays there, unless it is one thing anyway.
    if (level < least || (expr.parenthesised && level < kUnary)) return parentheses(id);
    whole(id);
  }

  void collection(ExprId id) {
    if (ast_.expr(id).kind == ExprKind::kAbove) return whole(id);
    operand(id, kSum);
  }

  // Before a dot: a bare id would take the dot along, and a minus before it the number.
  void object(ExprId id) {
    const Expr& expr = ast_.expr(id);
    if ((expr.kind == ExprKind::kEntity && !expr.quoted) || is_number(expr.kind)) return parentheses(id);
    operand(id, kPrimary);
  }

  void end_of_range(ExprId id) {
    const Expr& expr = ast_.expr(id);
    if (expr.kind == ExprKind::kEntity && !expr.quoted) return parentheses(id);
    operand(id, kSum);
  }

  // A minus before a literal would become part of it.
  void negate(ExprId id) {
    out_ += "-";
    if (is_number(ast_.expr(id).kind)) return parentheses(id);
    operand(id, kUnary);
  }

  void parentheses(ExprId id) {
    out_ += "(";
    whole(id);
    out_ += ")";
  }

  void list(const Expr& expr) {
    const std::string separator{',', comma_break(depth_++)};
    print_list(expr.kids, separator, out_, [&](std::uint32_t i) { whole(ast_.kids[i]); });
    --depth_;
  }

  void record(const Expr& expr) {
    if (expr.kids.count == 0) {
      out_ += "{}";
      return;
    }
    out_ += "{ ";
    const std::string separator{',', comma_break(depth_++)};
    print_list(expr.kids, separator, out_, [&](std::uint32_t i) {
      out_.append(ast_.names[expr.names_first + i - expr.kids.first].text).append(": ");
      whole(ast_.kids[i]);
    });
    --depth_;
    out_ += " }";
  }

  // As the author wrote it: 90m stays 90m, and a time keeps its offset.
  void literal(const Expr& expr) {
    const std::string_view written = ast_.source->at(expr.text_span);
    const bool plain = std::all_of(written.begin(), written.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
             c == ':' || c == '.';
    });
    if (plain && !written.empty()) {
      out_ += written;
    } else if (expr.kind == ExprKind::kInt) {
      out_ += std::to_string(expr.number);
    } else if (expr.kind == ExprKind::kDecimal) {
      out_ += format_decimal(expr.number);
    } else if (expr.kind == ExprKind::kTime) {
      out_ += format_rfc3339(expr.number);
    } else if (expr.kind == ExprKind::kDuration) {
      out_ += format_duration(expr.number);
    } else {
      out_ += format_clock(expr.number);
    }
  }

  const Ast& ast_;
  std::string& out_;
  int depth_ = 0;  // of what may be broken
};

void print_names(const Ast& ast, Range names, bool braces, std::string& out) {
  if (braces) out += "{";
  print_list(names, ",", out, [&](std::uint32_t i) { print_name(ast.names[i], out); });
  if (braces) out += "}";
}

}  // namespace

void print_expression(const Ast& ast, ExprId id, std::string& out) {
  ExpressionPrinter(ast, out).whole(id);
}

void print_name(const Name& name, std::string& out) {
  if (name.quoted()) {
    out += quote_text(name.text);
  } else {
    out += name.text;
  }
}

void print_type(const Ast& ast, TypeExprId id, std::string& out, int depth) {
  const TypeExpr& type = ast.types[id];
  const std::string comma{',', comma_break(depth)};
  switch (type.kind) {
    case TypeExprKind::kNamed:
    case TypeExprKind::kUnion:
      print_list(type.names, " or ", out, [&](std::uint32_t i) { out += ast.names[i].text; });
      break;
    case TypeExprKind::kSet:
      out += "set of ";
      print_type(ast, type.inner, out, depth);
      break;
    case TypeExprKind::kRecord:
      out += type.fields.count == 0 ? "{" : "{ ";
      print_list(type.fields, comma, out, [&](std::uint32_t i) { print_field(ast, ast.fields[i], out, depth + 1); });
      out += type.fields.count == 0 ? "}" : " }";
      break;
  }
  if (type.optional) out += "?";
}

void print_field(const Ast& ast, const Field& field, std::string& out, int depth) {
  out.append(field.name.text).append(": ");
  print_type(ast, field.type, out, depth);
}

void print_pattern(const Ast& ast, const Pattern& pattern, std::string& out) {
  if (pattern.everything) {
    out += "*";
    return;
  }
  if (pattern.alias) return print_name(pattern.id, out);
  const auto actions = [&] {
    pattern.any_action ? void(out += "*") : print_names(ast, pattern.actions, pattern.action_braces, out);
  };
  if (!pattern.dotted) {
    actions();
    out += ":";
  }
  pattern.any_type ? void(out += "*") : print_names(ast, pattern.types, pattern.type_braces, out);
  if (pattern.id_kind != IdKind::kNone) out += "_";
  if (pattern.id_kind == IdKind::kExact || pattern.id_kind == IdKind::kPrefix) print_name(pattern.id, out);
  if (pattern.id_kind == IdKind::kAll || pattern.id_kind == IdKind::kPrefix) out += "*";
  if (pattern.dotted) {
    out += ".";
    actions();
  }
}

void print_clause(const Clause& clause, std::string& out) {
  switch (clause.kind) {
    case ClauseKind::kFor:
      out.append("for ").append(clause.text.text);
      break;
    case ClauseKind::kOnce:
      out += "once";
      break;
    case ClauseKind::kAudience:
      out += "audience ";
      print_name(clause.text, out);
      break;
    case ClauseKind::kProof:
      out.append("proof ").append(clause.text.text);
      break;
    case ClauseKind::kNotify:
      out += "notify ";
      print_name(clause.text, out);
      break;
  }
}

}  // namespace writ::policy
