// Conditions. The values they look at are in evaluate_value.cc, the tests of calendar and clock in clock.cc.
// Tested by the policies of policies/language, an operator each, and by tests/suites.
#include "src/engine/evaluate.h"

#include <bitset>

#include "src/base/ip.h"
#include "src/base/wide.h"

namespace writ {

using policy::NodeRecord;
using policy::Op;

Truth Evaluator::condition(std::uint32_t index) noexcept {
  const std::uint32_t mark = scratch_used_;
  const Truth result = truth(program_.nodes[index]);
  scratch_used_ = mark;
  return result;
}

Truth Evaluator::truth(const NodeRecord& node) noexcept {
  switch (static_cast<Op>(node.op)) {
    case Op::kConst:
      return truth_of(node.index != 0);
    case Op::kAnd:
    case Op::kOr:
      return connected(node);
    case Op::kNot:
      return negate(condition(node.kids));
    case Op::kIsTrue:
      return is_true(node);
    case Op::kEqual:
      return equal(node);
    case Op::kLess:
      return less(node, false);
    case Op::kLessEqual:
      return less(node, true);
    case Op::kInEntity:
      return in_entity(node);
    case Op::kInEntities:
      return in_entities(node);
    case Op::kMember:
      return member(node);
    case Op::kInNetwork:
      return in_network(node);
    case Op::kHas:
      return has(node);
    case Op::kHasField:
      return has_field(node);
    case Op::kHasContext:
      return has_context(node);
    case Op::kActionIn:
      return action_in(node);
    case Op::kLike:
      return like(node);
    case Op::kCoversScope:
      return covers_scope(node);
    case Op::kCoversSet:
      return covers_set(node);
    case Op::kAny:
      return quantify(node, Three::kTrue);
    case Op::kAll:
      return quantify(node, Three::kFalse);
    case Op::kWeekday:
      return calendar(node, true);
    case Op::kClock:
      return calendar(node, false);
    case Op::kIsLastAgent:
      return truth_of(agent_ + 1U == query_.agent_count);
    default:
      return unknown_until();  // verify() lets no value stand here
  }
}

Truth Evaluator::connected(const NodeRecord& node) noexcept {
  Gather gather(static_cast<Op>(node.op) == Op::kAnd ? Three::kFalse : Three::kTrue);
  for (std::uint32_t i = 0; i < node.kid_count && !gather.settled(); ++i)
    gather.add(condition(program_.kid(node, i)));
  return gather.result();
}

Truth Evaluator::is_true(const NodeRecord& node) noexcept {
  const Val operand = kid(node, 0);
  if (!operand.known || operand.datum.kind != DatumKind::kBool) return unknown_until(operand.until);
  return {operand.datum.number != 0 ? Three::kTrue : Three::kFalse, operand.until};
}

namespace {

bool is_number(DatumKind kind) noexcept {
  return kind == DatumKind::kBool || kind == DatumKind::kInt || kind == DatumKind::kDecimal ||
         kind == DatumKind::kTime || kind == DatumKind::kDuration;
}

// Until when a comparison of two numbers stays as it is, whose difference is `d` now and moves by `slope` microseconds
// a microsecond. `turns` says whether, at a difference of zero, the next microsecond brings another answer.
std::int64_t crossing(std::int64_t now, Wide d, int slope, bool turns) noexcept {
  if (slope == 0) return kForever;
  if (d == 0) return turns ? now : kForever;
  if ((d > 0) == (slope > 0)) return kForever;
  const Wide at = now + (d < 0 ? -d : d) / (slope < 0 ? -slope : slope);
  return at >= kForever ? kForever : static_cast<std::int64_t>(at);
}

}  // namespace

Truth Evaluator::equal(const NodeRecord& node) noexcept {
  const Val left = kid(node, 0);
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  if (!left.known || !right.known) return unknown_until(until);
  const DatumKind kind = left.datum.kind;
  const bool open = kind == DatumKind::kOpen || right.datum.kind == DatumKind::kOpen;
  if (open || kind == DatumKind::kEntity) {
    if (left.datum.type != right.datum.type) return {Three::kFalse, until};
    if (open) return unknown_until(until);
    return {same_entity(left.datum, right.datum) ? Three::kTrue : Three::kFalse, until};
  }
  if (kind != right.datum.kind) return unknown_until(until);
  if (is_open_scope(left.datum)) return {open_scope_is(right.datum), until};
  if (is_open_scope(right.datum)) return {open_scope_is(left.datum), until};
  if (is_number(kind)) {
    const Wide d = static_cast<Wide>(left.datum.number) - right.datum.number;
    return {d == 0 ? Three::kTrue : Three::kFalse, std::min(until, crossing(query_.now, d, node.slope, true))};
  }
  return {compare(left.datum, right.datum) == 0 ? Three::kTrue : Three::kFalse, until};
}

Three Evaluator::open_scope_is(const Datum& other) const noexcept {
  if (is_open_scope(other)) return Three::kTrue;
  if (other.count != 1 || other.cells->kind != CellKind::kExact) return Three::kFalse;
  return overlap(query_.cell, *other.cells) == Overlap::kCovers ? Three::kUnknown : Three::kFalse;
}

Truth Evaluator::less(const NodeRecord& node, bool or_equal) noexcept {
  const Val left = kid(node, 0);
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  if (!left.known || !right.known || left.datum.kind != right.datum.kind || !is_number(left.datum.kind)) {
    return unknown_until(until);
  }
  const Wide d = static_cast<Wide>(left.datum.number) - right.datum.number;
  const bool holds = or_equal ? d <= 0 : d < 0;
  // At zero: `<` turns true when the difference falls, `<=` turns false when it grows.
  const bool turns = or_equal ? node.slope > 0 : node.slope < 0;
  return {holds ? Three::kTrue : Three::kFalse, std::min(until, crossing(query_.now, d, node.slope, turns))};
}

Truth Evaluator::in_entity(const Val& left, const Val& right) noexcept {
  const std::int64_t until = std::min(left.until, right.until);
  const auto answer = [until](bool b) { return Truth{b ? Three::kTrue : Three::kFalse, until}; };
  if (!left.known || !right.known) return unknown_until(until);
  const TypeId from = left.datum.type;
  const TypeId to = right.datum.type;
  const bool open = left.datum.kind != DatumKind::kEntity;
  if (!open && right.datum.kind == DatumKind::kEntity) {
    if (same_entity(left.datum, right.datum)) return answer(true);
    // Of whom the data knows all ancestors no declaration need be asked.
    if (const Node* const stored = find(left.datum)) {
      return answer(!stored->ancestors().empty() &&
                    stored->within(right.datum, query_.data->hash_of(to, right.datum.text())));
    }
  }
  if (from >= schema_.types.size() || to >= schema_.types.size()) return unknown_until(until);
  // By the declarations alone: no entity of the one type is ever in one of the other.
  if (from != to && !schema_.types[from].can_reach(to)) return answer(false);
  if (right.datum.kind != DatumKind::kEntity) return unknown_until(until);
  if (!open && !schema_.types[from].can_reach(to)) return answer(false);
  const std::uint64_t hash = query_.data->hash_of(to, right.datum.text());
  const DescribedEntity* const sent = described(left.datum);
  if (sent == nullptr) return unknown_until(until);
  // What is to be made by an action on the type has no id yet, so it may still be the one on the right itself.
  bool all_known = sent->complete && (!open || from != to);
  for (const Datum& parent : sent->parents) {
    if (same_entity(parent, right.datum)) return answer(true);
    const Node* const stored = find(parent);
    if (stored != nullptr && stored->within(right.datum, hash)) return answer(true);
    all_known = all_known && (stored != nullptr || !schema_.types[parent.type].can_reach(to));
  }
  return all_known ? answer(false) : unknown_until(until);
}

Truth Evaluator::in_entity(const NodeRecord& node) noexcept {
  return is_user(node) ? user_in(kid(node, 1)) : in_entity(kid(node, 0), kid(node, 1));
}

// What most of them ask. Of whom the data knows all ancestors no declaration need be asked.
Truth Evaluator::user_in(const Val& right) noexcept {
  const Party& user = query_.user;
  if (user.node == nullptr || !right.known || right.datum.kind != DatumKind::kEntity) {
    return in_entity(Val::of(user.entity), right);
  }
  const Datum& target = right.datum;
  const bool within =
      same_entity(user.entity, target) ||
      (!user.node->ancestors().empty() && user.node->within(target, query_.data->hash_of(target.type, target.text())));
  return {within ? Three::kTrue : Three::kFalse, right.until};
}

Truth Evaluator::in_entities(const NodeRecord& node) noexcept {
  const Val left = kid(node, 0);
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  if (!left.known || !right.known || right.datum.kind != DatumKind::kSet) return unknown_until(until);
  const bool user = is_user(node);
  Gather gather(Three::kTrue);
  for (std::uint32_t i = 0; i < right.datum.count && !gather.settled(); ++i) {
    if (!spend()) return unknown_until(until);
    const Val item = Val::of(right.datum.items[i]);
    gather.add(user ? user_in(item) : in_entity(left, item));
  }
  Truth result = gather.result();
  result.until = std::min(result.until, until);
  return result;
}

Truth Evaluator::member(const NodeRecord& node) noexcept {
  const Val left = kid(node, 0);
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  if (!left.known || !right.known || right.datum.kind != DatumKind::kSet) return unknown_until(until);
  if (left.datum.kind == DatumKind::kOpen) {
    // Which resource it is stays open; that it is of a type no element is of does not.
    for (std::uint32_t i = 0; i < right.datum.count; ++i) {
      if (right.datum.items[i].type == left.datum.type) return unknown_until(until);
    }
    return {Three::kFalse, until};
  }
  if (is_open_scope(left.datum)) {
    Gather gather(Three::kTrue);
    for (std::uint32_t i = 0; i < right.datum.count; ++i)
      gather.add({open_scope_is(right.datum.items[i]), until});
    return {gather.result().value, until};
  }
  for (std::uint32_t i = 0; i < right.datum.count; ++i) {
    if (compare(left.datum, right.datum.items[i]) == 0) return {Three::kTrue, until};
  }
  return {Three::kFalse, until};
}

Truth Evaluator::in_network(const NodeRecord& node) noexcept {
  const Val left = kid(node, 0);
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  if (!left.known || !right.known || left.datum.kind != DatumKind::kIp) return unknown_until(until);
  const bool set = right.datum.kind == DatumKind::kSet;
  if (!set && right.datum.kind != DatumKind::kIp) return unknown_until(until);
  const Datum* const networks = set ? right.datum.items : &right.datum;
  const std::uint32_t count = set ? right.datum.count : 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!spend() || networks[i].kind != DatumKind::kIp) return unknown_until(until);
    if (contains(*networks[i].address, *left.datum.address)) return {Three::kTrue, until};
  }
  return {Three::kFalse, until};
}

