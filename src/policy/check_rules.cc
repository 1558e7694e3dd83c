// allow, trust, deny, require, limit -> TypedRule: cells, people, one branch a type, demands.
#include <algorithm>
#include <array>

#include "src/base/aside.h"
#include "src/policy/checker.h"
#include "src/policy/node_shape.h"

namespace writ::policy {
namespace {

constexpr std::size_t kFew = 50'000;  // statements that are not worth another thread
constexpr std::int64_t kSecond = 1'000'000;
// What plan adds to a condition: people and agents.
constexpr std::uint32_t kRoomForPeople = 4'096;

std::uint32_t count_of(std::size_t count) {
  return static_cast<std::uint32_t>(count);
}

// Demands that many statements share are kept once.
class DemandPool {
 public:
  explicit DemandPool(Typed& typed) : typed_(typed) {}

  std::uint32_t put(Demands&& demands) {
    if (!demands.any()) return kNoDemands;
    key_ = std::to_string(demands.lifetime);
    key_ += demands.once ? '1' : '0';
    key_ += demands.proof_dpop ? '1' : '0';
    for (const std::vector<std::string>* list : {&demands.audience, &demands.notify}) {
      key_ += '|';
      for (const std::string& text : *list)
        key_ += std::to_string(text.size()) + ':' + text;
    }
    const auto [found, fresh] = known_.try_emplace(key_, count_of(typed_.demands.size()));
    if (fresh) typed_.demands.push_back(std::move(demands));
    return found->second;
  }

 private:
  Typed& typed_;
  std::unordered_map<std::string, std::uint32_t> known_;
  std::string key_;
};

class Rules {
 public:
  explicit Rules(Checker& checker) : checker_(checker), typed_(checker.typed), demands_(checker.typed) {}

  void run() {
    std::size_t total = 0, people = 0;
    for (const Ast& ast : checker_.asts) {
      total += ast.rules.size();
      people += ast.whos.size();
    }
    typed_.rules.reserve(total);
    typed_.cells.reserve(total);
    typed_.branches.reserve(total);
    typed_.principals.reserve(people);
    checker_.rule_places.reserve(total);
    const std::array rooms = {room_of(typed_.rules), room_of(typed_.cells), room_of(typed_.principals),
                              room_of(typed_.branches), room_of(checker_.rule_places)};
    const Aside fetching(total < kFew ? 1 : checker_.threads, [rooms] {
      for (const bulk::Room& room : rooms)
        bulk::fetch(room);
    });
    for (const Ast& ast : checker_.asts) {
      for (const Item& item : ast.items) {
        if (item.kind == ItemKind::kRule) read(ast, ast.rules[item.index]);
      }
    }
  }

 private:
  void read(const Ast& ast, const Rule& rule) {
    if (over_budget_) return;
    TypedRule typed;
    typed.kind = rule.kind;
    typed.where = Checker::at(ast, rule.span);
    if (rule.note != kNoNote) read_note(ast, ast.rule_notes[rule.note], typed);
    checker_.people(ast, rule.to, false, typed.to);
    checker_.people(ast, rule.via, true, typed.via);
    if (rule.clauses.count != 0) typed.demands = demands_.put(checker_.demands(ast, rule.clauses));
    read_cells(ast, rule, typed);
    read_branches(ast, rule, typed);
    check_budget(typed);
    typed_.rules.push_back(typed);
    checker_.rule_places.push_back({&ast, &rule});
  }

  // Before what they take up is more than there is.
  void check_budget(const TypedRule& rule) {
    if (typed_.nodes.size() <= checker_.most_nodes) return;
    over_budget_ = true;
    checker_.error(rule.where, "over-budget",
                   "the conditions of the policy have more than " + std::to_string(checker_.most_nodes) +
                       " parts up to here, for which the compiled form has no room",
                   "with defines written out each counts as often as it differs: make them smaller");
  }

  void read_note(const Ast& ast, const RuleNote& from, TypedRule& typed) {
    TypedNote note;
    note.named = from.id.given();
    if (note.named) read_id(ast, from.id, note);
    note.text = checker_.said(ast, from.text);
    typed.note = count_of(typed_.notes.size());
    typed_.notes.push_back(note);
  }

  void read_id(const Ast& ast, const Name& id, TypedNote& note) {
    note.id = checker_.keep(ast, id.text);
    if (ids_.insert(note.id).second) return;
    checker_.error(Checker::at(ast, id.span), "duplicate-id",
                   "another statement is named " + Checker::quoted("@" + std::string(note.id)) + " already",
                   "names of statements are unique in a policy");
  }

