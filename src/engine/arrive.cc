// Tested by tests/unit/engine/handle_test.cc and tests/differential.
#include "src/engine/arrival.h"

namespace writ {

bool arrive(const Lane& lane, const Request& request, const Handles& known, Arrival& arrival) noexcept {
  arrival.manner.agents = !known.agents.empty() || !request.agents.empty();
  if (known.user == nullptr) {
    if (!begin(*lane.data, lane.users, request.user, arrival.user)) return false;
  } else if (!request.user.empty() || !begin(lane, lane.users, *known.user, arrival.user)) {
    return false;
  }
  if (known.action == nullptr) return arrive(lane, request.scope, arrival);
  const Door* const door = HandleParts::door(*known.action, lane);
  const std::string_view id = request.resource_id;
  const bool twice = !request.scope.empty() || !request.action.empty() || !request.resource_type.empty();
  if (door == nullptr || twice || !door->open || id.empty() || id.size() > kMostPadded) return false;
  arrival.door = door;
  arrival.cell = {door->action, door->type, CellKind::kExact, id};
  arrival.id_words = padded_words(id);
  arrival.manner.any_of_policy = true;  // no scope has to spell it
  return true;
}

}  // namespace writ