Truth Evaluator::has(const NodeRecord& node) noexcept {
  const Val entity = kid(node, 0);
  if (!entity.known) return unknown_until(entity.until);
  for (std::uint32_t i = 0; i < node.slot_count; ++i) {
    const policy::Slot slot = program_.slots[node.slots + i];
    if (slot.key != entity.datum.type) continue;
    const Node* const stored = entity.datum.kind == DatumKind::kEntity ? find(entity.datum) : nullptr;
    const auto given = [&](std::span<const Datum> from) {
      return slot.index < from.size() && from[slot.index].kind != DatumKind::kNone;
    };
    if (stored != nullptr && given(stored->attributes)) return {Three::kTrue, entity.until};
    const DescribedEntity* const sent = described(entity.datum);
    if (sent != nullptr && given(sent->attributes)) return {Three::kTrue, entity.until};
    if (stored == nullptr && (sent == nullptr || !sent->complete)) return unknown_until(entity.until);
    const bool fallback = schema_.types[slot.key].attributes[slot.index].fallback.kind != DatumKind::kNone;
    return {fallback ? Three::kTrue : Three::kFalse, entity.until};
  }
  return {Three::kFalse, entity.until};  // its type does not declare the attribute
}

Truth Evaluator::has_field(const NodeRecord& node) noexcept {
  const Val record = kid(node, 0);
  if (!record.known || record.datum.kind != DatumKind::kRecord) return unknown_until(record.until);
  const bool there = node.index < record.datum.count && record.datum.items[node.index].kind != DatumKind::kNone;
  return {there ? Three::kTrue : Three::kFalse, record.until};
}

