// The usual request: short names and ids in plain ASCII, a scope that is no alias, nobody described by the request. Who
// and what are looked for in memory as soon as their hashes are known; what is fetched is looked at last. Everything
// else goes the way of resolve(), and so does all that may be wrong.
// Tested by tests/differential, which sends both kinds, by names and by handles.
#include "src/engine/answer.h"
#include "src/engine/arrival.h"
#include "src/engine/conjunction.h"
#include "src/engine/decide.h"

namespace writ {

using policy::LineRecord;
using policy::TestOf;
using policy::TestRecord;

namespace {

bool begin_agents(const Lane& lane, const Request& request, Query& query) noexcept {
  const bool known = request.handles != nullptr && !request.handles->agents.empty();
  const std::size_t count = known ? request.handles->agents.size() : request.agents.size();
  if (count > kMaxAgents || (known && !request.agents.empty())) return false;
  for (std::size_t i = 0; i < count; ++i) {
    Party& agent = query.agents[query.agent_count];
    const bool usual = known ? begin(lane, lane.agents, HandleParts::principal(*request.handles->agents[i]), agent)
                             : begin(*lane.data, lane.agents, request.agents[i], agent);
    if (!usual) return false;
    query.agent_set[query.agent_count++] = agent.entity;
  }
  sort_agents(query);
  for (std::uint8_t i = 0; i < query.agent_count; ++i) {
    find(*lane.data, query.agents[i]);
    if (!is_sound(query.agents[i])) return false;
  }
  return true;
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
[[gnu::always_inline]] inline Result<Decision> conclude(const Lane& lane, const LineRecord& line, bool holds) noexcept {
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

[[gnu::noinline]] Result<Decision> decide_among(const Lane& lane, const Request& request,
                                                const Arrival& arrival) noexcept {
  Query query;
  query.program = lane.program;
  query.data = lane.data;
  query.facts = arrival.facts;
  lane.serve(query);
  query.cell = arrival.cell;
  query.pair = arrival.door->pair;
  query.key_hash = arrival.aim.hash;
  query.key_words = arrival.id_words;
  query.now = request.time.microseconds;
  query.audience = request.audience;
  query.user = arrival.user;
  if (query.cell.kind == CellKind::kExact) {
    const std::uint64_t seed = entity_seed(query.cell.type, lane.data->seed());
    query.resource = begin(*lane.data, query.cell.type, query.cell.id, query.key_words, seed, arrival.door->in_data);
  } else {
    query.resource.entity.kind = DatumKind::kOpen;
    query.resource.entity.type = query.cell.type;
  }
  if (arrival.manner.agents && !begin_agents(lane, request, query)) return decide_at_length(lane, request);
  find(*lane.data, query.user);
  find(*lane.data, query.resource);
  if (!is_sound(query.user)) return decide_at_length(lane, request);
  return decide_asked(query, lane.default_lifetime);
}

// What has arrived and was asked for. One call at most, and nothing whose address is taken before it: what was read so
// far stays in registers, which is why it comes in pieces.
[[gnu::always_inline]] inline Result<Decision> finish(const Lane& lane, const Request& request, Party user, Cell cell,
                                                      PaddedWords id_words, const Door* door, const RequestFacts* facts,
                                                      Aim aim, Manner manner) noexcept {
  Three holds = Three::kUnknown;
  bool spelled = false;  // the id is one that can be asked for
  if (aim.line != nullptr && door->alone && !manner.agents) {
    find(*lane.data, user);
    if (user.node == nullptr && !is_sound(user)) return decide_at_length(lane, request);
    const bool found = lane.program->is_line_of(*aim.line, door->number, CellKind::kExact, cell.id, id_words);
    // What is equal to an id that can be asked for is one.
    spelled = (found && manner.any_of_policy) || is_bare(cell.id, id_words);
    if (!spelled) return decide_at_length(lane, request);
    if (!found) return refuse(lane.by, Refusal::kNotAllowed, Link::kUser, kNoStatement, false);
    if (aim.line->entry != LineRecord::kElsewhere) {
      const Datum* const sent = facts == nullptr ? nullptr : facts->context.data();
      holds = settle(lane.constants.data(), *aim.line, user.node, user.entity.text(), sent);
    }
  }
  if (!spelled && !is_bare(cell.id, id_words)) return decide_at_length(lane, request);
  if (holds == Three::kUnknown) {
    return decide_among(lane, request, Arrival{user, cell, id_words, door, facts, aim, manner});
  }
  return conclude(lane, *aim.line, holds == Three::kTrue);
}

}  // namespace

Result<Decision> decide(const Lane& lane, const Request& request) noexcept {
  Party user;
  ShortScope scope;
  Cell cell;
  const RequestFacts* facts = nullptr;
  if (request.handles != nullptr) {
    Arrival known;
    return arrive(lane, request, known) ? decide(lane, request, known) : decide_at_length(lane, request);
  }
  if (!begin(*lane.data, lane.users, request.user, user)) return decide_at_length(lane, request);
  const Door* const door = arrive(lane, request.scope, scope, cell);
  if (door == nullptr || !take_facts(lane, request.facts, facts)) return decide_at_length(lane, request);
  return finish(lane, request, user, cell, scope.id_words, door, facts, aim_at(lane, *door, cell, scope.id_words),
                {!request.agents.empty(), door->bare_ids});
}

Result<Decision> decide(const Lane& lane, const Request& request, const Arrival& arrival) noexcept {
  return finish(lane, request, arrival.user, arrival.cell, arrival.id_words, arrival.door, arrival.facts, arrival.aim,
                arrival.manner);
}

}  // namespace writ
