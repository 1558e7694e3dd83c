// Types as written -> value types.
#include <algorithm>

#include "src/policy/checker.h"

namespace writ::policy {
namespace {

constexpr std::uint32_t kMostTypeDepth = 8;  // sets and records in one another; constants of a program go no deeper

struct Plain {
  std::string_view name;
  DatumKind kind;
};
constexpr Plain kPlain[] = {
    {"bool", DatumKind::kBool},     {"int", DatumKind::kInt},     {"decimal", DatumKind::kDecimal},
    {"string", DatumKind::kString}, {"time", DatumKind::kTime},   {"duration", DatumKind::kDuration},
    {"ip", DatumKind::kIp},         {"scope", DatumKind::kScope},
};

class Resolver {
 public:
  Resolver(Checker& checker, const Ast& ast) : checker_(checker), ast_(ast) {}

  ValueTypeId resolve(TypeExprId id, std::uint32_t depth) {
    const TypeExpr& type = ast_.types[id];
    if (depth > kMostTypeDepth) {
      checker_.error(Checker::at(ast_, type.span), "too-deep", "sets and records nest to a depth of 8");
      return kNoValueType;
    }
    switch (type.kind) {
      case TypeExprKind::kNamed:
        return named(ast_.names[type.names.first]);
      case TypeExprKind::kUnion:
        return union_of(type);
      case TypeExprKind::kSet:
        return set_of(type, depth);
      case TypeExprKind::kRecord:
        return record(type, depth);
    }
    return kNoValueType;
  }

 private:
  ValueTypeId named(const Name& name) {
    if (const auto entity = checker_.types.find(name.text); entity != checker_.types.end()) {
      return checker_.entity_type(entity->second);
    }
    for (const Plain& plain : kPlain) {
      if (plain.name != name.text) continue;
      ValueType type;
      type.kind = plain.kind;
      return checker_.schema.intern(type);
    }
    std::vector<std::string_view> known;
    for (const Plain& plain : kPlain)
      known.push_back(plain.name);
    for (const auto& [entity, id] : checker_.types)
      known.push_back(entity);
    checker_.error(Checker::at(ast_, name.span), "unknown-type", "there is no type " + Checker::quoted(name.text),
                   checker_.did_you_mean_of(name.text, std::move(known)));
    return kNoValueType;
  }

  ValueTypeId union_of(const TypeExpr& type) {
    std::vector<TypeId> entities;
    bool fits = true;
    for (std::uint32_t i = 0; i < type.names.count; ++i) {
      const Name& name = ast_.names[type.names.first + i];
      const ValueTypeId one = named(name);
      if (one == kNoValueType) {
        fits = false;
      } else if (checker_.value_type(one).kind != DatumKind::kEntity) {
        checker_.error(Checker::at(ast_, name.span), "union-of-values",
                       Checker::quoted(name.text) + " is no entity type", "`or` stands between entity types only");
        fits = false;
      } else {
        entities.push_back(checker_.value_type(one).entities.front());
      }
    }
    if (!fits) return kNoValueType;
    std::sort(entities.begin(), entities.end());
    entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
    return checker_.entity_type(std::move(entities));
  }

  ValueTypeId set_of(const TypeExpr& type, std::uint32_t depth) {
    if (ast_.types[type.inner].kind == TypeExprKind::kSet) {
      checker_.error(Checker::at(ast_, ast_.types[type.inner].span), "set-of-sets", "a set holds no sets",
                     "make it a set of records that have the inner set as a field");
      return kNoValueType;
    }
    const ValueTypeId inner = resolve(type.inner, depth + 1);
    return inner == kNoValueType ? kNoValueType : checker_.set_type(inner);
  }

  ValueTypeId record(const TypeExpr& type, std::uint32_t depth) {
    ValueType made;
    made.kind = DatumKind::kRecord;
    bool fits = true;
    std::unordered_set<std::string_view> seen;
    for (std::uint32_t i = 0; i < type.fields.count; ++i) {
      const Field& field = ast_.fields[type.fields.first + i];
      if (!seen.insert(field.name.text).second) {
        checker_.error(Checker::at(ast_, field.name.span), "already-declared",
                       Checker::quoted(field.name.text) + " is declared already");
        fits = false;
      }
      if (field.fallback != kNoExpr) {
        checker_.error(Checker::at(ast_, ast_.expr(field.fallback).span), "optional-default",
                       "a field of a record has no default", "make it optional with `?`");
        fits = false;
      }
      const ValueTypeId inner = resolve(field.type, depth + 1);
      fits &= inner != kNoValueType;
      made.fields.push_back({std::string(field.name.text), inner, ast_.types[field.type].optional});
    }
    return fits ? checker_.schema.intern(made) : kNoValueType;
  }

  Checker& checker_;
  const Ast& ast_;
};

}  // namespace

ValueTypeId Checker::resolve_type(const Ast& ast, TypeExprId type) {
  return Resolver(*this, ast).resolve(type, 0);
}

}  // namespace writ::policy
