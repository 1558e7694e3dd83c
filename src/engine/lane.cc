// The usual request: short names and ids in plain ASCII, a scope that is no alias, nobody described by the request. Who
// and what are looked for in memory as soon as their hashes are known; what is fetched is looked at last. Everything
// else goes the way of resolve(), and so does all that may be wrong.
// Tested by tests/differential, which sends both kinds.
#include "src/engine/lane.h"

#include "src/engine/answer.h"
#include "src/engine/conjunction.h"
#include "src/engine/decide.h"

namespace writ {

using policy::LineRecord;
using policy::TestOf;
using policy::TestRecord;

namespace {

NameTable<Door> make_doors(const policy::Program& program, const Snapshot& data, std::int64_t default_lifetime) {
  const Schema& schema = program.schema();
  std::vector<Door> doors;
  for (const Word& word : schema.vocabulary().places()) {
    if (word.type == kNoId) continue;
    Door door;
    door.name[0] = word.name[0];
    door.name[1] = word.name[1];
    door.name_size = word.name_size;
    door.pair = program.pair(word.action, word.type);
    if (door.pair != nullptr) door.number = static_cast<std::uint32_t>(door.pair - program.pairs.data());
    door.seed = policy::key_seed(door.number, CellKind::kExact, program.header().seed);
    door.action = word.action;
    door.type = word.type;
    door.on_type = word.on_type;
    door.single = word.single;
    door.open = word.open;
    door.in_data = data.has_any(word.type);
    door.alone = door.pair != nullptr && door.pair->all == policy::kNoNode && door.pair->length_count == 0 &&
                 door.pair->exact_count != 0 && default_lifetime > 0;
    door.bare_ids = door.pair != nullptr && door.pair->odd_ids == 0;
    doors.push_back(door);
  }
  NameTable<Door> table;
  table.fill(doors);
  return table;
}

// Those that it may be asked whether a user is in. Empty behind the last of them.
std::vector<ConstantHash> hash_constants(const policy::Program& program, const Snapshot& data) {
  std::vector<ConstantHash> hashes;
  const TypeId user = program.schema().user;
  for (std::size_t i = 0; i < program.constants.size(); ++i) {
    const Datum& constant = program.constants[i];
    if (constant.kind != DatumKind::kEntity || constant.type == user) continue;
    hashes.resize(i + 1);
    const std::uint64_t hash = data.hash_of(constant.type, constant.text());
    hashes[i] = {hash, data.hashes_are_unique() && data.find(constant.type, constant.text(), hash) != nullptr};
  }
  return hashes;
}

inline Party begin(const Snapshot& data, TypeId type, std::string_view id, PaddedWords words, std::uint64_t seed,
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
inline bool begin(const Snapshot& data, const Principals& all, std::string_view text, Party& party) noexcept {
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

inline void find(const Snapshot& data, Party& party) noexcept {
  if (party.candidate == nullptr) return;
  party.node = data.confirm(party.candidate, party.entity.type, party.entity.text(), party.hash);
}

bool is_sound(const Party& party) noexcept {
  return party.node != nullptr || is_plain(party.entity.text());
}

bool begin_agents(const Lane& lane, const Request& request, Query& query) noexcept {
  if (request.agents.size() > kMaxAgents) return false;
  for (const std::string_view text : request.agents) {
    Party& agent = query.agents[query.agent_count];
    if (!begin(*lane.data, lane.agents, text, agent)) return false;
    query.agent_set[query.agent_count++] = agent.entity;
  }
  sort_agents(query);
  for (std::uint8_t i = 0; i < query.agent_count; ++i) {
    find(*lane.data, query.agents[i]);
    if (!is_sound(query.agents[i])) return false;
  }
  return true;
}

// The request's facts, if they are of this policy and describe nobody.
inline bool take_facts(const Lane& lane, const Facts* from, const RequestFacts*& facts) noexcept {
  facts = nullptr;
  if (from == nullptr) return true;
  facts = &from->facts();
  return is_for(*from, *lane.program) && !facts->user.given && !facts->resource.given;
}

[[gnu::noinline]] Result<Decision> decide_at_length(const Lane& lane, const Request& request) noexcept {
  Query query;
  lane.serve(query);
  const Result<void> resolved = resolve(*lane.program, *lane.data, request, query);
  if (!resolved) return resolved.error();
  if (query.alias != nullptr) return decide(query, lane.default_lifetime);
  return decide_asked(query, lane.default_lifetime);
}

// Whether the tests of a line hold, as far as that can be told from where the user stands and from the numbers that
// were sent. kUnknown: more has to be looked at. By itself, so that its loops have all registers.
[[gnu::noinline]] Three settle(const ConstantHash* constants, const LineRecord& line, const Node* user,
                               std::string_view user_id, const Datum* sent) noexcept {
  unsigned no = 0;
  const TestRecord* test = line.tests().data();
  const TestRecord* const end = test + line.test_count;
  for (; test != end && static_cast<TestOf>(test->of) != TestOf::kContext; ++test) {
    if (static_cast<TestOf>(test->of) == TestOf::kUserIn) {
      const ConstantHash& known = constants[static_cast<std::uint32_t>(test->number)];
      if (user == nullptr || !known.unique) return Three::kUnknown;
      no |= static_cast<unsigned>(!user->within_unique(known.hash));
    } else if (static_cast<TestOf>(test->of) == TestOf::kUserHere) {
      no |= static_cast<unsigned>(!same_text(user_id, {line.bytes + test->number, test->index}));
    } else {
      return Three::kUnknown;
    }
  }
  if (test != end && (sent == nullptr || !compare_numbers({test, end}, sent, no))) return Three::kUnknown;
  return no == 0 ? Three::kTrue : Three::kFalse;
}

// Of one statement alone. Precondition: its condition is true, or false. Which of the two cannot be foreseen, so that
// nothing branches on it; and it is written where it is wanted, as a copy would wait for what was just written.
Result<Decision> conclude(const Lane& lane, const LineRecord& line, bool holds) noexcept {
  Result<Decision> answer{blank(lane.by)};
  Decision& decision = *answer;
  const auto kind = static_cast<policy::EntryKind>(line.entry);
  const bool allowed = holds & (kind == policy::EntryKind::kAllow);
  const bool denied = holds & (kind == policy::EntryKind::kDeny);
  decision.verdict = allowed ? Verdict::kAllow : Verdict::kDeny;
  decision.refusal = allowed ? Refusal::kNone : (denied ? Refusal::kDenied : Refusal::kNotAllowed);
  decision.link = allowed ? Link::kNone : (denied ? Link::kPolicy : Link::kUser);
  decision.public_reason = allowed;
  decision.statement = allowed | denied ? line.rule : kNoStatement;
  decision.lifetime = allowed ? lane.default_lifetime : 0;
  return answer;
}

// A request that was read, up to what has to be fetched.
struct Usual {
  Party user;
  Cell cell;
  PaddedWords id_words;
  const Door* door = nullptr;
  const RequestFacts* facts = nullptr;
  std::uint64_t key_hash = 0;
};

[[gnu::noinline]] Result<Decision> decide_among(const Lane& lane, const Request& request, const Usual& usual) noexcept {
  Query query;
  query.program = lane.program;
  query.data = lane.data;
  query.facts = usual.facts;
  lane.serve(query);
  query.cell = usual.cell;
  query.pair = usual.door->pair;
  query.key_hash = usual.key_hash;
  query.key_words = usual.id_words;
  query.now = request.time.microseconds;
  query.audience = request.audience;
  query.user = usual.user;
  if (query.cell.kind == CellKind::kExact) {
    const std::uint64_t seed = entity_seed(query.cell.type, lane.data->seed());
    query.resource = begin(*lane.data, query.cell.type, query.cell.id, query.key_words, seed, usual.door->in_data);
  } else {
    query.resource.entity.kind = DatumKind::kOpen;
    query.resource.entity.type = query.cell.type;
  }
  if (!request.agents.empty() && !begin_agents(lane, request, query)) return decide_at_length(lane, request);
  find(*lane.data, query.user);
  find(*lane.data, query.resource);
  if (!is_sound(query.user)) return decide_at_length(lane, request);
  return decide_asked(query, lane.default_lifetime);
}

}  // namespace

Principals::Principals(const Schema& schema, const Snapshot& data, TypeId of)
    : name(schema.types[of].name),
      seed(entity_seed(of, data.seed())),
      type(of),
      open(!schema.types[of].closed && !schema.types[of].single),
      in_data(data.has_any(of)) {}

Lane::Lane(const policy::Program& of_program, const Snapshot& of_data, std::uint64_t version, std::int64_t lifetime,
           const Lane* before)
    : program(&of_program),
      data(&of_data),
      by{version, of_data.version()},
      default_lifetime(lifetime),
      users(of_program.schema(), of_data, of_program.schema().user),
      agents(of_program.schema(), of_data, of_program.schema().agent),
      has_aliases(!of_program.schema().aliases.empty()),
      doors(make_doors(of_program, of_data, lifetime)),
      constants(hash_constants(of_program, of_data)) {
  const bool same = before != nullptr && before->program == program && before->data->seed() == data->seed();
  people = same ? before->people : index_people(of_program, of_data.seed());
}

Result<Decision> decide(const Lane& lane, const Request& request) noexcept {
  const policy::Program& program = *lane.program;
  Party user;
  ShortScope scope;
  Cell cell;
  const RequestFacts* facts = nullptr;
  if (!begin(*lane.data, lane.users, request.user, user)) return decide_at_length(lane, request);
  if (lane.has_aliases && program.schema().find_alias(request.scope) >= 0) return decide_at_length(lane, request);
  const Door* const door = take_apart_shortly(request.scope, scope) ? lane.doors.find(scope) : nullptr;
  if (door == nullptr || !read_cell(scope, *door, cell) || !take_facts(lane, request.facts, facts)) {
    return decide_at_length(lane, request);
  }
  Three holds = Three::kUnknown;
  const LineRecord* line = nullptr;
  std::uint64_t key_hash = 0;
  bool spelled = false;  // the id is one that can stand in a scope
  if (cell.kind == CellKind::kExact && door->pair != nullptr && door->pair->exact_count != 0) {
    key_hash = scope.id.size() <= kMostPadded ? hash_words(scope.id_words, scope.id.size(), door->seed)
                                              : hash_bytes(scope.id, door->seed);
    line = &program.place_of(key_hash);
    __builtin_prefetch(line);
    if (door->alone && request.agents.empty()) {
      find(*lane.data, user);
      if (user.node == nullptr && !is_sound(user)) return decide_at_length(lane, request);
      const bool found = program.is_line_of(*line, door->number, CellKind::kExact, scope.id, scope.id_words);
      // What is equal to an id that a scope can spell is one.
      spelled = (found && door->bare_ids) || has_bare_id(scope);
      if (!spelled) return decide_at_length(lane, request);
      if (!found) return refuse(lane.by, Refusal::kNotAllowed, Link::kUser, kNoStatement, false);
      if (line->entry != LineRecord::kElsewhere) {
        const Datum* const sent = facts == nullptr ? nullptr : facts->context.data();
        holds = settle(lane.constants.data(), *line, user.node, user.entity.text(), sent);
      }
    }
  }
  if (!spelled && !has_bare_id(scope)) return decide_at_length(lane, request);
  // One call, and nothing whose address is taken before it: what was read so far stays in registers.
  if (holds == Three::kUnknown) {
    return decide_among(lane, request, Usual{user, cell, scope.id_words, door, facts, key_hash});
  }
  return conclude(lane, *line, holds == Three::kTrue);
}

const Node* fetch(const Lane& lane, const Request& request) noexcept {
  Party user;
  ShortScope scope;
  begin(*lane.data, lane.users, request.user, user);
  const Door* const door = take_apart_shortly(request.scope, scope) ? lane.doors.find(scope) : nullptr;
  if (door == nullptr || !scope.has_id || scope.star || scope.id.size() > kMostPadded) return user.candidate;
  if (door->pair != nullptr && door->pair->exact_count != 0) {
    __builtin_prefetch(&lane.program->place_of(hash_words(scope.id_words, scope.id.size(), door->seed)));
  }
  const std::uint64_t seed = entity_seed(door->type, lane.data->seed());
  begin(*lane.data, door->type, scope.id, scope.id_words, seed, door->in_data);
  return user.candidate;
}

}  // namespace writ
