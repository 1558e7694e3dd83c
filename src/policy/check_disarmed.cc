// Restrictions that what is left out switches off, and quantifiers that nothing satisfies.
#include <algorithm>

#include "src/policy/checker.h"

namespace writ::policy {
namespace {

enum class Verdict : std::uint8_t { kFalse, kTrue, kUnknown };

Verdict negate(Verdict verdict) {
  if (verdict == Verdict::kUnknown) return verdict;
  return verdict == Verdict::kTrue ? Verdict::kFalse : Verdict::kTrue;
}
Verdict of(bool value) {
  return value ? Verdict::kTrue : Verdict::kFalse;
}

// What a condition comes to where one fact takes the value that stands for its absence and nothing else is known.
class Supposition {
 public:
  // `fact`: a kContext or kAttribute. A condition that asks `has` has thought of absence.
  Supposition(const Checker& checker, NodeId fact) : checker_(checker), pool_(checker.pool), fact_(fact) {}

  Verdict condition(NodeId id) {
    if (const auto known = known_.find(id); known != known_.end()) return known->second;
    const Verdict verdict = evaluate(id);
    known_.emplace(id, verdict);
    return verdict;
  }

 private:
  Verdict evaluate(NodeId id) {
    const Node& node = pool_.at(id);
    switch (node.op) {
      case Op::kConst:
        return of(node.number != 0);
      case Op::kNot:
        return negate(condition(pool_.kid(id, 0)));
      case Op::kAnd:
      case Op::kOr: {
        const Verdict decides = of(node.op == Op::kOr);
        Verdict whole = negate(decides);
        for (const NodeId kid : pool_.kids(id)) {
          const Verdict part = condition(kid);
          if (part == decides) return decides;
          if (part == Verdict::kUnknown) whole = part;
        }
        return whole;
      }
      case Op::kIsTrue: {
        const Datum* value = this->value(pool_.kid(id, 0));
        return value == nullptr ? Verdict::kUnknown : of(value->number != 0);
      }
      case Op::kEqual:
      case Op::kLess:
      case Op::kLessEqual:
        return compared(id, node.op);
      case Op::kMember:
      case Op::kInNetwork:
      case Op::kInEntities:
        return member(id);
      case Op::kCoversScope:
        return empty(pool_.kid(id, 0)) ? Verdict::kFalse : Verdict::kUnknown;
      case Op::kCoversSet:
        return empty(pool_.kid(id, 1)) ? Verdict::kTrue : Verdict::kUnknown;
      case Op::kAny:
        return empty(pool_.kid(id, 0)) ? Verdict::kFalse : Verdict::kUnknown;
      case Op::kAll:
        return empty(pool_.kid(id, 0)) ? Verdict::kTrue : Verdict::kUnknown;
      default:
        return Verdict::kUnknown;
    }
  }

  bool same_key(const Node& node) const {
    const Node& fact = pool_.at(fact_);
    return fact.op == Op::kContext && fact.index == node.index;
  }

  // Nothing where it is not known.
  const Datum* value(NodeId id) const {
    const Node& node = pool_.at(id);
    if (node.op == Op::kConstant) return &pool_.datum(id);
    const Datum* datum = nullptr;
    if (node.op == Op::kContext && same_key(node)) datum = &checker_.schema.context[node.index].fallback;
    if (node.op == Op::kAttribute && id == fact_) {
      const Slot slot = pool_.slots(id).front();
      datum = &checker_.schema.types[slot.key].attributes[slot.index].fallback;
    }
    return datum == nullptr || datum->kind == DatumKind::kNone ? nullptr : datum;
  }

  bool empty(NodeId id) const {
    const Datum* set = value(id);
    return set != nullptr && set->kind == DatumKind::kSet && set->count == 0;
  }

