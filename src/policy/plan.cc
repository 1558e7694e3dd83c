// Typed -> Tree: statements are folded into one condition each and sorted under the cells they speak of.
// Tested by the goldens of tests/golden and, end to end, by tests/differential.
#include "src/policy/plan.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "src/base/hash.h"

namespace writ::policy {
namespace {

// One entry under one cell, before sorting.
struct Placed {
  Cell cell;
  TreeEntry entry;
};

class Planner {
 public:
  explicit Planner(Typed typed) { tree_.typed = std::move(typed); }

  Tree run() {
    placed_.reserve(tree_.typed.cells.size());
    for (std::uint32_t rule = 0; rule < tree_.typed.rules.size(); ++rule) place(rule);
    std::sort(placed_.begin(), placed_.end(), before);
    gather();
    return std::move(tree_);
  }

 private:
  static auto key(const Cell& cell) { return std::tuple(cell.type, cell.action, cell.kind, cell.id); }
  static bool before(const Placed& a, const Placed& b) {
    const auto ka = key(a.cell);
    const auto kb = key(b.cell);
    if (ka != kb) return ka < kb;
    return std::tuple(a.entry.kind, a.entry.rule) < std::tuple(b.entry.kind, b.entry.rule);
  }

  NodeId add(Op op, std::vector<NodeId> kids, std::uint32_t index = 0) {
    Typed& typed = tree_.typed;
    Node node;
    node.op = op;
    node.index = index;
    node.kids = {static_cast<std::uint32_t>(typed.kids.size()), static_cast<std::uint32_t>(kids.size())};
    typed.kids.insert(typed.kids.end(), kids.begin(), kids.end());
    typed.nodes.push_back(node);
    return static_cast<NodeId>(typed.nodes.size() - 1);
  }

  // The nodes that many statements share: `user`, `agent`, `the agent is the last of the chain`.
  NodeId shared(Op op, NodeId& slot) {
    if (slot == kNoNode) slot = add(op, {});
    return slot;
  }

  NodeId constant(const Datum& entity) {
    std::string key(reinterpret_cast<const char*>(&entity.type), sizeof(entity.type));
    key += entity.text();
    const auto [found, fresh] = entity_nodes_.try_emplace(std::move(key), kNoNode);
    if (fresh) {
      tree_.typed.constants.push_back(entity);
      found->second = add(Op::kConstant, {}, static_cast<std::uint32_t>(tree_.typed.constants.size() - 1));
    }
    return found->second;
  }

  // `to user:x` is that user; anything else is whoever is in it.
  NodeId matches(NodeId who, TypeId own_type, const Principal& principal) {
    const Op op = principal.entity.type == own_type ? Op::kEqual : Op::kInEntity;
    const NodeId target = constant(principal.entity);
    const std::uint64_t memo_key = (std::uint64_t{who} << 32U) | target;
    const auto [found, fresh] = match_nodes_.try_emplace(memo_key, kNoNode);
    if (fresh) found->second = add(op, {who, target});
    return found->second;
  }

  NodeId any_of(std::vector<NodeId> alternatives) {
    return alternatives.size() == 1 ? alternatives.front() : add(Op::kOr, std::move(alternatives));
  }

  // kNoNode where the people are no restriction.
  NodeId people(Range range) {
    std::vector<NodeId> alternatives;
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Principal& principal = tree_.typed.principals[range.first + i];
      if (principal.any) return kNoNode;
      alternatives.push_back(matches(shared(Op::kUser, user_), tree_.typed.schema->user, principal));
    }
    return alternatives.empty() ? kNoNode : any_of(std::move(alternatives));
  }

  NodeId agents(Range range) {
    std::vector<NodeId> alternatives;
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Principal& principal = tree_.typed.principals[range.first + i];
      std::vector<NodeId> parts;
      if (!principal.any) {
        parts.push_back(matches(shared(Op::kAgent, agent_), tree_.typed.schema->agent, principal));
      }
      if (principal.last) parts.push_back(shared(Op::kIsLastAgent, last_));
      if (parts.empty()) return kNoNode;
      alternatives.push_back(parts.size() == 1 ? parts.front() : add(Op::kAnd, std::move(parts)));
    }
    return alternatives.empty() ? kNoNode : any_of(std::move(alternatives));
  }

