// The finished policy, looked over for what is allowed to stand and hardly meant.
#include <algorithm>
#include <functional>

#include "src/base/radix_sort.h"
#include "src/policy/checker.h"
#include "src/scope/bare.h"

namespace writ::policy {
namespace {

std::uint32_t pair_key(const Cell& cell) {
  return (std::uint32_t{cell.type} << 16U) | cell.action;
}

// Everything that some allow reaches, for asking whether a cell of a deny overlaps it.
class Allowed {
 public:
  explicit Allowed(const Typed& typed) {
    each_cell(typed, RuleKind::kDeny, [this](const Cell& cell) { pair_of(cell).denied = true; });
    each_cell(typed, RuleKind::kAllow, [this](const Cell& cell) { add(cell); });
    for (auto& [key, pair] : pairs_) {
      if (pair.denied) tidy(pair);
    }
  }

  bool empty() const { return !any_; }
  bool reaches(TypeId type, ActionId action) const {
    const auto found = pairs_.find(pair_key({action, type, CellKind::kAll, {}}));
    return found != pairs_.end() && found->second.reached;
  }

  bool overlaps(const Cell& cell) const {
    const auto found = pairs_.find(pair_key(cell));
    if (found == pairs_.end() || !found->second.reached) return false;
    const Pair& pair = found->second;
    if (pair.all || cell.kind == CellKind::kAll || cell.kind == CellKind::kType) return true;
    // Of prefixes none covers another, so that only one can cover the id.
    const auto above = std::upper_bound(pair.prefixes.begin(), pair.prefixes.end(), cell.id);
    if (above != pair.prefixes.begin() && cell.id.starts_with(*std::prev(above))) return true;
    if (cell.kind == CellKind::kExact) return std::binary_search(pair.exact.begin(), pair.exact.end(), cell.id);
    return begins(pair.exact, cell.id) || begins(pair.prefixes, cell.id);
  }

 private:
  struct Pair {
    bool reached = false;
    bool denied = false;  // only then anybody asks for the ids
    bool all = false;
    std::vector<std::string_view> exact;
    std::vector<std::string_view> prefixes;
  };

  template <class Visit>
  static void each_cell(const Typed& typed, RuleKind kind, Visit visit) {
    for (const TypedRule& rule : typed.rules) {
      if (rule.kind != kind) continue;
      for (std::uint32_t i = 0; i < rule.cells.count; ++i)
        visit(typed.cells[rule.cells.first + i]);
    }
  }

  Pair& pair_of(const Cell& cell) {
    const std::uint32_t key = pair_key(cell);
    if (last_ == nullptr || last_key_ != key) {
      last_ = &pairs_[key];
      last_key_ = key;
    }
    return *last_;
  }

  void add(const Cell& cell) {
    Pair& pair = pair_of(cell);
    any_ = pair.reached = true;
    if (cell.kind == CellKind::kAll || cell.kind == CellKind::kType) {
      pair.all = true;
    } else if (pair.denied) {
      (cell.kind == CellKind::kExact ? pair.exact : pair.prefixes).push_back(cell.id);
    }
  }

  static void sort(std::vector<std::string_view>& ids) {
    std::vector<Keyed> order(ids.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
      order[i].index = i;
    Bulk<Keyed> scratch;
    sort_by_text(
        std::span(order), scratch, [&](std::uint32_t i) { return ids[i]; }, std::less<>());
    std::vector<std::string_view> sorted;
    sorted.reserve(ids.size());
    for (const Keyed& at : order)
      sorted.push_back(ids[at.index]);
    ids = std::move(sorted);
  }

  static void tidy(Pair& pair) {
    sort(pair.exact);
    sort(pair.prefixes);
    std::vector<std::string_view> kept;
    for (const std::string_view prefix : pair.prefixes) {
      if (kept.empty() || !prefix.starts_with(kept.back())) kept.push_back(prefix);
    }
    pair.prefixes = std::move(kept);
  }

  static bool begins(const std::vector<std::string_view>& sorted, std::string_view with) {
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), with);
    return found != sorted.end() && found->starts_with(with);
  }

  std::unordered_map<std::uint32_t, Pair> pairs_;
  Pair* last_ = nullptr;
  std::uint32_t last_key_ = 0;
  bool any_ = false;
};

class Overview {
 public:
  explicit Overview(Checker& checker)
      : checker_(checker), typed_(checker.typed), schema_(checker.schema), allowed_(checker.typed) {}

  void run() {
    for (std::size_t i = 0; i < typed_.rules.size(); ++i) {
      const Checker::RulePlace& place = checker_.rule_places[i];
      prefixes(*place.ast, place.rule->patterns);
      deny_of_nothing(typed_.rules[i], *place.ast, *place.rule);
      type_actions(typed_.rules[i], *place.ast, *place.rule);
    }
    for (const Ast& ast : checker_.asts) {
      for (const AliasDecl& alias : ast.aliases)
        prefixes(ast, alias.patterns);
    }
    actions();
    agents();
    for (const Define& define : checker_.defines) {
      if (define.mentioned) continue;
      checker_.warning(Checker::at(*define.ast, define.decl->name.span), "unused-define",
                       "nothing uses " + Checker::quoted(define.decl->name.text));
    }
  }