  Verdict compared(NodeId id, Op op) const {
    const Datum* left = value(pool_.kid(id, 0));
    const Datum* right = value(pool_.kid(id, 1));
    if (left == nullptr || right == nullptr) return Verdict::kUnknown;
    const int order = compare(*left, *right);
    if (op == Op::kEqual) return of(order == 0);
    return of(op == Op::kLess ? order < 0 : order <= 0);
  }

  Verdict member(NodeId id) const {
    const Datum* item = value(pool_.kid(id, 0));
    const Datum* set = value(pool_.kid(id, 1));
    if (empty(pool_.kid(id, 1))) return Verdict::kFalse;  // whatever is asked for, where it is known
    if (item == nullptr || set == nullptr || pool_.at(id).op != Op::kMember) return Verdict::kUnknown;
    return of(
        std::any_of(set->items, set->items + set->count, [&](const Datum& one) { return compare(one, *item) == 0; }));
  }

  const Checker& checker_;
  const NodePool& pool_;
  NodeId fact_;
  std::unordered_map<NodeId, Verdict> known_;
};

class Disarmed {
 public:
  explicit Disarmed(Checker& checker) : checker_(checker), pool_(checker.pool), typed_(checker.typed) {}

  void run() {
    for (std::size_t i = 0; i < typed_.rules.size(); ++i) {
      const TypedRule& rule = typed_.rules[i];
      if (rule.kind != RuleKind::kDeny && rule.kind != RuleKind::kRequire) continue;
      for (std::uint32_t b = 0; b < rule.branches.count; ++b)
        look_at(i, typed_.branches[rule.branches.first + b]);
    }
  }

 private:
  void look_at(std::size_t index, const Branch& branch) {
    const Checker::RulePlace& place = checker_.rule_places[index];
    if (const NodeId fact = switch_of(branch.condition, Verdict::kFalse); fact != kNoNode) {
      warn(*place.ast, place.rule->condition, place.rule->kind, fact);
    } else if (const NodeId met = switch_of(branch.requirement, Verdict::kTrue); met != kNoNode) {
      warn(*place.ast, place.rule->requirement, place.rule->kind, met);
    }
  }

  // The fact whose absence alone makes the condition `wanted`. Statements share conditions.
  NodeId switch_of(NodeId condition, Verdict wanted) {
    if (condition == kNoNode) return kNoNode;
    const auto [known, fresh] =
        known_.try_emplace((std::uint64_t{condition} << 1U) | (wanted == Verdict::kTrue), kNoNode);
    if (!fresh) return known->second;
    std::vector<NodeId> facts;
    std::unordered_set<NodeId> seen;
    gather(condition, seen, facts);
    for (const NodeId fact : facts) {
      if (Supposition(checker_, fact).condition(condition) == wanted) return known->second = fact;
    }
    return kNoNode;
  }

  void gather(NodeId id, std::unordered_set<NodeId>& seen, std::vector<NodeId>& facts) const {
    if (id == kNoNode || !seen.insert(id).second) return;
    const Node& node = pool_.at(id);
    const Schema& schema = checker_.schema;
    if (node.op == Op::kContext && schema.context[node.index].fallback.kind != DatumKind::kNone) facts.push_back(id);
    if (node.op == Op::kAttribute && node.slots.count == 1) {
      const Slot slot = pool_.slots(id).front();
      if (schema.types[slot.key].attributes[slot.index].fallback.kind != DatumKind::kNone) facts.push_back(id);
    }
    for (const NodeId kid : pool_.kids(id))
      gather(kid, seen, facts);
  }

  void warn(const Ast& ast, ExprId expr, RuleKind kind, NodeId fact) {
    const Node& node = pool_.at(fact);
    const std::string what = kind == RuleKind::kDeny ? "this deny" : "this require";
    const Location where = Checker::at(ast, ast.expr(expr).span);
    if (node.op == Op::kAttribute) {
      const Slot slot = pool_.slots(fact).front();
      const EntityType& type = checker_.schema.types[slot.key];
      checker_.warning(where, "disarmed",
                       what + " does not apply where " + Checker::quoted(type.attributes[slot.index].name) + " of " +
                           type.name + " is not stored, because it has a default",
                       "leave out the default, so that what is not stored is unknown and the statement applies");
      return;
    }
    checker_.warning(where, "disarmed",
                     what + " does not apply where " + Checker::quoted(checker_.schema.context[node.index].name) +
                         " is not sent, because of its `absent means`",
                     "leave out `absent means`, so that what is not sent is unknown and the statement applies");
  }