Truth Evaluator::has_context(const NodeRecord& node) noexcept {
  if (query_.facts != nullptr && query_.facts->context[node.index].kind != DatumKind::kNone) return truth_of(true);
  const ContextKey& key = schema_.context[node.index];
  if (key.fallback.kind != DatumKind::kNone) return truth_of(true);
  // Left out is not the same as said to be absent, unless the policy's author says so.
  return key.absent_none ? truth_of(false) : unknown_until();
}

Truth Evaluator::action_in(const NodeRecord& node) noexcept {
  for (std::uint32_t i = 0; i < node.slot_count; ++i) {
    if (program_.slots[node.slots + i].key == query_.cell.action) return truth_of(true);
  }
  return truth_of(false);
}

Truth Evaluator::like(const NodeRecord& node) noexcept {
  const Val text = kid(node, 0);
  if (!text.known || text.datum.kind != DatumKind::kString) return unknown_until(text.until);
  const std::string_view glob = program_.text(program_.globs[node.index]);
  if (glob.size() > kMaxGlobBytes) return unknown_until(text.until);
  return {glob_match(glob, text.datum.text()) ? Three::kTrue : Three::kFalse, text.until};
}

namespace {

// Whether one of the scopes covers the cell: true; whether it is disjoint from all: false; else it is covered in part,
// which for a set of resources means that it depends on the one.
Three covered(const Datum& scopes, const Cell& asked) noexcept {
  const bool one = scopes.kind == DatumKind::kScope;
  const Datum* const first = one ? &scopes : scopes.items;
  const std::uint32_t count = one ? 1 : scopes.count;
  Three result = Three::kFalse;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (first[i].kind != DatumKind::kScope) continue;
    for (std::uint32_t k = 0; k < first[i].count; ++k) {
      switch (overlap(first[i].cells[k], asked)) {
        case Overlap::kCovers:
          return Three::kTrue;
        case Overlap::kPartly:
          result = Three::kUnknown;
          break;
        case Overlap::kDisjoint:
          break;
      }
    }
  }
  return result;
}

}  // namespace

