// Ast as JSON and as its outline: every statement in source order, expressions as s-expressions.
#include "src/json/outline.h"
#include "src/json/writer.h"
#include "src/policy/ast.h"
#include "src/policy/literal.h"

namespace writ::policy {
namespace {

constexpr const char* kExprs[] = {"bool",   "int",  "decimal", "string", "time", "duration", "clock",
                                  "entity", "name", "field",   "has",    "call", "set",      "record",
                                  "range",  "not",  "and",     "or",     "==",   "!=",       "<",
                                  "<=",     ">",    ">=",      "in",     "like", "contains", "covers",
                                  "+",      "-",    "*",       "negate", "any",  "all",      "above"};
constexpr const char* kRules[] = {"allow", "trust", "deny", "require", "limit"};
constexpr const char* kClauses[] = {"for", "once", "audience", "proof", "notify"};

class AstDumper {
 public:
  AstDumper(const Ast& ast, std::string& out) : ast_(ast), out_(out) {}

  void run() {
    out_.begin_object().member("file", std::string_view(ast_.source->name())).key("statements").begin_array();
    for (const Item& item : ast_.items) {
      out_.begin_object().member("line", static_cast<std::int64_t>(ast_.source->position(item.span.begin).line));
      this->item(item);
      out_.end_object();
    }
    out_.end_array().end_object();
  }

 private:
  void item(const Item& item) {
    switch (item.kind) {
      case ItemKind::kEntity:
        entity(ast_.entities[item.index]);
        break;
      case ItemKind::kActions:
        actions(ast_.actions[item.index]);
        break;
      case ItemKind::kContext:
        fields("context", ast_.contexts[item.index].keys);
        break;
      case ItemKind::kDefine: {
        const DefineDecl& define = ast_.defines[item.index];
        out_.member("define", define.name.text);
        fields("parameters", define.parameters);
        expression("body", define.body);
        break;
      }
      case ItemKind::kAlias: {
        const AliasDecl& alias = ast_.aliases[item.index];
        out_.member("alias", alias.name.text).member("ceiling", alias.ceiling);
        patterns(alias.patterns);
        break;
      }
      case ItemKind::kRule:
        rule(ast_.rules[item.index]);
        break;
      case ItemKind::kTest: {
        const TestBlock& test = ast_.tests[item.index];
        out_.member("test", test.title.text).key("lines").begin_array();
        for (std::uint32_t i = 0; i < test.lines.count; ++i) {
          out_.string(ast_.source->at(ast_.test_lines[test.lines.first + i].span));
        }
        out_.end_array();
        break;
      }
    }
  }

  void names(const char* key, Range range) {
    if (range.count == 0) return;
    out_.key(key).begin_array();
    for (std::uint32_t i = 0; i < range.count; ++i)
      out_.string(ast_.names[range.first + i].text);
    out_.end_array();
  }

  void entity(const EntityDecl& entity) {
    out_.member("entity", entity.name.text).member("single", entity.single).member("closed", entity.closed);
    names("ids", entity.ids);
    names("in", entity.parents);
    fields("attributes", entity.attributes);
  }

  void actions(const ActionsDecl& actions) {
    if (actions.group.given()) out_.member("group", actions.group.text);
    names("actions", actions.actions);
    out_.member("for_type", actions.for_type);
    names("types", actions.types);
  }

  void fields(const char* key, Range range) {
    if (range.count == 0) return;
    out_.key(key).begin_array();
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Field& field = ast_.fields[range.first + i];
      std::string text = std::string(field.name.text) + ": " + type(field.type);
      if (field.absent_none) text += " absent none";
      if (field.fallback != kNoExpr) text += " = " + this->text(field.fallback);
      out_.string(text);
    }
    out_.end_array();
  }

