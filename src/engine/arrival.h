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

struct Arrival {
  Party user;
  Cell cell;
  PaddedWords id_words;  // of an id of up to kMostPadded bytes
  const Door* door = nullptr;
  const RequestFacts* facts = nullptr;
  std::uint64_t key_hash = 0;
  Manner manner;
};

[[gnu::always_inline]] inline Party begin(const Snapshot& data, TypeId type, std::string_view id, PaddedWords words, std::uint64_t seed,
                   bool in_data) noexcept {
  Party party;
  party.entity = entity_datum(type, id);
  if (!in_data) return party;
  party.hash = id.size() <= kMostPadded ? hash_words(words, id.size(), seed) : hash_bytes(id, seed);
  party.candidate = data.candidate(party.hash);
  return party;
}

// An id, or the type's name, a colon and an id. False where it is not usual. Whether it can be one shows when it is
// found in the data, or else by is_sound().
[[gnu::always_inline]] inline bool begin(const Snapshot& data, const Principals& all, std::string_view text, Party& party) noexcept {
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
[[gnu::always_inline]] inline const Door* arrive(const Lane& lane, std::string_view text, ShortScope& scope, Cell& cell) noexcept {
  if (lane.has_aliases && lane.program->schema().find_alias(text) >= 0) return nullptr;
  const Door* const door = take_apart_shortly(text, scope) ? lane.doors.find(scope) : nullptr;
  return door != nullptr && read_cell(scope, *door, cell) ? door : nullptr;
}

inline bool arrive(const Lane& lane, std::string_view text, Arrival& arrival) noexcept {
  ShortScope scope;
  arrival.door = arrive(lane, text, scope, arrival.cell);
  if (arrival.door == nullptr) return false;
  arrival.id_words = scope.id_words;
  arrival.manner.any_of_policy = arrival.door->bare_ids;
  return true;
}

// What is given by handles, and the rest of it by names; each once. By itself: decide() shall keep its registers.
bool arrive(const Lane& lane, const Request& request, const Handles& known, Arrival& arrival) noexcept;

}  // namespace writ