Truth Evaluator::covers_scope(const NodeRecord& node) noexcept {
  const Val left = kid(node, 0);
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  const auto fits = [](const Val& side) {
    return side.known && (side.datum.kind == DatumKind::kScope || side.datum.kind == DatumKind::kSet);
  };
  if (!fits(left) || !fits(right)) return unknown_until(until);
  Gather gather(Three::kFalse);
  const bool set = right.datum.kind == DatumKind::kSet;
  const Datum* const wanted = set ? right.datum.items : &right.datum;
  const bool open = is_open_scope(left.datum);
  for (std::uint32_t n = 0; n < (set ? right.datum.count : 1); ++n) {
    if (!spend() || wanted[n].kind != DatumKind::kScope) return unknown_until(until);
    if (open) gather.add({open_scope_is(wanted[n]), until});
    for (std::uint32_t i = 0; i < wanted[n].count && !open; ++i) {
      gather.add({covered(left.datum, wanted[n].cells[i]), until});
    }
  }
  Truth result = gather.result();
  result.until = until;
  return result;
}

Truth Evaluator::covers_set(const NodeRecord& node) noexcept {
  const Val left = kid(node, 0);
  const Val right = kid(node, 1);
  const std::int64_t until = std::min(left.until, right.until);
  if (!left.known || !right.known || left.datum.kind != DatumKind::kSet || right.datum.kind != DatumKind::kSet) {
    return unknown_until(until);
  }
  for (std::uint32_t i = 0; i < right.datum.count; ++i) {
    if (!spend()) return unknown_until(until);
    bool found = false;
    for (std::uint32_t k = 0; k < left.datum.count && !found; ++k) {
      found = compare(left.datum.items[k], right.datum.items[i]) == 0;
    }
    if (!found) return {Three::kFalse, until};
  }
  return {Three::kTrue, until};
}

