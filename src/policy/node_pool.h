// NodePool: the one DAG of a policy's expressions while check builds it. Equal nodes are one node, and what is known
// without asking anybody is folded. Folding keeps the three values and the instant until which they hold: nothing
// unknown ever becomes something.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/policy/typed.h"

namespace writ::policy {

// What is known of a node without its surroundings.
struct NodeFacts {
  std::uint32_t cost = 1;  // visits of an evaluation, as verify() counts them; saturates
  std::uint16_t depth = 1;
  bool never_true = false;   // a condition that no request makes true
  bool never_false = false;  // one that is neither false nor unknown, ever
  bool reads_resource = false;
  bool reads_agent = false;
};

class NodePool {
 public:
  explicit NodePool(Typed& typed);

  const Node& at(NodeId id) const { return typed_.nodes[id]; }
  const NodeFacts& facts(NodeId id) const { return facts_[id]; }
  NodeId kid(NodeId id, std::uint32_t n) const { return typed_.kids[at(id).kids.first + n]; }
  std::span<const NodeId> kids(NodeId id) const;
  std::span<const Slot> slots(NodeId id) const;
  // Of a kConstant.
  const Datum& datum(NodeId id) const { return typed_.constants[at(id).index]; }
  bool is_constant(NodeId id) const { return at(id).op == Op::kConstant; }
  bool is_truth(NodeId id, bool value) const { return at(id).op == Op::kConst && at(id).number == (value ? 1 : 0); }

  // `node` says operation, type, slope, index and numbers; its ranges are filled in.
  NodeId make(Node node, std::span<const NodeId> kids = {}, std::span<const Slot> slots = {});
  NodeId make(const Node& node, std::initializer_list<NodeId> kids, std::span<const Slot> slots = {}) {
    return make(node, std::span<const NodeId>(kids.begin(), kids.size()), slots);
  }
  NodeId truth(bool value, Location where);
  NodeId constant(const Datum& datum, ValueTypeId type, Location where);
  NodeId negation(NodeId condition, Location where);
  // kAnd or kOr: flattens, drops what changes nothing, and is the one operand where only one is left.
  NodeId junction(Op op, std::span<const NodeId> kids, Location where);
  // For conditions whose operands alone tell that they cannot be true, such as entities of types that never meet.
  void mark_never_true(NodeId id) { facts_[id].never_true = true; }

  std::uint32_t glob(std::string_view text);
  std::uint32_t zone(Zone zone);

  // Leaves only what `roots` need, which are given their new places. After this nothing more is made.
  void keep_only(std::span<NodeId* const> roots);

  // The size of all pools, and back to it: for what is typed only to see whether it can be.
  struct Mark {
    std::size_t nodes, kids, slots, constants, globs, zones;
  };
  Mark mark() const;
  void drop_from(const Mark& mark);

 private:
  void derive(NodeId id);
  std::uint64_t hash(const Node& node, std::span<const NodeId> kids, std::span<const Slot> slots) const;
  bool same(const Node& a, std::span<const NodeId> kids, std::span<const Slot> slots, NodeId b) const;
  std::uint32_t intern(const Datum& datum);
  void grow();

  Typed& typed_;
  Bulk<NodeFacts> facts_;
  std::vector<std::uint64_t> hashes_;  // of the nodes
  std::vector<NodeId> table_;          // open addressing; kNoNode is free
  std::vector<std::uint64_t> constant_hashes_;
  std::vector<std::uint32_t> constant_table_;
  std::unordered_map<std::string_view, std::uint32_t> globs_;
  std::vector<NodeId> scratch_;
};

std::uint64_t hash_datum(const Datum& datum) noexcept;

}  // namespace writ::policy