  void flatten(std::vector<NodeId>& parts, NodeId node) const {
    if (node == kNoNode) return;
    const Node& whole = tree_.typed.nodes[node];
    if (whole.op != Op::kAnd) {
      if (std::find(parts.begin(), parts.end(), node) == parts.end()) parts.push_back(node);
      return;
    }
    for (std::uint32_t i = 0; i < whole.kids.count; ++i) flatten(parts, tree_.typed.kids[whole.kids.first + i]);
  }

  NodeId all_of(NodeId who, NodeId via, NodeId condition, NodeId requirement) {
    std::vector<NodeId> parts;
    flatten(parts, who);
    flatten(parts, via);
    flatten(parts, condition);
    if (requirement != kNoNode) parts.push_back(add(Op::kNot, {requirement}));
    if (parts.empty()) return kNoNode;
    return parts.size() == 1 ? parts.front() : add(Op::kAnd, std::move(parts));
  }

  void place(std::uint32_t index) {
    const TypedRule rule = tree_.typed.rules[index];
    const NodeId who = people(rule.to);
    const NodeId via = agents(rule.via);
    std::vector<NodeId> conditions;
    for (std::uint32_t i = 0; i < rule.branches.count; ++i) {
      const Branch branch = tree_.typed.branches[rule.branches.first + i];
      conditions.push_back(all_of(who, via, branch.condition, branch.requirement));
    }
    TreeEntry entry;
    entry.rule = index;
    entry.per_agent = rule.via.count > 0;
    entry.kind = entry_kind(rule.kind);
    const bool clauses = rule.demands != kNoDemands;
    std::uint32_t branch = 0;
    for (std::uint32_t i = 0; i < rule.cells.count; ++i) {
      const Cell cell = tree_.typed.cells[rule.cells.first + i];
      while (tree_.typed.branches[rule.branches.first + branch].type != cell.type) {
        branch = (branch + 1) % rule.branches.count;
      }
      // What always holds for resources of a type asks nothing of anybody there.
      const NodeId requirement = tree_.typed.branches[rule.branches.first + branch].requirement;
      if (rule.kind == RuleKind::kRequire && requirement == kNoNode) continue;
      entry.condition = conditions[branch];
      entry.demands = rule.kind == RuleKind::kLimit ? rule.demands : kNoDemands;
      placed_.push_back({cell, entry});
      if (clauses && rule.kind != RuleKind::kLimit) {
        TreeEntry limit = entry;
        limit.kind = EntryKind::kLimit;
        limit.demands = rule.demands;
        placed_.push_back({cell, limit});
      }
    }
  }

  static EntryKind entry_kind(RuleKind kind) {
    switch (kind) {
      case RuleKind::kAllow: return EntryKind::kAllow;
      case RuleKind::kTrust: return EntryKind::kTrust;
      case RuleKind::kDeny: return EntryKind::kDeny;
      case RuleKind::kRequire: return EntryKind::kRequire;
      case RuleKind::kLimit: return EntryKind::kLimit;
    }
    return EntryKind::kDeny;
  }

  void gather() {
    tree_.entries.reserve(placed_.size());
    const Cell* last = nullptr;
    for (const Placed& placed : placed_) {
      if (last == nullptr || last->type != placed.cell.type || last->action != placed.cell.action) {
        tree_.pairs.push_back({placed.cell.action, placed.cell.type, {count(tree_.keys), 0}});
        last = nullptr;
      }
      if (last == nullptr || key(*last) != key(placed.cell)) {
        tree_.keys.push_back({placed.cell.kind, placed.cell.id, {count(tree_.entries), 0}});
        ++tree_.pairs.back().keys.count;
      }
      last = &placed.cell;
      tree_.entries.push_back(placed.entry);
      ++tree_.keys.back().entries.count;
    }
  }

  template <class T>
  static std::uint32_t count(const std::vector<T>& items) {
    return static_cast<std::uint32_t>(items.size());
  }

  Tree tree_;
  std::vector<Placed> placed_;
  std::unordered_map<std::string, NodeId> entity_nodes_;
  std::unordered_map<std::uint64_t, NodeId> match_nodes_;
  NodeId user_ = kNoNode;
  NodeId agent_ = kNoNode;
  NodeId last_ = kNoNode;
};

}  // namespace

Tree plan(Typed typed) { return Planner(std::move(typed)).run(); }

}  // namespace writ::policy