 private:
  void prefixes(const Ast& ast, Range patterns) {
    for (std::uint32_t i = 0; i < patterns.count; ++i) {
      const Pattern& pattern = ast.patterns[patterns.first + i];
      if (pattern.id_kind != IdKind::kPrefix || pattern.id.text.empty()) continue;
      if (!is_letter_or_digit(pattern.id.text.back())) continue;
      const std::string prefix(pattern.id.text);
      checker_.warning(
          Checker::at(ast, pattern.id.span), "open-prefix",
          Checker::quoted(prefix + "*") + " also reaches " + Checker::quoted(prefix + "0"),
          "end the prefix with a separator, as in " + Checker::quoted(prefix + "/*") + ", or name the ids");
    }
  }

  std::span<const Cell> cells_of(const TypedRule& rule) const {
    return {typed_.cells.data() + rule.cells.first, rule.cells.count};
  }

  void deny_of_nothing(const TypedRule& rule, const Ast& ast, const Rule& from) {
    if (rule.kind != RuleKind::kDeny || allowed_.empty()) return;
    const auto cells = cells_of(rule);
    if (std::any_of(cells.begin(), cells.end(), [&](const Cell& cell) { return allowed_.overlaps(cell); })) return;
    checker_.warning(Checker::at(ast, from.keyword()), "deny-nothing", "nothing allows what this denies",
                     "what nothing allows is denied already");
  }

  void type_actions(const TypedRule& rule, const Ast& ast, const Rule& from) {
    if (from.condition == kNoExpr && from.requirement == kNoExpr) return;
    const auto cells = cells_of(rule);
    const auto on_type = [](const Cell& cell) { return cell.kind == CellKind::kType; };
    if (std::none_of(cells.begin(), cells.end(), on_type) || std::all_of(cells.begin(), cells.end(), on_type)) return;
    for (const Cell& cell : cells) {
      if (!on_type(cell)) continue;
      const Branch& branch = branch_of(rule, cell.type);
      const bool condition = reads_resource(branch.condition);
      if (!condition && !reads_resource(branch.requirement)) continue;
      const bool allows = rule.kind == RuleKind::kAllow || rule.kind == RuleKind::kTrust;
      checker_.warning(
          Checker::at(ast, ast.expr(condition ? from.condition : from.requirement).span), "type-action-condition",
          "this is unknown for `" + schema_.actions[cell.action] + ":" + schema_.types[cell.type].name +
              "`, which has no single resource",
          std::string(allows ? "there the statement never allows: " : "there the statement always applies: ") +
              "end the pattern in `_*` to leave out actions on the type");
      return;
    }
  }

  const Branch& branch_of(const TypedRule& rule, TypeId type) const {
    const auto first = typed_.branches.begin() + rule.branches.first;
    return *std::lower_bound(first, first + rule.branches.count, type,
                             [](const Branch& branch, TypeId wanted) { return branch.type < wanted; });
  }
  bool reads_resource(NodeId node) const { return node != kNoNode && checker_.pool.facts(node).reads_resource; }

  void actions() {
    if (typed_.rules.empty()) return;
    for (const ActionPlace& place : checker_.action_places) {
      if (allowed_.reaches(place.type, place.action)) continue;
      checker_.warning(place.where, "unallowed-action",
                       "nothing allows " + Checker::quoted(schema_.actions[place.action]) + " for " +
                           Checker::quoted(schema_.types[place.type].name));
    }
  }

  // ---- agents

  void agents() {
    std::unordered_set<std::string_view> trusted;
    for (const TypedRule& rule : typed_.rules) {
      if (rule.kind != RuleKind::kTrust) continue;
      for (std::uint32_t i = 0; i < rule.via.count; ++i) {
        const Principal& principal = typed_.principals[rule.via.first + i];
        // Which agents are in a group is in the data.
        if (principal.any || principal.entity.type != schema_.agent) return;
        trusted.insert(principal.entity.text());
      }
    }
    const auto look = [&](std::string_view id, Location where) {
      if (trusted.contains(id)) return;
      checker_.warning(where, "untrusted-agent", "nothing trusts the agent " + Checker::quoted(id),
                       "without a `trust` it gets nothing");
    };
    for (const Checker::RulePlace& place : checker_.rule_places) {
      for (std::uint32_t i = 0; i < place.rule->via.count; ++i) {
        const Who& who = place.ast->whos[place.rule->via.first + i];
        if (!who.any && who.type.text == "agent") look(who.id.text, Checker::at(*place.ast, who.span));
      }
    }
    for (const Node& node : typed_.nodes) {
      if (node.op == Op::kConstant) named_in(typed_.constants[node.index], node.where, look);
    }
    for (const Ast& ast : checker_.asts) {
      for (const EntityDecl& decl : ast.entities) {
        if (decl.name.text != "agent") continue;
        for (std::uint32_t i = 0; i < decl.ids.count; ++i) {
          const Name& id = ast.names[decl.ids.first + i];
          look(id.text, Checker::at(ast, id.span));
        }
      }
    }
  }

  template <class Look>
  void named_in(const Datum& datum, Location where, Look look) const {
    if (datum.kind == DatumKind::kEntity && datum.type == schema_.agent) look(datum.text(), where);
    if (datum.kind != DatumKind::kSet) return;
    for (std::uint32_t i = 0; i < datum.count; ++i) {
      if (datum.items[i].kind == DatumKind::kEntity) named_in(datum.items[i], where, look);
    }
  }

  Checker& checker_;
  const Typed& typed_;
  const Schema& schema_;
  Allowed allowed_;
};

}  // namespace

void Checker::look_over() {
  Overview(*this).run();
  look_for_disarmed();
  look_for_empty_all();
  look_for_redundant_rules();
}

}  // namespace writ::policy
