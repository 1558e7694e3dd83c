// Runs of tests: what most conditions are. A comparison has no branch that hangs on what is compared, so that it costs
// the same whichever way it comes out; nodes of the DAG are asked only where no comparison has settled it.
// Tested with evaluate.cc.
#include "src/engine/evaluate.h"

namespace writ {

using policy::TestOf;
using policy::TestRecord;

namespace {

// What a run has come to so far; a bit each, so that nothing branches on it.
struct Settled {
  unsigned no = 0;
  unsigned unknown = 0;
  void add(Three three) noexcept {
    no |= static_cast<unsigned>(three == Three::kFalse);
    unknown |= static_cast<unsigned>(three == Three::kUnknown);
  }
  void add(bool holds) noexcept { no |= static_cast<unsigned>(!holds); }
  void add(const Datum& datum, const TestRecord& test) noexcept {
    const auto known = static_cast<unsigned>(static_cast<unsigned>(datum.kind) == test.orders >> 3U);
    const std::int64_t wanted = test.number;
    const unsigned order = static_cast<unsigned>(datum.number >= wanted) + static_cast<unsigned>(datum.number > wanted);
    no |= known & ~(static_cast<unsigned>(test.orders) >> order);
    unknown |= known ^ 1U;
  }
};

}  // namespace

inline const Datum& Evaluator::context_value(std::uint32_t key) const noexcept {
  if (query_.facts != nullptr) {
    const Datum& sent = query_.facts->context[key];
    if (sent.kind != DatumKind::kNone) return sent;
  }
  return schema_.context[key].fallback;  // of no kind where there is none
}

namespace {
constexpr Datum kNothing;
}  // namespace

const Datum& Evaluator::attribute_value(const Party& party, const DescribedEntity* sent,
                                        policy::Slot slot) const noexcept {
  const auto given = [&](std::span<const Datum> from) {
    return slot.index < from.size() && from[slot.index].kind != DatumKind::kNone;
  };
  if (party.node != nullptr && given(party.node->attributes)) return party.node->attributes[slot.index];
  if (sent != nullptr && given(sent->attributes)) return sent->attributes[slot.index];
  // A default is for what is in the data; what is only half described stays unknown.
  if (party.node == nullptr && (sent == nullptr || !sent->complete)) return kNothing;
  const std::vector<Attribute>& declared = schema_.types[slot.key].attributes;
  return slot.index < declared.size() ? declared[slot.index].fallback : kNothing;
}

inline const Datum& Evaluator::user_value(std::uint16_t attribute) const noexcept {
  const Party& user = query_.user;
  if (user.node != nullptr && attribute < user.node->attributes.size()) {
    const Datum& stored = user.node->attributes[attribute];
    if (stored.kind != DatumKind::kNone) return stored;
  }
  return attribute_value(user, described(user.entity), {user.entity.type, attribute});
}

const Datum& Evaluator::resource_value(std::uint16_t attribute) const noexcept {
  const Party& resource = query_.resource;
  return attribute_value(resource, described(resource.entity), {resource.entity.type, attribute});
}

inline Three Evaluator::user_in(std::uint32_t constant) noexcept {
  const Datum& target = program_.constants[constant];
  const Node* const node = query_.user.node;
  if (node == nullptr) return in_entity(Val::of(query_.user.entity), Val::of(target)).value;
  // The target is of another type than the user, so that only ancestors can be it.
  const std::uint64_t hash = constant < query_.constant_hashes.size()
                                 ? query_.constant_hashes[constant]
                                 : query_.data->hash_of(target.type, target.text());
  return node->within(target, hash) ? Three::kTrue : Three::kFalse;
}

Truth Evaluator::conjunction(std::span<const TestRecord> tests, const char* line) noexcept {
  Settled settled;
  bool nodes = false;
  for (const TestRecord& test : tests) {
    if (static_cast<TestOf>(test.of) == TestOf::kContext) {
      settled.add(context_value(test.index), test);
      continue;
    }
    switch (static_cast<TestOf>(test.of)) {
      case TestOf::kUserIn:
        settled.add(user_in(static_cast<std::uint32_t>(test.number)));
        break;
      case TestOf::kUserHere:
        settled.add(same_text(query_.user.entity.text(), {line + test.number, test.index}));
        break;
      case TestOf::kUserIs:
        settled.add(same_entity(query_.user.entity, program_.constants[static_cast<std::uint32_t>(test.number)]));
        break;
      case TestOf::kUser:
        settled.add(user_value(test.index), test);
        break;
      case TestOf::kResource:
        settled.add(resource_value(test.index), test);
        break;
      default:
        nodes = true;
        break;
    }
  }
  if ((settled.no & 1U) != 0) return truth_of(false);
  if (!nodes) return settled.unknown != 0 ? unknown_until() : truth_of(true);
  return with_nodes(tests, settled.unknown != 0);
}

Truth Evaluator::with_nodes(std::span<const TestRecord> tests, bool unknown) noexcept {
  Gather gather(Three::kFalse);
  gather.add(unknown ? unknown_until() : truth_of(true));
  for (const TestRecord& test : tests) {
    if (static_cast<TestOf>(test.of) != TestOf::kNode) continue;
    gather.add(condition(static_cast<std::uint32_t>(test.number)));
    if (gather.settled()) break;
  }
  return gather.result();
}

}  // namespace writ
