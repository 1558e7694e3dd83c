// What runs of tests need where it is not one step away: attributes that a request describes, defaults, nodes of the
// DAG. Tested with evaluate.cc.
#include "src/engine/conjunction.h"

namespace writ {

using policy::TestOf;
using policy::TestRecord;

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

const Datum& Evaluator::resource_value(std::uint16_t attribute) const noexcept {
  const Party& resource = query_.resource;
  return attribute_value(resource, described(resource.entity), {resource.entity.type, attribute});
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
