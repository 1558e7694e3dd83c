// Arrival: a request that was read, up to what has to be fetched.
#pragma once

#include <string_view>

#include "src/engine/handle_parts.h"
#include "src/engine/lane.h"
#include "src/scope/short_scope.h"
#include "writ/decision.h"

namespace writ {

// What is below is inlined by force: it is small where it is used, and its results stay in registers.

struct Manner {
  bool agents = false;         // there are some
  bool any_of_policy = false;  // whatever id the policy has can be asked for
};

// Where what is said of an id lies.
struct Aim {
  std::uint64_t hash = 0;                    // of the id
  const policy::LineRecord* line = nullptr;  // the only one that can be its own; nullptr: no statement names an id
};

struct Arrival {
  Party user;
  Cell cell;
  PaddedWords id_words;  // of an id of up to kMostPadded bytes
  const Door* door = nullptr;
  const RequestFacts* facts = nullptr;
  Aim aim;
  Manner manner;
};

[[gnu::always_inline]] inline Party begin(const Snapshot& data, TypeId type, std::string_view id, PaddedWords words,
                                          std::uint64_t seed, bool in_data) noexcept {
  Party party;
  party.entity = entity_datum(type, id);
  if (!in_data) return party;
  party.hash = id.size() <= kMostPadded ? hash_words(words, id.size(), seed) : hash_bytes(id, seed);
  party.candidate = data.candidate(party.hash);
  return party;
}

// An id, or the type's name, a colon and an id. False where it is not usual. Whether it can be one shows when it is
// found in the data, or else by is_sound().
[[gnu::always_inline]] inline bool begin(const Snapshot& data, const Principals& all, std::string_view text,
                                         Party& party) noexcept {
  const std::size_t size = all.name.size();
  const bool named = text.size() > size && text[size] == ':' && same_text(text.substr(0, size), all.name);
  if (named) text.remove_prefix(size + 1);
  if (!all.open || text.size() - 1 >= kMostPadded) return false;
  const PaddedWords words = padded_words(text);
  // The id is everything after the first colon.
  if (!named && has_byte(words, ':')) return false;
  party = begin(data, all.type, text, words, all.seed, all.in_data);
  return true;
}

[[gnu::always_inline]] inline void find(const Snapshot& data, Party& party) noexcept {
  if (party.candidate == nullptr) return;
  party.node = data.confirm(party.candidate, party.entity.type, party.entity.text(), party.hash);
}

inline bool is_sound(const Party& party) noexcept {
  return party.node != nullptr || is_plain(party.entity.text());
}

inline bool begin(const Lane& lane, const Principals& all, const UserHandle& known, Party& party) noexcept {
  return HandleParts::read(known, lane, all.type, party) || begin(*lane.data, all, known.name(), party);
}

// A scope in the usual spelling, of what is declared; else nullptr. Whether its id is one that can stand in a scope is
// not asked.
[[gnu::always_inline]] inline const Door* arrive(const Lane& lane, std::string_view text, ShortScope& scope,
                                                 Cell& cell) noexcept {
  if (lane.has_aliases && lane.program->schema().find_alias(text) >= 0) return nullptr;
  const Door* const door = take_apart_shortly(text, scope) ? lane.doors.find(scope) : nullptr;
  return door != nullptr && read_cell(scope, *door, cell) ? door : nullptr;
}

// The request's facts, if they are of this policy and describe nobody.
[[gnu::always_inline]] inline bool take_facts(const Lane& lane, const Facts* from,
                                              const RequestFacts*& facts) noexcept {
  facts = nullptr;
  if (from == nullptr) return true;
  facts = &from->facts();
  return is_for(*from, *lane.program) && !facts->user.given && !facts->resource.given;
}

// Asks memory for the line.
[[gnu::always_inline]] inline Aim aim_at(const Lane& lane, const Door& door, const Cell& cell,
                                         const PaddedWords& id_words) noexcept {
  Aim aim;
  if (cell.kind != CellKind::kExact || door.pair == nullptr || door.pair->exact_count == 0) return aim;
  aim.hash =
      cell.id.size() <= kMostPadded ? hash_words(id_words, cell.id.size(), door.seed) : hash_bytes(cell.id, door.seed);
  aim.line = &lane.program->place_of(aim.hash);
  __builtin_prefetch(aim.line);
  return aim;
}

// A usual request, up to what has to be fetched, which is asked for: by names, by handles, or both, each once. False
// where it has to go the long way.
bool arrive(const Lane& lane, const Request& request, Arrival& arrival) noexcept;
Result<Decision> decide(const Lane& lane, const Request& request, const Arrival& arrival) noexcept;

// Reads a request and asks memory for what decide() will look at, as far as that is told by hashes. False where it has
// to go the long way, by decide() of the request alone.
bool fetch(const Lane& lane, const Request& request, Arrival& arrival) noexcept;
// Once the user's record is there: for what it points to.
void fetch_ancestors(const Arrival& arrival) noexcept;

}  // namespace writ