Truth Evaluator::quantify(const NodeRecord& node, Three decisive) noexcept {
  Gather gather(decisive);
  std::int64_t until = kForever;
  const std::uint32_t body = program_.kid(node, 1);
  const bool known = each(program_.kid(node, 0), until, [&](const Datum& element) noexcept {
    bind(node.index, element);
    gather.add(condition(body));
    return !gather.settled();
  });
  unbind(node.index);
  if (!known) return unknown_until(until);
  Truth result = gather.result();
  result.until = std::min(result.until, until);
  return result;
}

Truth Evaluator::calendar(const NodeRecord& node, bool weekday) noexcept {
  if (node.kid_count == 0) {
    const Zone& zone = program_.zones[node.index];
    return weekday ? weekday_in(query_.now, zone, program_.number(node))
                   : clock_in(query_.now, zone, program_.number(node), program_.number(node, 1));
  }
  const Val offset = kid(node, 0);
  if (!offset.known || offset.datum.kind != DatumKind::kDuration) return unknown_until(offset.until);
  constexpr std::int64_t kMost = std::int64_t{18} * 3600 * 1'000'000;
  if (offset.datum.number < -kMost || offset.datum.number > kMost) return unknown_until(offset.until);
  Truth result = weekday ? weekday_in(query_.now, offset.datum.number, program_.number(node))
                         : clock_in(query_.now, offset.datum.number, program_.number(node), program_.number(node, 1));
  result.until = std::min(result.until, offset.until);
  return result;
}

bool glob_match(std::string_view glob, std::string_view text) noexcept {
  // Every position of the glob that the text so far can have led to, all at once.
  constexpr std::size_t kStates = kMaxGlobBytes + 1;
  std::bitset<kStates> states;
  const auto is_run = [&](std::size_t at) { return glob.substr(at, 2) == "{}"; };
  // `*` may be empty: whoever stands before it stands behind it, too. `{}` takes at least one byte.
  const auto close = [&] {
    for (std::size_t at = 0; at < glob.size(); ++at) {
      if (!states[at]) continue;
      if (glob[at] == '*') states.set(at + 1);
    }
  };
  states.set(0);
  close();
  for (const char c : text) {
    std::bitset<kStates> next;
    for (std::size_t at = 0; at < glob.size(); ++at) {
      if (!states[at]) continue;
      if (glob[at] == '*') {
        next.set(at);
      } else if (is_run(at)) {
        if (c == '/') continue;
        next.set(at);
        next.set(at + 2);
      } else if (glob[at] == '\\' && at + 1 < glob.size()) {
        if (glob[at + 1] == c) next.set(at + 2);
      } else if (glob[at] == c) {
        next.set(at + 1);
      }
    }
    states = next;
    if (states.none()) return false;
    close();
  }
  return states[glob.size()];
}

}  // namespace writ
