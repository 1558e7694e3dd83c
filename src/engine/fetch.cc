// Tested by tests/unit/engine/batch_test.cc.
#include "src/engine/arrival.h"

namespace writ {

const Node* fetch(const Lane& lane, const Request& request) noexcept {
  Arrival arrival;
  bool usual = false;
  if (request.handles != nullptr) {
    usual = arrive(lane, request, *request.handles, arrival);
  } else {
    usual = begin(*lane.data, lane.users, request.user, arrival.user) && arrive(lane, request.scope, arrival);
  }
  const Node* const user = arrival.user.node != nullptr ? arrival.user.node : arrival.user.candidate;
  if (!usual || arrival.cell.kind != CellKind::kExact || arrival.cell.id.size() > kMostPadded) return user;
  const Door& door = *arrival.door;
  const std::size_t size = arrival.cell.id.size();
  if (door.pair != nullptr && door.pair->exact_count != 0) {
    __builtin_prefetch(&lane.program->place_of(hash_words(arrival.id_words, size, door.seed)));
  }
  const std::uint64_t seed = entity_seed(door.type, lane.data->seed());
  begin(*lane.data, door.type, arrival.cell.id, arrival.id_words, seed, door.in_data);
  return user;
}

}  // namespace writ
