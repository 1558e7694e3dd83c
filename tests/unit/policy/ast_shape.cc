#include "tests/unit/policy/ast_shape.h"

#include <array>

namespace writ::policy {
namespace {

constexpr std::array<const char*, 35> kKinds = {"bool",   "int",  "decimal", "string", "time", "duration", "clock",
                                                "entity", "name", "field",   "has",    "call", "set",      "record",
                                                "range",  "not",  "and",     "or",     "==",   "!=",       "<",
                                                "<=",     ">",    ">=",      "in",     "like", "contains", "covers",
                                                "+",      "-",    "*",       "negate", "any",  "all",      "above"};

class Shape {
 public:
  explicit Shape(const Ast& ast) : ast_(ast) {}

  std::string out;

  void name(const Name& name) {
    if (!name.text.empty() || name.quoted())
      out.append(name.quoted() ? "\"" : "").append(name.text).append(name.quoted() ? "\"" : "");
    out += ' ';
  }

  void names(Range range) {
    out += "<";
    for (std::uint32_t i = 0; i < range.count; ++i)
      name(ast_.names.at(range.first + i));
    out += ">";
  }

  void expr(ExprId id) {
    if (id == kNoExpr) {
      out += "-";
      return;
    }
    const Expr& expr = ast_.exprs.at(id);
    out.append("(").append(kKinds.at(static_cast<std::size_t>(expr.kind)));
    out.append(" ").append(expr.text).append("/").append(expr.text2).append(expr.quoted ? "q" : "");
    out.append(" ").append(std::to_string(expr.number));
    for (std::uint32_t i = 0; i < expr.kids.count; ++i) {
      out += " ";
      if (expr.kind == ExprKind::kRecord) name(ast_.names.at(expr.names_first + i));
      this->expr(ast_.kids.at(expr.kids.first + i));
    }
    out += ")";
  }

  void type(TypeExprId id) {
    const TypeExpr& type = ast_.types.at(id);
    out.append("(").append(std::to_string(static_cast<int>(type.kind))).append(type.optional ? "?" : "");
    names(type.names);
    if (type.inner != kNoType) this->type(type.inner);
    fields(type.fields);
    out += ")";
  }

  void fields(Range range) {
    out += "{";
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Field& field = ast_.fields.at(range.first + i);
      name(field.name);
      type(field.type);
      expr(field.fallback);
      flag(field.absent_none);
    }
    out += "}";
  }

  void flag(bool value) { out += value ? '1' : '0'; }

  void pattern(const Pattern& pattern) {
    out += "[";
    for (const bool value : {pattern.alias, pattern.everything, pattern.any_action, pattern.any_type, pattern.dotted,
                             pattern.action_braces, pattern.type_braces}) {
      flag(value);
    }
    out += std::to_string(static_cast<int>(pattern.id_kind));
    names(pattern.actions);
    names(pattern.types);
    name(pattern.id);
    out += "]";
  }

  void patterns(Range range) {
    for (std::uint32_t i = 0; i < range.count; ++i)
      pattern(ast_.patterns.at(range.first + i));
  }

  void whos(Range range) {
    out += "w";
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Who& who = ast_.whos.at(range.first + i);
      flag(who.any);
      flag(who.last);
      name(who.type);
      name(who.id);
    }
  }

  void clauses(Range range) {
    out += "c";
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Clause& clause = ast_.clauses.at(range.first + i);
      out += std::to_string(static_cast<int>(clause.kind)) + " " + std::to_string(clause.duration) + " ";
      name(clause.text);
    }
  }

  void test_line(const TestLine& line) {
    out += "\n  " + std::to_string(static_cast<int>(line.kind)) + " " + std::to_string(line.time) + " ";
    if (line.kind == TestLineKind::kContext) expr(line.context);
    if (line.kind == TestLineKind::kEntity) {
      const TestEntity& entity = ast_.test_entities.at(line.index);
      name(entity.type);
      name(entity.id);
      whos(entity.parents);
      expr(entity.attributes);
    }
    if (line.kind == TestLineKind::kExpectation) {
      const Expectation& expected = ast_.expectations.at(line.index);
      out += std::to_string(static_cast<int>(expected.verdict));
      pattern(expected.scope);
      name(expected.user_type);
      name(expected.user);
      whos(expected.agents);
      clauses(expected.clauses);
      names(expected.because);
      names(expected.ask);
    }
  }

  void rule(const Rule& rule) {
    out += std::to_string(static_cast<int>(rule.kind)) + " ";
    name(ast_.id_of(rule));
    patterns(rule.patterns);
    whos(rule.to);
    whos(rule.via);
    expr(rule.requirement);
    expr(rule.condition);
    clauses(rule.clauses);
    name(ast_.text_of(rule));
  }

  void item(const Item& item) {
    out += std::to_string(static_cast<int>(item.kind)) + ": ";
    switch (item.kind) {
      case ItemKind::kEntity: {
        const EntityDecl& entity = ast_.entities.at(item.index);
        name(entity.name);
        for (const bool value : {entity.single, entity.closed, entity.has_braces})
          flag(value);
        names(entity.ids);
        names(entity.parents);
        return fields(entity.attributes);
      }
      case ItemKind::kActions: {
        const ActionsDecl& actions = ast_.actions.at(item.index);
        name(actions.group);
        names(actions.actions);
        flag(actions.for_type);
        return names(actions.types);
      }
      case ItemKind::kContext:
        return fields(ast_.contexts.at(item.index).keys);
      case ItemKind::kDefine: {
        const DefineDecl& define = ast_.defines.at(item.index);
        name(define.name);
        fields(define.parameters);
        return expr(define.body);
      }
      case ItemKind::kAlias: {
        const AliasDecl& alias = ast_.aliases.at(item.index);
        name(alias.name);
        flag(alias.ceiling);
        return patterns(alias.patterns);
      }
      case ItemKind::kRule:
        return rule(ast_.rules.at(item.index));
      case ItemKind::kTest: {
        const TestBlock& test = ast_.tests.at(item.index);
        name(test.title);
        for (std::uint32_t i = 0; i < test.lines.count; ++i)
          test_line(ast_.test_lines.at(test.lines.first + i));
      }
    }
  }

 private:
  const Ast& ast_;
};

}  // namespace

std::string shape_of(const Ast& ast) {
  Shape shape(ast);
  for (const Item& item : ast.items) {
    shape.item(item);
    shape.out += "\n";
  }
  return shape.out;
}

std::string shape_of(const Ast& ast, ExprId id) {
  Shape shape(ast);
  shape.expr(id);
  return shape.out;
}

}  // namespace writ::policy
