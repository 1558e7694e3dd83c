// Conditions that nothing makes true: where they stand, and why.
#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "src/policy/checker.h"

namespace writ::policy {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// What a conjunction says of one value.
struct Demand {
  std::int64_t low = kLeast;  // numbers are whole in their units, so that bounds include
  std::int64_t high = kMost;
  std::vector<const Datum*> allowed;  // it is one of these, where `listed`
  bool listed = false;
  std::vector<const Datum*> excluded;
};

class Conjunction {
 public:
  explicit Conjunction(const NodePool& pool) : pool_(pool) {}

  bool contradictory(std::span<const NodeId> operands) {
    for (const NodeId operand : operands) {
      if (!read(operand)) return true;
    }
    return std::any_of(demands_.begin(), demands_.end(), [](const auto& entry) { return empty(entry.second); });
  }

 private:
  // False where it contradicts what was read before.
  bool read(NodeId id) {
    const Node& node = pool_.at(id);
    if (node.op == Op::kNot) {
      const NodeId inner = pool_.kid(id, 0);
      if (pool_.at(inner).op == Op::kEqual && pool_.is_constant(pool_.kid(inner, 1))) {
        demands_[pool_.kid(inner, 0)].excluded.push_back(&pool_.datum(pool_.kid(inner, 1)));
      }
      return denied_.insert(inner).second && !asked_.contains(inner);
    }
    if (denied_.contains(id)) return false;
    asked_.insert(id);
    switch (node.op) {
      case Op::kEqual:
        if (pool_.is_constant(pool_.kid(id, 1))) allow(pool_.kid(id, 0), &pool_.datum(pool_.kid(id, 1)), 1);
        return true;
      case Op::kMember:
        if (pool_.is_constant(pool_.kid(id, 1))) {
          const Datum& set = pool_.datum(pool_.kid(id, 1));
          allow(pool_.kid(id, 0), set.items, set.count);
        }
        return true;
      case Op::kLess:
        return bound(id, true);
      case Op::kLessEqual:
        return bound(id, false);
      case Op::kWeekday:
        if (node.kids.count > 0) return true;
        return (days_.try_emplace(node.index, 0xFF).first->second &= node.number) != 0;
      default:
        return true;
    }
  }

  void allow(NodeId subject, const Datum* first, std::size_t count) {
    Demand& demand = demands_[subject];
    std::vector<const Datum*> now;
    for (std::size_t i = 0; i < count; ++i) {
      const auto same = [&](const Datum* other) { return compare(*other, first[i]) == 0; };
      if (!demand.listed || std::any_of(demand.allowed.begin(), demand.allowed.end(), same)) now.push_back(first + i);
    }
    demand.allowed = std::move(now);
    demand.listed = true;
  }

  bool bound(NodeId id, bool strict) {
    const NodeId left = pool_.kid(id, 0), right = pool_.kid(id, 1);
    if (pool_.is_constant(right)) {
      const std::int64_t limit = pool_.datum(right).number;
      if (strict && limit == kLeast) return false;
      std::int64_t& high = demands_[left].high;
      high = std::min(high, strict ? limit - 1 : limit);
    } else if (pool_.is_constant(left)) {
      const std::int64_t limit = pool_.datum(left).number;
      if (strict && limit == kMost) return false;
      std::int64_t& low = demands_[right].low;
      low = std::max(low, strict ? limit + 1 : limit);
    }
    return true;
  }

  static bool empty(const Demand& demand) {
    if (demand.low > demand.high) return true;
    if (!demand.listed) return false;
    return std::none_of(demand.allowed.begin(), demand.allowed.end(), [&](const Datum* datum) {
      const bool number = datum->kind == DatumKind::kInt || datum->kind == DatumKind::kDecimal ||
                          datum->kind == DatumKind::kTime || datum->kind == DatumKind::kDuration;
      if (number && (datum->number < demand.low || datum->number > demand.high)) return false;
      return std::none_of(demand.excluded.begin(), demand.excluded.end(),
                          [&](const Datum* other) { return compare(*other, *datum) == 0; });
    });
  }

  const NodePool& pool_;
  std::map<NodeId, Demand> demands_;
  std::unordered_set<NodeId> asked_;
  std::unordered_set<NodeId> denied_;
  std::unordered_map<std::uint32_t, std::int64_t> days_;
};

std::uint64_t place(const Typing& typing, ExprId expr) {
  return (std::uint64_t{typing.ast->file} << 32U) | expr;
}

bool inside(Location inner, Location outer) {
  return inner.file == outer.file && outer.span.begin <= inner.span.begin && inner.span.end <= outer.span.end;
}

// Why a test of entities cannot be true, by their types.
std::string reason(const Checker& checker, NodeId node) {
  const Node& test = checker.pool.at(node);
  if (test.op != Op::kEqual && test.op != Op::kInEntity && test.op != Op::kInEntities && test.op != Op::kMember) {
    return test.op == Op::kAnd ? "these conditions exclude each other" : "this can never be true";
  }
  const std::string left = checker.schema.spell(checker.type_of(checker.pool.kid(node, 0)));
  const ValueTypeId right_type = checker.type_of(checker.pool.kid(node, 1));
  const ValueType& right = checker.value_type(right_type);
  const bool set = right.kind == DatumKind::kSet;
  const bool empty = set && checker.pool.is_constant(checker.pool.kid(node, 1)) &&
                     checker.pool.datum(checker.pool.kid(node, 1)).count == 0;
  if (empty) return "nothing is in an empty set";
  const std::string other = checker.schema.spell(set ? right.inner : right_type);
  if (test.op == Op::kEqual || test.op == Op::kMember) return "no " + left + " is ever a " + other;
  return "no " + left + " is ever in a " + other;
}

}  // namespace

