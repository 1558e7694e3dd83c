// Tested by tests/unit/engine/handle_test.cc, batch_test.cc and tests/differential.
#include "src/engine/arrival.h"

namespace writ {
namespace {

bool take_user(const Lane& lane, const Request& request, Party& user) noexcept {
  const UserHandle* const known = request.handles == nullptr ? nullptr : request.handles->user;
  if (known == nullptr) return begin(*lane.data, lane.users, request.user, user);
  return request.user.empty() && begin(lane, lane.users, *known, user);
}

UnsignedWide wide(const PaddedWords& words) noexcept {
  return static_cast<UnsignedWide>(words.high) << 64U | words.low;
}
PaddedWords words_of(UnsignedWide both) noexcept {
  return {static_cast<std::uint64_t>(both), static_cast<std::uint64_t>(both >> 64U)};
}

// The hash of the scope that would ask for the id.
[[gnu::noinline]] std::uint64_t hash_of(const Lane& lane, const Door& door, std::string_view id,
                                        const PaddedWords& id_words) noexcept {
  const std::size_t named = std::size_t{door.name_size} + 1;
  const std::size_t size = named + id.size();
  if (named >= kMostPadded || id.empty() || id.size() > kMostPadded) {
    return lane.program->hash_of(door.number, CellKind::kExact, id);
  }
  // Put together in registers: bytes that were just written one by one could not be read again as words at once.
  const UnsignedWide name = wide(door.name[0]) | static_cast<UnsignedWide>('_') << (8 * (named - 1));
  policy::ScopeWords words;
  words.first = words_of(name | wide(id_words) << (8 * named));
  if (size >= kMostPadded) {
    words.last = words_of(name >> (8 * (size - kMostPadded)) | wide(id_words) << (8 * (kMostPadded - id.size())));
  }
  return policy::hash_scope(words, size, lane.seeds);
}

// Where what is said of the id lies. `known`: the aim is that of the whole scope.
[[gnu::always_inline]] inline void aim_at(const Lane& lane, bool known, Arrival& arrival) noexcept {
  const Door& door = *arrival.door;
  if (arrival.cell.kind != CellKind::kExact || door.pair == nullptr || door.pair->exact_count == 0) {
    arrival.aim = Aim();
  } else if (!known || arrival.aim.line == nullptr) {
    arrival.aim.hash = hash_of(lane, door, arrival.cell.id, arrival.id_words);
    arrival.aim.line = &lane.program->place_of(arrival.aim.hash);
    __builtin_prefetch(arrival.aim.line);
  }
}

bool take_action(const Lane& lane, const Request& request, const ActionHandle& known, Arrival& arrival) noexcept {
  const Door* const door = HandleParts::door(known, lane);
  const std::string_view id = request.resource_id;
  const bool twice = !request.scope.empty() || !request.action.empty() || !request.resource_type.empty();
  if (door == nullptr || twice || !door->open || id.empty() || id.size() > kMostPadded) return false;
  arrival.door = door;
  arrival.cell = {door->action, door->type, CellKind::kExact, id};
  arrival.id_words = padded_words(id);
  arrival.any_of_policy = true;  // no scope has to spell it
  arrival.aim = Aim();
  aim_at(lane, false, arrival);
  return true;
}

[[gnu::always_inline]] inline bool apart(const Lane& lane, std::string_view text, Arrival& arrival) noexcept {
  if (lane.has_aliases && lane.program->schema().find_alias(text) >= 0) return false;
  ShortScope scope;
  arrival.door = take_apart_shortly(text, scope) ? lane.doors.find(scope) : nullptr;
  if (arrival.door == nullptr || !read_cell(scope, *arrival.door, arrival.cell)) return false;
  arrival.id_words = scope.id_words;
  arrival.any_of_policy = arrival.door->bare_ids;
  aim_at(lane, scope.has_id, arrival);
  return true;
}

}  // namespace

bool take_apart(const Lane& lane, std::string_view scope, Arrival& arrival) noexcept {
  return apart(lane, scope, arrival);
}

bool arrive(const Lane& lane, const Request& request, Arrival& arrival) noexcept {
  const Handles* const known = request.handles;
  arrival.door = nullptr;
  arrival.agents = !request.agents.empty() || (known != nullptr && !known->agents.empty());
  if (!take_user(lane, request, arrival.user)) return false;
  if (known != nullptr && known->action != nullptr) {
    if (!take_action(lane, request, *known->action, arrival)) return false;
  } else {
    arrival.aim = aim_at(lane, request.scope);
    // Where all that is said of an id stands in its line, the line is enough.
    if ((!lane.all_by_text || arrival.aim.line == nullptr) && !apart(lane, request.scope, arrival)) return false;
  }
  return take_facts(lane, request.facts, arrival.facts);
}

}  // namespace writ
