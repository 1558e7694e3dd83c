// Typed -> Tree: statements are folded into one condition each and sorted under the cells they speak of.
// Tested by the goldens of tests/golden and, end to end, by tests/differential.
#include "src/policy/plan.h"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>

#include "src/base/aside.h"
#include "src/base/hash.h"
#include "src/base/index_table.h"
#include "src/base/radix_sort.h"

namespace writ::policy {
namespace {

// One entry under one cell, before sorting.
struct Placed {
  Cell cell;
  TreeEntry entry;
};

// The nodes of somebody that statements name.
struct Named {
  Datum entity;
  NodeId constant = kNoNode;
  NodeId as_user = kNoNode;   // the test that the user is that one, or in it
  NodeId as_agent = kNoNode;  // likewise
};

class Planner {
  static constexpr std::size_t kFew = 50'000;  // entries that are not worth another thread
  static constexpr std::size_t kAhead = 32;    // how many things' memory is fetched before the first of them is needed

 public:
  Planner(Typed typed, unsigned threads) : named_table_(typed.principals.size()), threads_(threads) {
    tree_.typed = std::move(typed);
  }

  Tree run() {
    Typed& typed = tree_.typed;
    placed_.reserve(typed.cells.size());
    for (std::uint32_t rule = 0; rule < typed.rules.size(); ++rule)
      place(rule);
    // The order does not ask for conditions.
    Aside sorting(placed_.size() < kFew ? 1 : threads_, [this] { sort(); });
    named_.reserve(typed.principals.size());
    name_principals();
    typed.nodes.reserve(typed.nodes.size() + 2 * named_.size() + 3);
    typed.kids.reserve(typed.kids.size() + 2 * named_.size());
    typed.constants.reserve(typed.constants.size() + named_.size());
    for (std::uint32_t rule = 0; rule < typed.rules.size(); ++rule) {
      if (rule + kAhead < typed.rules.size()) prefetch(typed.rules[rule + kAhead]);
      put_conditions(rule);
    }
    sorting.wait();
    // The tree says it from here on.
    let_go(typed.cells);
    let_go(typed.branches);
    let_go(typed.principals);
    let_go(named_);
    let_go(named_of_);
    named_table_ = IndexTable();
    gather();
    return std::move(tree_);
  }

 private:
  static std::uint64_t group(const Cell& cell) {
    return (std::uint64_t{cell.type} << 24U) | (std::uint64_t{cell.action} << 8U) |
           static_cast<std::uint64_t>(cell.kind);
  }
  static bool same(const Cell& a, const Cell& b) { return group(a) == group(b) && a.id == b.id; }

  NodeId add(Op op, std::span<const NodeId> kids, std::uint32_t index = 0) {
    Typed& typed = tree_.typed;
    Node node;
    node.op = op;
    node.index = index;
    node.kids = {count(typed.kids), static_cast<std::uint32_t>(kids.size())};
    typed.kids.insert(typed.kids.end(), kids.begin(), kids.end());
    typed.nodes.push_back(node);
    return static_cast<NodeId>(typed.nodes.size() - 1);
  }

  // The nodes that many statements share: `user`, `agent`, `the agent is the last of the chain`.
  NodeId shared(Op op, NodeId& slot) {
    if (slot == kNoNode) slot = add(op, {});
    return slot;
  }

  // Says of each principal which of the named it is. The searches go on side by side, as each waits for memory that
  // lies anywhere: a place in the table, then the one that stands there, then its text.
  void name_principals() {
    const Bulk<Principal>& principals = tree_.typed.principals;
    named_of_.reserve(principals.size());
    named_of_.resize(principals.size());
    std::array<std::uint64_t, kAhead> hashes{};
    std::array<std::uint32_t, kAhead> likely{};
    for (std::size_t first = 0; first < principals.size(); first += kAhead) {
      const std::size_t size = std::min(kAhead, principals.size() - first);
      for (std::size_t i = 0; i < size; ++i) {
        const Datum& entity = principals[first + i].entity;
        if (principals[first + i].any) continue;
        hashes[i] = hash_entity(entity.type, entity.text(), 0);
        named_table_.prefetch(hashes[i]);
      }
      for (std::size_t i = 0; i < size; ++i) {
        likely[i] = principals[first + i].any ? IndexTable::kNone : named_table_.likely(hashes[i]);
        if (likely[i] != IndexTable::kNone) __builtin_prefetch(&named_[likely[i]]);
      }
      for (std::size_t i = 0; i < size; ++i) {
        if (likely[i] != IndexTable::kNone) __builtin_prefetch(named_[likely[i]].entity.bytes);
      }
      for (std::size_t i = 0; i < size; ++i) {
        if (!principals[first + i].any) named_of_[first + i] = name(principals[first + i].entity, hashes[i]);
      }
    }
  }

