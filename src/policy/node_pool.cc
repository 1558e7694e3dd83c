#include "src/policy/node_pool.h"

#include <algorithm>

#include "src/base/hash.h"
#include "src/policy/node_shape.h"

namespace writ::policy {
namespace {

constexpr std::size_t kFirstTable = 1024;

template <class Items>
std::uint32_t count_of(const Items& items) {
  return static_cast<std::uint32_t>(items.size());
}

std::uint64_t hash_cell(const Cell& cell) noexcept {
  const std::uint64_t key =
      (std::uint64_t{cell.action} << 24U) | (std::uint64_t{cell.type} << 8U) | static_cast<std::uint64_t>(cell.kind);
  return hash_bytes(cell.id, key);
}

// Puts `entry` into an open-addressed table of indices whose hashes are kept beside it.
void put(std::vector<std::uint32_t>& table, std::uint64_t hash, std::uint32_t entry) {
  std::size_t at = hash & (table.size() - 1);
  while (table[at] != kNoNode)
    at = (at + 1) & (table.size() - 1);
  table[at] = entry;
}

void rebuild(std::vector<std::uint32_t>& table, const std::vector<std::uint64_t>& hashes) {
  std::size_t size = std::max(kFirstTable, table.size());
  while (size < hashes.size() * 2 + 2)
    size *= 2;
  table.assign(size, kNoNode);
  for (std::uint32_t i = 0; i < hashes.size(); ++i)
    put(table, hashes[i], i);
}

}  // namespace

std::uint64_t hash_datum(const Datum& datum) noexcept {
  std::uint64_t hash = (std::uint64_t{datum.type} << 8U) | static_cast<std::uint64_t>(datum.kind);
  switch (datum.kind) {
    case DatumKind::kString:
    case DatumKind::kEntity:
      return hash_bytes(datum.text(), hash);
    case DatumKind::kIp: {
      const Ip& ip = *datum.address;
      const std::string_view bytes(reinterpret_cast<const char*>(ip.bytes.data()), ip.bytes.size());
      return hash_bytes(bytes, hash ^ (std::uint64_t{ip.prefix} << 32U) ^ (ip.v4 ? 1ULL << 48U : 0));
    }
    case DatumKind::kScope:
      for (std::uint32_t i = 0; i < datum.count; ++i)
        hash = hash_mix(hash, hash_cell(datum.cells[i]));
      return hash;
    case DatumKind::kSet:
    case DatumKind::kRecord:
      for (std::uint32_t i = 0; i < datum.count; ++i)
        hash = hash_mix(hash, hash_datum(datum.items[i]));
      return hash;
    default:
      return hash_mix(hash, static_cast<std::uint64_t>(datum.number));
  }
}

NodePool::NodePool(Typed& typed) : typed_(typed) {
  rebuild(table_, hashes_);
  rebuild(constant_table_, constant_hashes_);
}

std::span<const NodeId> NodePool::kids(NodeId id) const {
  return {typed_.kids.data() + at(id).kids.first, at(id).kids.count};
}

std::span<const Slot> NodePool::slots(NodeId id) const {
  return {typed_.slots.data() + at(id).slots.first, at(id).slots.count};
}

std::uint64_t NodePool::hash(const Node& node, std::span<const NodeId> kids, std::span<const Slot> slots) const {
  std::uint64_t hash = (std::uint64_t{node.type} << 8U) | static_cast<std::uint64_t>(node.op);
  hash = hash_mix(hash, (std::uint64_t{node.index} << 32U) ^ static_cast<std::uint64_t>(node.number));
  if (node.number2 != 0) hash = hash_mix(hash, static_cast<std::uint64_t>(node.number2));
  for (const NodeId kid : kids)
    hash = hash_mix(hash, kid);
  for (const Slot slot : slots)
    hash = hash_mix(hash, (std::uint64_t{slot.key} << 16U) | slot.index);
  return hash;
}

bool NodePool::same(const Node& a, std::span<const NodeId> kids, std::span<const Slot> slots, NodeId other) const {
  const Node& b = at(other);
  if (a.op != b.op || a.type != b.type || a.index != b.index || a.number != b.number || a.number2 != b.number2 ||
      kids.size() != b.kids.count || slots.size() != b.slots.count) {
    return false;
  }
  const auto same_slot = [](Slot x, Slot y) { return x.key == y.key && x.index == y.index; };
  return std::equal(kids.begin(), kids.end(), typed_.kids.begin() + b.kids.first) &&
         std::equal(slots.begin(), slots.end(), typed_.slots.begin() + b.slots.first, same_slot);
}

NodeId NodePool::make(Node node, std::span<const NodeId> kids, std::span<const Slot> slots) {
  const std::uint64_t own = hash(node, kids, slots);
  for (std::size_t at = own & (table_.size() - 1); table_[at] != kNoNode; at = (at + 1) & (table_.size() - 1)) {
    if (hashes_[table_[at]] == own && same(node, kids, slots, table_[at])) return table_[at];
  }
  const auto id = static_cast<NodeId>(typed_.nodes.size());
  node.kids = {count_of(typed_.kids), static_cast<std::uint32_t>(kids.size())};
  typed_.kids.insert(typed_.kids.end(), kids.begin(), kids.end());
  node.slots = {count_of(typed_.slots), static_cast<std::uint32_t>(slots.size())};
  typed_.slots.insert(typed_.slots.end(), slots.begin(), slots.end());
  typed_.nodes.push_back(node);
  hashes_.push_back(own);
  derive(id);
  if (hashes_.size() * 2 > table_.size()) {
    rebuild(table_, hashes_);
  } else {
    put(table_, own, id);
  }
  return id;
}

// The facts of a new node from those of its operands.
void NodePool::derive(NodeId id) {
  NodeFacts own;
  const Node& node = at(id);
  own.reads_resource = node.op == Op::kResource;
  own.reads_agent = node.op == Op::kAgent;
  std::uint64_t cost = 1;
  bool one_never_true = false, all_never_true = true, all_never_false = true, one_never_false = false;
  for (const NodeId kid : kids(id)) {
    if (kid == kNoNode) continue;
    const NodeFacts& from = facts_[kid];
    cost += from.cost;
    own.depth = std::max<std::uint16_t>(own.depth, static_cast<std::uint16_t>(from.depth + 1));
    own.reads_resource |= from.reads_resource;
    own.reads_agent |= from.reads_agent;
    one_never_true |= from.never_true;
    all_never_true &= from.never_true;
    one_never_false |= from.never_false;
    all_never_false &= from.never_false;
  }
  own.cost = static_cast<std::uint32_t>(std::min<std::uint64_t>(cost, kMaxNodeCost + 1));
  switch (node.op) {
    case Op::kConst:
      own.never_true = node.number == 0;
      own.never_false = node.number != 0;
      break;
    case Op::kAnd:
      own.never_true = one_never_true;
      own.never_false = all_never_false;
      break;
    case Op::kOr:
      own.never_true = all_never_true;
      own.never_false = one_never_false;
      break;
    case Op::kNot:
      own.never_true = one_never_false;
      break;
    case Op::kAny:
      own.never_true = facts_[kid(id, 1)].never_true;
      break;
    default:
      break;
  }
  facts_.push_back(own);
}

NodeId NodePool::truth(bool value, Location where) {
  Node node;
  node.op = Op::kConst;
  node.number = value ? 1 : 0;
  node.where = where;
  return make(node);
}

std::uint32_t NodePool::intern(const Datum& datum) {
  const std::uint64_t own = hash_datum(datum);
  std::size_t at = own & (constant_table_.size() - 1);
  for (; constant_table_[at] != kNoNode; at = (at + 1) & (constant_table_.size() - 1)) {
    const std::uint32_t found = constant_table_[at];
    if (constant_hashes_[found] == own && compare(typed_.constants[found], datum) == 0) return found;
  }
  const std::uint32_t index = count_of(typed_.constants);
  typed_.constants.push_back(datum);
  constant_hashes_.push_back(own);
  if (constant_hashes_.size() * 2 > constant_table_.size()) {
    rebuild(constant_table_, constant_hashes_);
  } else {
    constant_table_[at] = index;
  }
  return index;
}

NodeId NodePool::constant(const Datum& datum, ValueTypeId type, Location where) {
  Node node;
  node.op = Op::kConstant;
  node.type = type;
  node.index = intern(datum);
  node.where = where;
  return make(node);
}

NodeId NodePool::negation(NodeId condition, Location where) {
  if (at(condition).op == Op::kConst) return truth(at(condition).number == 0, where);
  if (at(condition).op == Op::kNot) return kid(condition, 0);
  Node node;
  node.op = Op::kNot;
  node.where = where;
  return make(node, {condition});
}

NodeId NodePool::junction(Op op, std::span<const NodeId> operands, Location where) {
  const bool decides = op == Op::kOr;  // an operand of this value is the value of the whole, for ever
  std::vector<NodeId>& parts = scratch_;
  parts.clear();
  for (const NodeId operand : operands) {
    if (is_truth(operand, decides)) return truth(decides, where);
    if (is_truth(operand, !decides)) continue;
    if (at(operand).op == op) {
      const auto inner = kids(operand);
      parts.insert(parts.end(), inner.begin(), inner.end());
    } else {
      parts.push_back(operand);
    }
  }
  // The order has no meaning, so equal sets of operands are made one node.
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  if (parts.empty()) return truth(!decides, where);
  if (parts.size() == 1) return parts.front();
  Node node;
  node.op = op;
  node.where = where;
  return make(node, parts);
}

std::uint32_t NodePool::glob(std::string_view text) {
  const auto [found, fresh] = globs_.try_emplace(text, count_of(typed_.globs));
  if (fresh) typed_.globs.emplace_back(text);
  return found->second;
}

std::uint32_t NodePool::zone(Zone zone) {
  for (std::uint32_t i = 0; i < typed_.zones.size(); ++i) {
    if (typed_.zones[i].name == zone.name) return i;
  }
  typed_.zones.push_back(std::move(zone));
  return count_of(typed_.zones) - 1;
}

namespace {

// Moves what is kept of a pool to its front and says where each element went.
template <class T>
std::vector<std::uint32_t> squeeze(Bulk<T>& pool, const std::vector<bool>& kept) {
  std::vector<std::uint32_t> places(pool.size(), kNoNode);
  std::uint32_t to = 0;
  for (std::uint32_t from = 0; from < pool.size(); ++from) {
    if (!kept[from]) continue;
    places[from] = to;
    if (to != from) pool[to] = std::move(pool[from]);
    ++to;
  }
  pool.resize(to);
  return places;
}

}  // namespace

void NodePool::keep_only(std::span<NodeId* const> roots) {
  std::vector<bool> nodes(typed_.nodes.size(), false);
  std::vector<bool> constants(typed_.constants.size(), false);
  for (const NodeId* root : roots)
    nodes[*root] = true;
  // Operands stand before what they are operands of.
  std::size_t count = 0;
  for (NodeId id = count_of(typed_.nodes); id-- > 0;) {
    if (!nodes[id]) continue;
    ++count;
    if (at(id).op == Op::kConstant) constants[at(id).index] = true;
    for (const NodeId kid : kids(id)) {
      if (kid != kNoNode) nodes[kid] = true;
    }
  }
  if (count == typed_.nodes.size()) return;
  const std::vector<NodeId> places = squeeze(typed_.nodes, nodes);
  squeeze(facts_, nodes);
  const std::vector<std::uint32_t> constant_places = squeeze(typed_.constants, constants);
  Bulk<NodeId> kept_kids;
  std::vector<Slot> kept_slots;
  for (Node& node : typed_.nodes) {
    const Range kids = node.kids, slots = node.slots;
    node.kids.first = count_of(kept_kids);
    for (std::uint32_t i = 0; i < kids.count; ++i) {
      const NodeId kid = typed_.kids[kids.first + i];
      kept_kids.push_back(kid == kNoNode ? kNoNode : places[kid]);
    }
    node.slots.first = count_of(kept_slots);
    for (std::uint32_t i = 0; i < slots.count; ++i)
      kept_slots.push_back(typed_.slots[slots.first + i]);
    if (node.op == Op::kConstant) node.index = constant_places[node.index];
  }
  typed_.kids = std::move(kept_kids);
  typed_.slots = std::move(kept_slots);
  for (NodeId* root : roots)
    *root = places[*root];
}

NodePool::Mark NodePool::mark() const {
  return {typed_.nodes.size(),     typed_.kids.size(),  typed_.slots.size(),
          typed_.constants.size(), typed_.globs.size(), typed_.zones.size()};
}

void NodePool::drop_from(const Mark& mark) {
  typed_.nodes.resize(mark.nodes);
  typed_.kids.resize(mark.kids);
  typed_.slots.resize(mark.slots);
  typed_.constants.resize(mark.constants);
  typed_.globs.resize(mark.globs);
  typed_.zones.resize(mark.zones);
  facts_.resize(mark.nodes);
  hashes_.resize(mark.nodes);
  constant_hashes_.resize(mark.constants);
  rebuild(table_, hashes_);
  rebuild(constant_table_, constant_hashes_);
  std::erase_if(globs_, [&](const auto& entry) { return entry.second >= mark.globs; });
}

}  // namespace writ::policy
