// Values: where the names of a condition come from. Tested with evaluate.cc.
#include <algorithm>

#include "src/engine/evaluate.h"

namespace writ {

using policy::NodeRecord;
using policy::Op;

// Where it is stored; nullptr where more has to be asked.
inline const Datum* Evaluator::stored_attribute(const NodeRecord& node) const noexcept {
  const Op of = static_cast<Op>(program_.nodes[node.kids].op);
  if (node.slot_count != 1 || (of != Op::kResource && of != Op::kUser)) return nullptr;
  const Party& party = of == Op::kResource ? query_.resource : query_.user;
  const policy::Slot slot = program_.slots[node.slots];
  if (party.node == nullptr || slot.key != party.entity.type) return nullptr;
  const std::span<const Datum> stored = party.node->attributes;
  if (slot.index >= stored.size() || stored[slot.index].kind == DatumKind::kNone) return nullptr;
  return &stored[slot.index];
}

Val Evaluator::value(std::uint32_t index) noexcept {
  const NodeRecord& node = program_.nodes[index];
  switch (static_cast<Op>(node.op)) {
    case Op::kConstant:
      return Val::of(program_.constants[node.index]);
    case Op::kUser:
      return Val::of(query_.user.entity);
    case Op::kAgent:
      if (agent_ >= query_.agent_count) return Val::unknown();
      return Val::of(query_.agents[agent_].entity);
    case Op::kAgents: {
      Datum set;
      set.kind = DatumKind::kSet;
      set.items = query_.agent_set.data();
      set.count = query_.agent_set_count;
      return Val::of(set);
    }
    case Op::kScope: {
      Datum scope;
      scope.kind = DatumKind::kScope;
      scope.cells = &query_.cell;
      scope.count = 1;
      return Val::of(scope);
    }
    case Op::kTime:
      return Val::of(number_datum(DatumKind::kTime, query_.now));
    case Op::kResource:
      return Val::of(query_.resource.entity);
    case Op::kContext:
      return context(node);
    case Op::kAttribute:
      if (const Datum* const stored = stored_attribute(node)) return Val::of(*stored);
      return attribute(node);
    case Op::kField:
      return field(node);
    case Op::kVariable:
      if (((bound_ >> node.index) & 1U) == 0) return Val::unknown();
      return Val::of(variables()[node.index]);
    case Op::kId: {
      const Val entity = kid(node, 0);
      if (!entity.known || entity.datum.kind != DatumKind::kEntity) return Val::unknown(entity.until);
      return Val::of(text_datum(entity.datum.text()), entity.until);
    }
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kNegate:
      return arithmetic(node, static_cast<Op>(node.op));
    case Op::kSetOf:
      return build_set(node);
    case Op::kRecordOf:
      return build_record(node);
    case Op::kBoolOf: {
      const Truth truth = condition(node.kids);
      if (truth.is_unknown()) return Val::unknown(truth.until);
      return Val::of(number_datum(DatumKind::kBool, truth.is_true() ? 1 : 0), truth.until);
    }
    default:
      return Val::unknown();  // kAbove is gone through by each(); verify() lets no condition stand here
  }
}

const Party* Evaluator::party(const Datum& entity) const noexcept {
  if (same_entity(entity, query_.user.entity)) return &query_.user;
  if (same_entity(entity, query_.resource.entity)) return &query_.resource;
  if (agent_ < query_.agent_count && same_entity(entity, query_.agents[agent_].entity)) return &query_.agents[agent_];
  return nullptr;
}

const Node* Evaluator::find(const Datum& entity) const noexcept {
  if (entity.kind != DatumKind::kEntity) return nullptr;
  // Mostly it is the resource or the user as the request has it, by the very text.
  const auto is_that = [&entity](const Party& party) {
    return entity.bytes == party.entity.bytes && entity.count == party.entity.count &&
           entity.type == party.entity.type && party.entity.kind == DatumKind::kEntity;
  };
  if (is_that(query_.resource)) return query_.resource.node;
  if (is_that(query_.user)) return query_.user.node;
  if (const Party* const known = party(entity)) return known->node;
  return query_.data->find(entity.type, entity.text());
}

const DescribedEntity* Evaluator::described(const Datum& entity) const noexcept {
  if (query_.facts == nullptr) return nullptr;
  const DescribedEntity& user = query_.facts->user;
  if (user.given && same_entity(entity, query_.user.entity)) return &user;
  const DescribedEntity& resource = query_.facts->resource;
  if (!resource.given) return nullptr;
  // The type itself has no id; what the request says of it stands for the resource that is to be made.
  if (entity.kind == DatumKind::kOpen && query_.cell.kind == CellKind::kType && entity.type == query_.cell.type) {
    return &resource;
  }
  return same_entity(entity, query_.resource.entity) ? &resource : nullptr;
}

Val Evaluator::attribute(const NodeRecord& node) noexcept {
  const Val entity = kid(node, 0);
  if (!entity.known) return Val::unknown(entity.until);
  for (std::uint32_t i = 0; i < node.slot_count; ++i) {
    const policy::Slot slot = program_.slots[node.slots + i];
    if (slot.key != entity.datum.type) continue;
    const auto from = [&](std::span<const Datum> attributes) -> const Datum* {
      if (slot.index >= attributes.size() || attributes[slot.index].kind == DatumKind::kNone) return nullptr;
      return &attributes[slot.index];
    };
    const Node* const stored = find(entity.datum);
    if (stored != nullptr) {
      if (const Datum* const datum = from(stored->attributes)) return Val::of(*datum, entity.until);
    }
    const DescribedEntity* const sent = described(entity.datum);
    if (sent != nullptr) {
      if (const Datum* const datum = from(sent->attributes)) return Val::of(*datum, entity.until);
    }
    // A default is for what is in the data; what is only half described stays unknown.
    if (stored == nullptr && (sent == nullptr || !sent->complete)) return Val::unknown(entity.until);
    const Datum& fallback = schema_.types[slot.key].attributes[slot.index].fallback;
    return fallback.kind == DatumKind::kNone ? Val::unknown(entity.until) : Val::of(fallback, entity.until);
  }
  return Val::unknown(entity.until);
}

Val Evaluator::context(const NodeRecord& node) noexcept {
  if (query_.facts != nullptr) {
    const Datum& sent = query_.facts->context[node.index];
    if (sent.kind != DatumKind::kNone) return Val::of(sent);
  }
  const Datum& fallback = schema_.context[node.index].fallback;
  return fallback.kind == DatumKind::kNone ? Val::unknown() : Val::of(fallback);
}

Val Evaluator::field(const NodeRecord& node) noexcept {
  const Val record = kid(node, 0);
  if (!record.known || record.datum.kind != DatumKind::kRecord || node.index >= record.datum.count) {
    return Val::unknown(record.until);
  }
  const Datum& found = record.datum.items[node.index];
  return found.kind == DatumKind::kNone ? Val::unknown(record.until) : Val::of(found, record.until);
}

namespace {

// The kind of a sum, difference or product; kNone where the two do not go together.
DatumKind result_kind(Op op, DatumKind a, DatumKind b) noexcept {
  constexpr DatumKind kTime = DatumKind::kTime;
  constexpr DatumKind kDuration = DatumKind::kDuration;
  if (op == Op::kMultiply) {
    if (a == DatumKind::kInt && (b == DatumKind::kInt || b == DatumKind::kDecimal || b == kDuration)) return b;
    if (b == DatumKind::kInt && (a == DatumKind::kDecimal || a == kDuration)) return a;
    return DatumKind::kNone;
  }
  if (a == kTime && b == kTime) return op == Op::kSubtract ? kDuration : DatumKind::kNone;
  if (a == kTime && b == kDuration) return kTime;
  if (a == kDuration && b == kTime) return op == Op::kAdd ? kTime : DatumKind::kNone;
  return a == b ? a : DatumKind::kNone;
}

}  // namespace

Val Evaluator::arithmetic(const NodeRecord& node, Op op) noexcept {
  const Val left = kid(node, 0);
  if (op == Op::kNegate) {
    std::int64_t negated = 0;
    if (!left.known || __builtin_sub_overflow(std::int64_t{0}, left.datum.number, &negated)) {
      return Val::unknown(left.until);
    }
    return Val::of(number_datum(left.datum.kind, negated), left.until);
  }
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  if (!left.known || !right.known) return Val::unknown(until);
  const DatumKind kind = result_kind(op, left.datum.kind, right.datum.kind);
  if (kind == DatumKind::kNone) return Val::unknown(until);
  std::int64_t number = 0;
  bool overflow = false;
  switch (op) {
    case Op::kAdd:
      overflow = __builtin_add_overflow(left.datum.number, right.datum.number, &number);
      break;
    case Op::kSubtract:
      overflow = __builtin_sub_overflow(left.datum.number, right.datum.number, &number);
      break;
    default:
      overflow = __builtin_mul_overflow(left.datum.number, right.datum.number, &number);
      break;
  }
  return overflow ? Val::unknown(until) : Val::of(number_datum(kind, number), until);
}

std::span<Datum> Evaluator::scratch(std::uint32_t count) noexcept {
  if (count > kScratch - scratch_used_) return {};
  const std::span<Datum> taken(reinterpret_cast<Datum*>(scratch_) + scratch_used_, count);
  scratch_used_ += count;
  return taken;
}

Val Evaluator::build_set(const NodeRecord& node) noexcept {
  const std::span<Datum> items = scratch(node.kid_count);
  if (items.size() != node.kid_count) return Val::unknown();
  std::int64_t until = kForever;
  bool known = true;
  for (std::uint32_t i = 0; i < node.kid_count; ++i) {
    const Val item = kid(node, i);
    known = known && item.known && item.datum.kind != DatumKind::kOpen && !is_open_scope(item.datum);
    until = std::min(until, item.until);
    items[i] = item.datum;
  }
  if (!known) return Val::unknown(until);
  std::sort(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) < 0; });
  const auto end =
      std::unique(items.begin(), items.end(), [](const Datum& a, const Datum& b) { return compare(a, b) == 0; });
  Datum set;
  set.kind = DatumKind::kSet;
  set.items = items.data();
  set.count = static_cast<std::uint32_t>(end - items.begin());
  return Val::of(set, until);
}

Val Evaluator::build_record(const NodeRecord& node) noexcept {
  const std::span<Datum> items = scratch(node.kid_count);
  if (items.size() != node.kid_count) return Val::unknown();
  std::int64_t until = kForever;
  bool known = true;
  for (std::uint32_t i = 0; i < node.kid_count; ++i) {
    const std::uint32_t from = program_.kid(node, i);
    items[i] = Datum();
    if (from == policy::kNoNode) continue;
    const Val item = value(from);
    known = known && item.known && item.datum.kind != DatumKind::kOpen && !is_open_scope(item.datum);
    until = std::min(until, item.until);
    items[i] = item.datum;
  }
  if (!known) return Val::unknown(until);
  Datum record;
  record.kind = DatumKind::kRecord;
  record.items = items.data();
  record.count = node.kid_count;
  return Val::of(record, until);
}

}  // namespace writ