  std::uint32_t name(const Datum& entity, std::uint64_t hash) {
    const auto same = [&](std::uint32_t at) { return same_entity(named_[at].entity, entity); };
    const std::uint32_t at = named_table_.find_or_add(hash, count(named_), same);
    if (at == named_.size()) named_.push_back({entity});
    return at;
  }

  void prefetch(const TypedRule& rule) const {
    if (rule.to.count != 0) __builtin_prefetch(&named_[named_of_[rule.to.first]]);
  }

  // `to user:x` is that user; anything else is whoever is in it.
  NodeId matches(NodeId who, TypeId own_type, std::uint32_t principal, NodeId Named::*as) {
    Named& named = named_[named_of_[principal]];
    if (named.constant == kNoNode) {
      tree_.typed.constants.push_back(named.entity);
      named.constant = add(Op::kConstant, {}, count(tree_.typed.constants) - 1);
    }
    if (named.*as == kNoNode) {
      const Op op = named.entity.type == own_type ? Op::kEqual : Op::kInEntity;
      named.*as = add(op, std::array{who, named.constant});
    }
    return named.*as;
  }

  NodeId any_of(std::span<const NodeId> alternatives) {
    return alternatives.size() == 1 ? alternatives.front() : add(Op::kOr, alternatives);
  }

  // kNoNode where the people are no restriction.
  NodeId people(Range range) {
    std::vector<NodeId>& alternatives = alternatives_;
    alternatives.clear();
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Principal& principal = tree_.typed.principals[range.first + i];
      if (principal.any) return kNoNode;
      const NodeId user = shared(Op::kUser, user_);
      alternatives.push_back(matches(user, tree_.typed.schema->user, range.first + i, &Named::as_user));
    }
    return alternatives.empty() ? kNoNode : any_of(alternatives);
  }

  NodeId agents(Range range) {
    std::vector<NodeId> alternatives;
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Principal& principal = tree_.typed.principals[range.first + i];
      std::vector<NodeId> parts;
      if (!principal.any) {
        const NodeId agent = shared(Op::kAgent, agent_);
        parts.push_back(matches(agent, tree_.typed.schema->agent, range.first + i, &Named::as_agent));
      }
      if (principal.last) parts.push_back(shared(Op::kIsLastAgent, last_));
      if (parts.empty()) return kNoNode;
      alternatives.push_back(parts.size() == 1 ? parts.front() : add(Op::kAnd, parts));
    }
    return alternatives.empty() ? kNoNode : any_of(alternatives);
  }

  void flatten(std::vector<NodeId>& parts, NodeId node) const {
    if (node == kNoNode) return;
    const Node& whole = tree_.typed.nodes[node];
    if (whole.op != Op::kAnd) {
      if (std::find(parts.begin(), parts.end(), node) == parts.end()) parts.push_back(node);
      return;
    }
    for (std::uint32_t i = 0; i < whole.kids.count; ++i)
      flatten(parts, tree_.typed.kids[whole.kids.first + i]);
  }

  NodeId all_of(NodeId who, NodeId via, NodeId condition, NodeId requirement) {
    std::vector<NodeId>& parts = parts_;
    parts.clear();
    flatten(parts, who);
    flatten(parts, via);
    flatten(parts, condition);
    if (requirement != kNoNode) parts.push_back(add(Op::kNot, std::array{requirement}));
    if (parts.empty()) return kNoNode;
    return parts.size() == 1 ? parts.front() : add(Op::kAnd, parts);
  }

  // Calls visit(cell, its branch) for each cell that the statement speaks of.
  template <class Visit>
  void each_cell(const TypedRule& rule, Visit visit) const {
    std::uint32_t branch = 0;
    for (std::uint32_t i = 0; i < rule.cells.count; ++i) {
      const Cell& cell = tree_.typed.cells[rule.cells.first + i];
      while (tree_.typed.branches[rule.branches.first + branch].type != cell.type) {
        branch = (branch + 1) % rule.branches.count;
      }
      // What always holds for resources of a type asks nothing of anybody there.
      const NodeId requirement = tree_.typed.branches[rule.branches.first + branch].requirement;
      if (rule.kind == RuleKind::kRequire && requirement == kNoNode) continue;
      visit(cell, branch);
    }
  }

  // Clauses of what is no limit are a limit of their own.
  static bool has_own_limit(const TypedRule& rule) {
    return rule.demands != kNoDemands && rule.kind != RuleKind::kLimit;
  }

