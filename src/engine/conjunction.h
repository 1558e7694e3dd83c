// Runs of tests: what most conditions are. A comparison has no branch that hangs on what is compared, so that it costs
// the same whichever way it comes out; nodes of the DAG are asked only where no comparison has settled it.
// Tested with evaluate.cc.
#pragma once

#include "src/engine/evaluate.h"

namespace writ {

// What a run has come to so far; a bit each, so that nothing branches on it.
struct Settled {
  unsigned no = 0;
  unsigned unknown = 0;
  void add(Three three) noexcept {
    no |= static_cast<unsigned>(three == Three::kFalse);
    unknown |= static_cast<unsigned>(three == Three::kUnknown);
  }
  void add(bool holds) noexcept { no |= static_cast<unsigned>(!holds); }
  void add(const Datum& datum, const policy::TestRecord& test) noexcept {
    const auto known = static_cast<unsigned>(static_cast<unsigned>(datum.kind) == test.orders >> 3U);
    const std::int64_t wanted = test.number;
    const unsigned order = static_cast<unsigned>(datum.number >= wanted) + static_cast<unsigned>(datum.number > wanted);
    no |= known & ~(static_cast<unsigned>(test.orders) >> order);
    unknown |= known ^ 1U;
  }
};

inline const Datum& Evaluator::context_value(std::uint32_t key) const noexcept {
  if (query_.facts != nullptr) {
    const Datum& sent = query_.facts->context[key];
    if (sent.kind != DatumKind::kNone) return sent;
  }
  return schema_.context[key].fallback;  // of no kind where there is none
}

inline const Datum& Evaluator::user_value(std::uint16_t attribute) const noexcept {
  const Party& user = query_.user;
  if (user.node != nullptr && attribute < user.node->attributes.size()) {
    const Datum& stored = user.node->attributes[attribute];
    if (stored.kind != DatumKind::kNone) return stored;
  }
  return attribute_value(user, described(user.entity), {user.entity.type, attribute});
}

inline Three Evaluator::user_in_constant(std::uint32_t constant) noexcept {
  const Datum& target = program_.constants[constant];
  const Node* const node = query_.user.node;
  if (node == nullptr) return in_entity(Val::of(query_.user.entity), Val::of(target)).value;
  // The target is of another type than the user, so that only ancestors can be it. They are all in the data.
  if (constant >= query_.constants.size()) {
    return node->within(target, query_.data->hash_of(target.type, target.text())) ? Three::kTrue : Three::kFalse;
  }
  const ConstantHash& known = query_.constants[constant];
  const bool within = known.unique ? node->within_unique(known.hash) : node->within(target, known.hash);
  return within ? Three::kTrue : Three::kFalse;
}

// How numbers that were sent lie to those of tests of the context. False where one is not there. They are of the kinds
// that are declared, by what reads facts and by verify(). Every one of them is gone through, so that nothing is to be
// foreseen.
[[gnu::always_inline]] inline bool compare_numbers(std::span<const policy::TestRecord> tests, const Datum* sent,
                                                   unsigned& no) noexcept {
  static_assert(static_cast<unsigned>(DatumKind::kNone) == 0);
  unsigned missing = 0;  // its highest bit
  unsigned sum = 0;
  for (const policy::TestRecord& test : tests) {
    const Datum& datum = sent[test.index];
    const std::int64_t wanted = test.number;
    const unsigned order = static_cast<unsigned>(datum.number >= wanted) + static_cast<unsigned>(datum.number > wanted);
    missing |= static_cast<unsigned>(datum.kind) - 1U;
    sum |= ~(static_cast<unsigned>(test.orders) >> order);
  }
  no |= sum & 1U;
  return missing >> 31U == 0;
}

inline void Evaluator::compare_context(std::span<const policy::TestRecord> tests, Settled& settled) const noexcept {
  unsigned no = 0;
  if (query_.facts != nullptr && compare_numbers(tests, query_.facts->context.data(), no)) {
    settled.no |= no;
    return;
  }
  for (const policy::TestRecord& test : tests)
    settled.add(context_value(test.index), test);
}

inline Truth Evaluator::conjunction(std::span<const policy::TestRecord> tests, const char* line) noexcept {
  Settled settled;
  bool nodes = false;
  std::size_t i = 0;
  for (; i < tests.size() && static_cast<policy::TestOf>(tests[i].of) != policy::TestOf::kContext; ++i) {
    const policy::TestRecord& test = tests[i];
    switch (static_cast<policy::TestOf>(test.of)) {
      case policy::TestOf::kUserIn:
        settled.add(user_in_constant(static_cast<std::uint32_t>(test.number)));
        break;
      case policy::TestOf::kUserHere:
        settled.add(same_text(query_.user.entity.text(), {line + test.number, test.index}));
        break;
      case policy::TestOf::kUserIs:
        settled.add(same_entity(query_.user.entity, program_.constants[static_cast<std::uint32_t>(test.number)]));
        break;
      case policy::TestOf::kUser:
        settled.add(user_value(test.index), test);
        break;
      case policy::TestOf::kResource:
        settled.add(resource_value(test.index), test);
        break;
      default:
        nodes = true;
        break;
    }
  }
  if (i < tests.size()) compare_context(tests.subspan(i), settled);
  if ((settled.no & 1U) != 0) return truth_of(false);
  if (!nodes) return settled.unknown != 0 ? unknown_until() : truth_of(true);
  return with_nodes(tests, settled.unknown != 0);
}

}  // namespace writ
