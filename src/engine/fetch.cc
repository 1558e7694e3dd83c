// Tested by tests/unit/engine/batch_test.cc.
#include "src/engine/arrival.h"

namespace writ {

bool fetch(const Lane& lane, const Request& request, Arrival& arrival) noexcept {
  if (!arrive(lane, request, arrival)) return false;
  if (arrival.door == nullptr) return true;
  const Door& door = *arrival.door;
  if (arrival.cell.kind != CellKind::kExact || (door.alone && !arrival.agents)) return true;
  const std::uint64_t seed = entity_seed(door.type, lane.data->seed());
  begin(*lane.data, door.type, arrival.cell.id, arrival.id_words, seed, door.in_data);
  return true;
}

void fetch_ancestors(const Arrival& arrival) noexcept {
  const Node* const user = arrival.user.node != nullptr ? arrival.user.node : arrival.user.candidate;
  if (user == nullptr || user->has_hashes()) return;
  const char* const first = reinterpret_cast<const char*>(user->ancestors().data());
  __builtin_prefetch(first);
  __builtin_prefetch(first + 64);
}

}  // namespace writ