  // The entries of a statement, without their conditions.
  void place(std::uint32_t index) {
    const TypedRule& rule = tree_.typed.rules[index];
    TreeEntry entry;
    entry.rule = index;
    entry.per_agent = rule.via.count > 0;
    entry.kind = entry_kind(rule.kind);
    entry.demands = rule.kind == RuleKind::kLimit ? rule.demands : kNoDemands;
    TreeEntry limit = entry;
    limit.kind = EntryKind::kLimit;
    limit.demands = rule.demands;
    each_cell(rule, [&](const Cell& cell, std::uint32_t) {
      placed_.push_back({cell, entry});
      if (has_own_limit(rule)) placed_.push_back({cell, limit});
    });
  }

  // Once for each statement, in the order in which they were placed.
  void put_conditions(std::uint32_t index) {
    const TypedRule& rule = tree_.typed.rules[index];
    const NodeId who = people(rule.to);
    const NodeId via = agents(rule.via);
    std::vector<NodeId>& conditions = conditions_;
    conditions.clear();
    for (std::uint32_t i = 0; i < rule.branches.count; ++i) {
      const Branch branch = tree_.typed.branches[rule.branches.first + i];
      conditions.push_back(all_of(who, via, branch.condition, branch.requirement));
    }
    each_cell(rule, [&](const Cell&, std::uint32_t branch) {
      placed_[next_++].entry.condition = conditions[branch];
      if (has_own_limit(rule)) placed_[next_++].entry.condition = conditions[branch];
    });
  }

  static EntryKind entry_kind(RuleKind kind) {
    switch (kind) {
      case RuleKind::kAllow:
        return EntryKind::kAllow;
      case RuleKind::kTrust:
        return EntryKind::kTrust;
      case RuleKind::kDeny:
        return EntryKind::kDeny;
      case RuleKind::kRequire:
        return EntryKind::kRequire;
      case RuleKind::kLimit:
        return EntryKind::kLimit;
    }
    return EntryKind::kDeny;
  }

  // By type, action, kind of cell and id; under one cell by kind of entry, then statement.
  void sort() {
    order_.reserve(placed_.size());
    order_.resize(placed_.size());
    for (std::uint32_t i = 0; i < placed_.size(); ++i)
      order_[i] = {group(placed_[i].cell), i};
    Bulk<Keyed> scratch;
    scratch.reserve(placed_.size());
    radix_sort(order_, scratch);
    const auto id = [this](std::uint32_t i) { return placed_[i].cell.id; };
    const auto before = [this](std::uint32_t a, std::uint32_t b) {
      const TreeEntry& one = placed_[a].entry;
      const TreeEntry& other = placed_[b].entry;
      return std::tuple(one.kind, one.rule) < std::tuple(other.kind, other.rule);
    };
    for (std::size_t begin = 0; begin < order_.size();) {
      std::size_t end = begin + 1;
      while (end < order_.size() && order_[end].key == order_[begin].key)
        ++end;
      sort_by_text(std::span(order_).subspan(begin, end - begin), scratch, id, before);
      begin = end;
    }
  }

  void gather() {
    tree_.entries.reserve(placed_.size());
    tree_.keys.reserve(placed_.size());
    const Cell* last = nullptr;
    for (const Keyed& at : order_) {
      const Placed& placed = placed_[at.index];
      if (last == nullptr || last->type != placed.cell.type || last->action != placed.cell.action) {
        tree_.pairs.push_back({placed.cell.action, placed.cell.type, {count(tree_.keys), 0}});
        last = nullptr;
      }
      if (last == nullptr || !same(*last, placed.cell)) {
        tree_.keys.push_back({placed.cell.kind, placed.cell.id, {count(tree_.entries), 0}});
        ++tree_.pairs.back().keys.count;
      }
      last = &placed.cell;
      tree_.entries.push_back(placed.entry);
      ++tree_.keys.back().entries.count;
    }
  }

  template <class Items>
  static std::uint32_t count(const Items& items) {
    return static_cast<std::uint32_t>(items.size());
  }

  Tree tree_;
  Bulk<Placed> placed_;
  std::size_t next_ = 0;  // in placed_, to be given its condition
  Bulk<Keyed> order_;     // of placed_
  Bulk<Named> named_;
  Bulk<std::uint32_t> named_of_;  // of each principal that is somebody, in named_
  IndexTable named_table_;        // of named_, by entity
  std::vector<NodeId> alternatives_;
  std::vector<NodeId> parts_;
  std::vector<NodeId> conditions_;
  NodeId user_ = kNoNode;
  NodeId agent_ = kNoNode;
  NodeId last_ = kNoNode;
  unsigned threads_;
};

}  // namespace

Tree plan(Typed typed, unsigned threads) {
  return Planner(std::move(typed), threads).run();
}

}  // namespace writ::policy
