// Tested by tests/unit/engine/handle_test.cc, batch_test.cc and tests/differential.
#include "src/engine/arrival.h"

namespace writ {
namespace {

bool take_user(const Lane& lane, const Request& request, Party& user) noexcept {
  const UserHandle* const known = request.handles == nullptr ? nullptr : request.handles->user;
  if (known == nullptr) return begin(*lane.data, lane.users, request.user, user);
  return request.user.empty() && begin(lane, lane.users, *known, user);
}

bool take_scope(const Lane& lane, const Request& request, Arrival& arrival) noexcept {
  ShortScope scope;
  arrival.door = arrive(lane, request.scope, scope, arrival.cell);
  if (arrival.door == nullptr) return false;
  arrival.id_words = scope.id_words;
  arrival.manner.any_of_policy = arrival.door->bare_ids;
  return true;
}

bool take_action(const Lane& lane, const Request& request, const ActionHandle& known, Arrival& arrival) noexcept {
  const Door* const door = HandleParts::door(known, lane);
  const std::string_view id = request.resource_id;
  const bool twice = !request.scope.empty() || !request.action.empty() || !request.resource_type.empty();
  if (door == nullptr || twice || !door->open || id.empty() || id.size() > kMostPadded) return false;
  arrival.door = door;
  arrival.cell = {door->action, door->type, CellKind::kExact, id};
  arrival.id_words = padded_words(id);
  arrival.manner.any_of_policy = true;  // no scope has to spell it
  return true;
}

}  // namespace

bool arrive(const Lane& lane, const Request& request, Arrival& arrival) noexcept {
  const Handles* const known = request.handles;
  arrival.manner.agents = !request.agents.empty() || (known != nullptr && !known->agents.empty());
  if (!take_user(lane, request, arrival.user)) return false;
  const ActionHandle* const action = known == nullptr ? nullptr : known->action;
  const bool usual =
      action == nullptr ? take_scope(lane, request, arrival) : take_action(lane, request, *action, arrival);
  if (!usual || !take_facts(lane, request.facts, arrival.facts)) return false;
  arrival.aim = aim_at(lane, *arrival.door, arrival.cell, arrival.id_words);
  return true;
}

}  // namespace writ