bool Checker::contradictory(std::span<const NodeId> operands) const {
  // Most conjunctions speak of each thing once.
  std::array<NodeId, 16> subjects;
  if (operands.size() > subjects.size()) return Conjunction(pool).contradictory(operands);
  std::size_t count = 0;
  for (const NodeId operand : operands) {
    const NodeId test = pool.at(operand).op == Op::kNot ? pool.kid(operand, 0) : operand;
    const Node& node = pool.at(test);
    const bool by_value = node.kids.count == 2 && (node.op == Op::kEqual || node.op == Op::kMember ||
                                                   node.op == Op::kLess || node.op == Op::kLessEqual);
    NodeId subject = test;
    if (by_value) subject = pool.is_constant(pool.kid(test, 0)) ? pool.kid(test, 1) : pool.kid(test, 0);
    if (node.op == Op::kWeekday) subject = kNoNode;
    for (std::size_t i = 0; i < count; ++i) {
      if (subjects[i] == subject) return Conjunction(pool).contradictory(operands);
    }
    subjects[count++] = subject;
  }
  return false;
}

void Checker::note_truth(Typing& typing, ExprId expr, NodeId node) {
  if (typing.ast->expr(expr).kind == ExprKind::kBool) return;  // who writes `false` means it
  if (!pool.facts(node).never_true) {
    note_possible(typing, expr);
  } else {
    note_impossible(typing, expr, reason(*this, node));
  }
}

void Checker::note_possible(const Typing& typing, ExprId expr) {
  if (typing.define_depth > 0) possible_in_defines.insert(place(typing, expr));
}

void Checker::note_impossible(Typing& typing, ExprId expr, std::string message, std::string help) {
  const Expr& e = typing.ast->expr(expr);
  Impossible found;
  found.expr = expr;
  found.count = 1;
  found.last_branch = typing.branch;
  found.where = at(*typing.ast, e.span);
  found.message = std::move(message);
  found.help = std::move(help);
  if (e.kind == ExprKind::kName || e.kind == ExprKind::kCall) {
    const auto symbol = symbols.find(e.text);
    if (symbol != symbols.end() && symbol->second.kind == SymbolKind::kDefine) found.define = symbol->second.index;
  }
  if (typing.constant) return;
  if (typing.define_depth > 0) {
    impossible_in_defines.emplace(place(typing, expr), std::move(found));
    return;
  }
  const auto same = [&](const Impossible& known) { return known.expr == expr; };
  const auto known = std::find_if(typing.impossible.begin(), typing.impossible.end(), same);
  if (known == typing.impossible.end()) {
    typing.impossible.push_back(std::move(found));
  } else if (known->last_branch != typing.branch) {
    known->last_branch = typing.branch;
    ++known->count;
  }
}

void Checker::collect_impossible(const Typing& typing, std::uint32_t branches) {
  for (const Impossible& found : typing.impossible) {
    if (found.count == branches) impossible.push_back(found);
  }
}

void Checker::report_impossible() {
  for (const auto& [key, found] : impossible_in_defines) {
    if (!possible_in_defines.contains(key)) impossible.push_back(found);
  }
  // What stands innermost is to blame, and a define before its uses. Sorted by end, then begin downwards, whatever lies
  // in an expression comes before it.
  std::sort(impossible.begin(), impossible.end(), [](const Impossible& a, const Impossible& b) {
    if (a.where.file != b.where.file) return a.where.file < b.where.file;
    if (a.where.span.end != b.where.span.end) return a.where.span.end < b.where.span.end;
    return a.where.span.begin > b.where.span.begin;
  });
  std::map<std::pair<std::uint32_t, std::uint32_t>, Location> begins;  // of what was reported, by file and begin
  const auto holds_one = [&](Location outer) {
    const auto first = begins.lower_bound({outer.file, outer.span.begin});
    return first != begins.end() && inside(first->second, outer);
  };
  std::vector<const Impossible*> uses;
  for (const Impossible& found : impossible) {
    if (holds_one(found.where)) continue;
    begins.emplace(std::pair(found.where.file, found.where.span.begin), found.where);
    if (found.define != kNoNode) {
      uses.push_back(&found);
      continue;
    }
    error(found.where, "impossible-condition", found.message, found.help);
  }
  for (const Impossible* use : uses) {
    const Define& define = defines[use->define];
    if (holds_one(at(*define.ast, define.ast->expr(define.decl->body).span))) continue;
    error(use->where, "impossible-condition", use->message, use->help);
  }
}

}  // namespace writ::policy
