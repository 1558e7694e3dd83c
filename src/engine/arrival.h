// Arrival: a request that was read, up to what has to be fetched.
#pragma once

#include <string_view>

#include "src/engine/handle_parts.h"
#include "src/engine/lane.h"
#include "src/scope/short_scope.h"
#include "writ/decision.h"

namespace writ {

// What is below is inlined by force: it is small where it is used, and its results stay in registers.

// Where what is said of an id lies.
struct Aim {
  std::uint64_t hash = 0;                    // of the key with the id
  const policy::LineRecord* line = nullptr;  // the only one that can be its own; nullptr: not known, or there is none
};

// Stands in a Room: arrive() says all of it that is read later, and to clear it first would cost as much.
struct Arrival {
  Party user;
  const RequestFacts* facts = nullptr;
  Aim aim;
  bool agents = false;  // there are some
  // From here on it has been taken apart, which need not be where the aim tells what is asked for.
  const Door* door = nullptr;  // nullptr: it has not been
  bool any_of_policy = false;  // whatever id the policy has can be asked for
  Cell cell;
  PaddedWords id_words;  // of an id of up to kMostPadded bytes
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
  if (!named && mark_words(words).colons != 0) return false;
  party = begin(data, all.type, text, words, all.seed, all.in_data);
  return true;
}

[[gnu::always_inline]] inline void find(const Snapshot& data, Party& party) noexcept {
  if (party.candidate == nullptr) return;
  party.node = data.confirm(party.candidate, party.entity.type, party.entity.text(), party.hash);
}

[[gnu::always_inline]] inline bool is_sound(const Party& party) noexcept {
  return party.node != nullptr || is_plain(party.entity.text());
}

inline bool begin(const Lane& lane, const Principals& all, const UserHandle& known, Party& party) noexcept {
  return HandleParts::read(known, lane, all.type, party) || begin(*lane.data, all, known.name(), party);
}

// Asks memory for the line of the id that the scope asks for, if it is spelled as usual and asks for an id.
[[gnu::always_inline]] inline Aim aim_at(const Lane& lane, std::string_view scope) noexcept {
  Aim aim;
  if (!lane.some_by_text || scope.size() > policy::kMostOfScope) return aim;
  if (lane.has_aliases && lane.program->schema().find_alias(scope) >= 0) return aim;
  aim.hash = policy::hash_scope(policy::scope_words(scope), scope.size(), lane.seeds);
  aim.line = &lane.program->place_of(aim.hash);
  __builtin_prefetch(aim.line);
  return aim;
}

// Whether the scope asks for the id of the line, and the line may be all that is said of it: where it is the name of
// the line's pair, a `_` and the id, it cannot be read otherwise. Nothing is taken apart.
[[gnu::always_inline]] inline bool is_of(const Lane& lane, const policy::LineRecord& line,
                                         std::string_view scope) noexcept {
  if (line.pair >= lane.by_pair.size() || line.kind != static_cast<std::uint8_t>(CellKind::kExact)) return false;
  const Door& door = *lane.by_pair[line.pair];
  const std::size_t named = door.name_size;
  if (!door.by_text || named + 1 + line.id_size != scope.size() || scope[named] != '_') return false;
  const policy::ScopeWords words = policy::scope_words(scope);
  if (first_bytes(words.first, named) != door.name[0]) return false;
  if (named > kMostPadded) {
    if (first_bytes(short_scope::words_from(scope, kMostPadded), named - kMostPadded) != door.name[1]) return false;
  }
  if (line.id_size > kMostPadded) return same_text({line.bytes, line.id_size}, scope.substr(named + 1));
  PaddedWords own;
  std::memcpy(&own, line.bytes, sizeof own);
  return short_scope::last_words(scope, line.id_size, false) == own;
}

// The request's facts, if they are of this policy and describe nobody.
[[gnu::always_inline]] inline bool take_facts(const Lane& lane, const Facts* from,
                                              const RequestFacts*& facts) noexcept {
  facts = nullptr;
  if (from == nullptr) return true;
  facts = &from->facts();
  return is_for(*from, *lane.program) && !facts->user.given && !facts->resource.given;
}

// Takes the scope apart, and asks memory for the line if that is not known yet. False where it is not spelled as usual,
// or of nothing that is declared. Whether its id is one that can stand in a scope is not asked.
bool take_apart(const Lane& lane, std::string_view scope, Arrival& arrival) noexcept;

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