  void read_cells(const Ast& ast, const Rule& rule, TypedRule& typed) {
    cells_.clear();
    if (rule.patterns.count == 1) {
      const Pattern& pattern = ast.patterns[rule.patterns.first];
      if (shared_cells(ast, pattern, typed) || like_last(ast, pattern, typed)) return;
    }
    for (std::uint32_t i = 0; i < rule.patterns.count; ++i) {
      checker_.expand(ast, ast.patterns[rule.patterns.first + i], cells_);
    }
    Checker::reduce(cells_);
    put_cells(typed);
    if (rule.patterns.count == 1) remember(ast, ast.patterns[rule.patterns.first]);
  }

  // One action of one type by its plain id.
  static bool is_plain(const Pattern& pattern) {
    return pattern.id_kind == IdKind::kExact && !pattern.everything && !pattern.alias && !pattern.any_action &&
           !pattern.any_type && pattern.actions.count == 1 && pattern.types.count == 1;
  }

  void remember(const Ast& ast, const Pattern& pattern) {
    last_action_ = last_type_ = {};
    if (!is_plain(pattern) || cells_.size() != 1) return;
    const EntityType& type = checker_.schema.types[cells_.front().type];
    if (type.closed || type.single) return;
    last_action_ = ast.names[pattern.actions.first].text;
    last_type_ = ast.names[pattern.types.first].text;
    last_cell_ = cells_.front();
  }

  // Where many statements name the same action and type, only the id has to be looked at.
  bool like_last(const Ast& ast, const Pattern& pattern, TypedRule& typed) {
    if (last_type_.empty() || !is_plain(pattern) || ast.names[pattern.types.first].text != last_type_ ||
        ast.names[pattern.actions.first].text != last_action_ || !is_id(pattern.id.text)) {
      return false;
    }
    last_cell_.id = checker_.keep(ast, pattern.id.text);
    typed.cells = {count_of(typed_.cells.size()), 1};
    typed_.cells.push_back(last_cell_);
    return true;
  }

  void put_cells(TypedRule& typed) {
    typed.cells = {count_of(typed_.cells.size()), count_of(cells_.size())};
    typed_.cells.insert(typed_.cells.end(), cells_.begin(), cells_.end());
  }

  // Statements with the same wide pattern share its cells.
  bool shared_cells(const Ast& ast, const Pattern& pattern, TypedRule& typed) {
    const bool wide = pattern.everything || pattern.alias || pattern.any_action || pattern.any_type ||
                      pattern.actions.count > 1 || pattern.types.count > 1;
    const bool some_ids = pattern.id_kind == IdKind::kExact || pattern.id_kind == IdKind::kPrefix;
    if (!wide || some_ids) return false;  // with ids they hardly repeat: a million would only fill the table
    const auto [found, fresh] = wide_.try_emplace(ast.source->at(pattern.span));
    if (fresh || found->second.count == 0) {  // what is wrong with it is said at each place
      checker_.expand(ast, pattern, cells_);
      Checker::reduce(cells_);
      put_cells(typed);
      found->second = typed.cells;
    }
    typed.cells = found->second;
    return true;
  }

  std::span<const Cell> cells_of(const TypedRule& typed) const {
    return {typed_.cells.data() + typed.cells.first, typed.cells.count};
  }

  void read_branches(const Ast& ast, const Rule& rule, TypedRule& typed) {
    reached_.clear();
    for (const Cell& cell : cells_of(typed)) {
      if (reached_.empty() || reached_.back() != cell.type) reached_.push_back(cell.type);
    }
    typed.branches = {count_of(typed_.branches.size()), count_of(reached_.size())};
    if (rule.condition == kNoExpr && rule.requirement == kNoExpr) {
      unconditional(typed);
      return;
    }
    branches_.clear();
    for (const TypeId type : reached_)
      branches_.push_back({type, kNoNode, kNoNode});
    read_condition(ast, rule, rule.condition, typed, &Branch::condition);
    const bool required = read_condition(ast, rule, rule.requirement, typed, &Branch::requirement);
    if (required && rule.requirement != kNoExpr) look_at_requirement(ast, rule);
    typed_.branches.insert(typed_.branches.end(), branches_.begin(), branches_.end());
  }

  // Statements without a condition that share their cells share their branches.
  void unconditional(TypedRule& typed) {
    if (typed.cells.count > 1) {
      const auto [found, fresh] = plain_.try_emplace(typed.cells.first, typed.branches);
      if (!fresh) {
        typed.branches = found->second;
        return;
      }
    }
    for (const TypeId type : reached_)
      typed_.branches.push_back({type, kNoNode, kNoNode});
  }