  std::string type(TypeExprId id) const {
    if (id == kNoType) return "?";
    const TypeExpr& type = ast_.types[id];
    std::string text;
    switch (type.kind) {
      case TypeExprKind::kNamed:
      case TypeExprKind::kUnion:
        for (std::uint32_t i = 0; i < type.names.count; ++i) {
          text += (i == 0 ? "" : " or ") + std::string(ast_.names[type.names.first + i].text);
        }
        break;
      case TypeExprKind::kSet:
        text = "set of " + this->type(type.inner);
        break;
      case TypeExprKind::kRecord:
        for (std::uint32_t i = 0; i < type.fields.count; ++i) {
          const Field& field = ast_.fields[type.fields.first + i];
          text += (i == 0 ? "{" : ", ") + std::string(field.name.text) + ": " + this->type(field.type);
        }
        text += "}";
        break;
    }
    return type.optional ? text + "?" : text;
  }

  void patterns(Range range) {
    out_.key("patterns").begin_array();
    for (std::uint32_t i = 0; i < range.count; ++i)
      out_.string(ast_.source->at(ast_.patterns[range.first + i].span));
    out_.end_array();
  }

  void people(const char* key, Range range) {
    if (range.count == 0) return;
    out_.key(key).begin_array();
    for (std::uint32_t i = 0; i < range.count; ++i)
      out_.string(ast_.source->at(ast_.whos[range.first + i].span));
    out_.end_array();
  }

  void rule(const Rule& rule) {
    out_.member("statement", kRules[static_cast<std::size_t>(rule.kind)]);
    if (const Name id = ast_.id_of(rule); id.given()) out_.member("id", id.text);
    expression("requirement", rule.requirement);
    patterns(rule.patterns);
    people("to", rule.to);
    people("via", rule.via);
    expression("condition", rule.condition);
    if (rule.clauses.count > 0) {
      out_.key("clauses").begin_array();
      for (std::uint32_t i = 0; i < rule.clauses.count; ++i) {
        const Clause& clause = ast_.clauses[rule.clauses.first + i];
        std::string text = kClauses[static_cast<std::size_t>(clause.kind)];
        if (clause.kind == ClauseKind::kFor) text += " " + std::to_string(clause.duration);
        if (clause.text.given()) text += " " + std::string(clause.text.text);
        out_.string(text);
      }
      out_.end_array();
    }
    if (const Name text = ast_.text_of(rule); text.given()) out_.member("text", text.text);
  }

  void expression(const char* key, ExprId id) {
    if (id != kNoExpr) out_.member(key, std::string_view(text(id)));
  }

  std::string text(ExprId id) const {
    const Expr& expr = ast_.expr(id);
    std::string out = "(" + std::string(kExprs[static_cast<std::size_t>(expr.kind)]);
    switch (expr.kind) {
      case ExprKind::kBool:
      case ExprKind::kInt:
      case ExprKind::kDecimal:
      case ExprKind::kTime:
      case ExprKind::kDuration:
      case ExprKind::kClock:
        out += " " + std::to_string(expr.number);
        break;
      case ExprKind::kString:
      case ExprKind::kLike:
        out += " " + quote_text(expr.text);
        break;
      case ExprKind::kEntity:
        out += " " + std::string(expr.text) + ":" + (expr.quoted ? quote_text(expr.text2) : std::string(expr.text2));
        break;
      default:
        if (!expr.text.empty()) out += " " + std::string(expr.text);
    }
    for (std::uint32_t i = 0; i < expr.kids.count; ++i) {
      out += " ";
      if (expr.kind == ExprKind::kRecord) out += std::string(ast_.names[expr.names_first + i].text) + "=";
      out += text(ast_.kid(expr, i));
    }
    return out + ")";
  }

  const Ast& ast_;
  json::Writer out_;
};

}  // namespace

std::string dump_json(const Ast& ast) {
  std::string text;
  AstDumper(ast, text).run();
  return text;
}

std::string dump_text(const Ast& ast) {
  return json::outline(dump_json(ast));
}

}  // namespace writ::policy