  Checker& checker_;
  const NodePool& pool_;
  const Typed& typed_;
  std::unordered_map<std::uint64_t, NodeId> known_;
};

// `all` over a set that may be empty, where that lets something through.
class EmptyAll {
 public:
  explicit EmptyAll(Checker& checker) : checker_(checker), pool_(checker.pool), typed_(checker.typed) {}

  void run() {
    for (const TypedRule& rule : typed_.rules) {
      const bool gives = rule.kind == RuleKind::kAllow || rule.kind == RuleKind::kTrust;
      for (std::uint32_t b = 0; b < rule.branches.count; ++b) {
        const Branch& branch = typed_.branches[rule.branches.first + b];
        walk(branch.condition, gives);
        walk(branch.requirement, true);
      }
    }
  }

 private:
  // `opens`: whether the condition lets something through by being true.
  void walk(NodeId id, bool opens) {
    if (id == kNoNode || !seen_.insert((std::uint64_t{id} << 1U) | (opens ? 1U : 0U)).second) return;
    const Node& node = pool_.at(id);
    switch (node.op) {
      case Op::kNot:
        walk(pool_.kid(id, 0), !opens);
        break;
      case Op::kAnd:
        for (const NodeId kid : pool_.kids(id)) {
          if (!guarded(id, kid)) walk(kid, opens);
        }
        break;
      case Op::kOr:
        for (const NodeId kid : pool_.kids(id))
          walk(kid, opens);
        break;
      case Op::kAny:
        walk(pool_.kid(id, 1), opens);
        break;
      case Op::kAll:
        if (opens && may_be_empty(id)) {
          checker_.warning(node.where, "empty-all", "`all` of nothing is true: this lets an empty set pass",
                           "if it should not, add `and any x in ...: true` over the same set, or compare it with `[]`");
        }
        walk(pool_.kid(id, 1), opens);
        break;
      default:
        break;
    }
  }

  // Another operand of the conjunction says that the set of `all` has something in it.
  bool guarded(NodeId conjunction, NodeId all) const {
    if (pool_.at(all).op != Op::kAll) return false;
    const NodeId set = pool_.kid(all, 0);
    const auto kids = pool_.kids(conjunction);
    return std::any_of(kids.begin(), kids.end(), [&](NodeId kid) {
      if (pool_.at(kid).op == Op::kAny) return pool_.kid(kid, 0) == set;
      if (pool_.at(kid).op != Op::kNot) return false;
      const NodeId inner = pool_.kid(kid, 0);
      return pool_.at(inner).op == Op::kEqual && pool_.kid(inner, 0) == set && pool_.is_constant(pool_.kid(inner, 1)) &&
             pool_.datum(pool_.kid(inner, 1)).count == 0;
    });
  }

  bool may_be_empty(NodeId all) const {
    const NodeId set = pool_.kid(all, 0);
    const Node& of = pool_.at(set);
    if (of.op == Op::kConstant || of.op == Op::kSetOf) return false;
    // No agent at all is what a user without one has.
    if (of.op == Op::kAgents) return false;
    if (of.op == Op::kAbove) {
      const auto& types = checker_.value_type(checker_.type_of(pool_.kid(set, 0))).entities;
      return types.size() != 1 || types.front() != of.number;
    }
    return true;
  }

  Checker& checker_;
  const NodePool& pool_;
  const Typed& typed_;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

void Checker::look_for_disarmed() {
  Disarmed(*this).run();
}

void Checker::look_for_empty_all() {
  EmptyAll(*this).run();
}

}  // namespace writ::policy