  // False after an error.
  bool read_condition(const Ast& ast, const Rule& rule, ExprId expr, const TypedRule& typed, NodeId Branch::*part) {
    if (expr == kNoExpr || reached_.empty()) return true;
    Typing typing;
    typing.ast = &ast;
    typing.reached = reached_;
    typing.cells = cells_of(typed);
    typing.agent_allowed = rule.kind == RuleKind::kTrust || rule.via.count > 0;
    bool never = true, failed = false;
    std::uint32_t count = 0;
    for (Branch& branch : branches_) {
      typing.resource = branch.type;
      typing.branch = count++;
      typing.by_type = false;
      typing.steps = 0;
      const NodeId node = checker_.condition(typing, expr);
      if (node == kNoNode) {
        failed = true;
        if (typing.by_type) continue;  // other types may have other faults
        break;
      }
      check_cost(ast, expr, node);
      never &= checker_.pool.facts(node).never_true;
      branch.*part = checker_.pool.is_truth(node, true) ? kNoNode : node;
      if (typing.by_type || branches_.size() == 1) continue;
      // Nothing in it depends on the type: all branches are this one.
      for (Branch& other : branches_)
        other.*part = branch.*part;
      break;
    }
    if (!failed) finish(ast, expr, typing, count, never);
    return !failed;
  }

  void check_cost(const Ast& ast, ExprId expr, NodeId node) {
    if (checker_.pool.facts(node).cost <= kMaxNodeCost - kRoomForPeople) return;
    checker_.error(Checker::at(ast, ast.expr(expr).span), "too-large", "this condition is too large",
                   "with its defines written out it has more than 61,440 parts");
  }

  void finish(const Ast& ast, ExprId expr, Typing& typing, std::uint32_t branches, bool never) {
    checker_.collect_impossible(typing, branches);
    if (!never) return;
    // Each part may be possible for some type, and the whole for none.
    Impossible whole;
    whole.expr = expr;
    whole.where = Checker::at(ast, ast.expr(expr).span);
    whole.message =
        branches > 1 ? "this can never be true for any type that the pattern reaches" : "this can never be true";
    checker_.impossible.push_back(std::move(whole));
  }

  void look_at_requirement(const Ast& ast, const Rule& rule) {
    const auto trivial = [](const Branch& branch) { return branch.requirement == kNoNode; };
    if (branches_.empty() || !std::all_of(branches_.begin(), branches_.end(), trivial)) return;
    checker_.error(Checker::at(ast, ast.expr(rule.requirement).span), "never-applies",
                   "what is required always holds, so this statement never applies");
  }

  Checker& checker_;
  Typed& typed_;
  DemandPool demands_;
  bool over_budget_ = false;
  std::unordered_set<std::string_view> ids_;
  std::unordered_map<std::string_view, Range> wide_;  // by the pattern as written
  std::unordered_map<std::uint32_t, Range> plain_;    // branches without conditions, by the first of the cells
  std::string_view last_action_;  // of the last pattern that named one action of one open type, and an id
  std::string_view last_type_;
  Cell last_cell_;
  std::vector<Cell> cells_;
  std::vector<TypeId> reached_;
  std::vector<Branch> branches_;
};

}  // namespace

std::string_view Checker::said(const Ast& ast, const Name& text) {
  if (text.given() && text.text.empty()) {
    error(at(ast, text.span), "empty-text", "this text says nothing",
          "whoever reads the answer has to know what is meant");
  }
  return keep(ast, text.text);
}

Demands Checker::demands(const Ast& ast, Range clauses) {
  Demands demands;
  for (std::uint32_t i = 0; i < clauses.count; ++i) {
    const Clause& clause = ast.clauses[clauses.first + i];
    const Location where = at(ast, clause.span);
    bool repeated = false;
    switch (clause.kind) {
      case ClauseKind::kFor:
        repeated = demands.lifetime != 0;
        // A duration that is none was reported, and reads as nothing.
        if (clause.duration == 0 && ast.source->at(clause.span).find_first_of("123456789") != std::string_view::npos)
          break;
        if (clause.duration <= 0 || clause.duration % kSecond != 0 || clause.duration / kSecond > kMaxLifetime) {
          error(where, "bad-lifetime", "a lifetime is whole seconds, from one to 365 days");
        }
        demands.lifetime = clause.duration / kSecond;
        break;
      case ClauseKind::kOnce:
        repeated = demands.once;
        demands.once = true;
        break;
      case ClauseKind::kProof:
        repeated = demands.proof_dpop;
        demands.proof_dpop = true;
        break;
      case ClauseKind::kAudience:
        demands.audience.emplace_back(said(ast, clause.text));
        break;
      case ClauseKind::kNotify:
        demands.notify.emplace_back(said(ast, clause.text));
        break;
    }
    if (repeated) error(where, "duplicate-clause", "this clause stands twice", "leave one out");
  }
  for (std::vector<std::string>* list : {&demands.audience, &demands.notify}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  if (demands.audience.size() > kMaxAudiences) {
    const Span first = ast.clauses[clauses.first].span;
    error(at(ast, first), "too-many", "a statement names at most 64 audiences",
          "name a gateway that stands for several");
  }
  return demands;
}

void Checker::check_rules() {
  Rules(*this).run();
}

}  // namespace writ::policy
