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
// were sent. kUnknown: more has to be looked at.
[[gnu::always_inline]] inline Three settle(const ConstantHash* constants, const LineRecord& line, const Node* user,
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

policy::EntryKind kind_of(const LineRecord& line) noexcept {
  return static_cast<policy::EntryKind>(line.entry);
}

// Of one statement alone. Precondition: its condition is true, or false. Which of the two cannot be foreseen, so that
// nothing branches on it; and it is written where it is wanted, as a copy would wait for what was just written.
[[gnu::always_inline]] inline Result<Decision> conclude(const Lane& lane, policy::EntryKind kind, std::uint32_t rule,
                                                        bool holds) noexcept {
  Result<Decision> answer(std::in_place);
  Decision& decision = *answer;
  decision.policy_version = lane.by.policy;
  decision.data_version = lane.by.data;
  const bool allowed = holds & (kind == policy::EntryKind::kAllow);
  const bool denied = holds & (kind == policy::EntryKind::kDeny);
  decision.verdict = allowed ? Verdict::kAllow : Verdict::kDeny;
  decision.refusal = allowed ? Refusal::kNone : (denied ? Refusal::kDenied : Refusal::kNotAllowed);
  decision.link = allowed ? Link::kNone : (denied ? Link::kPolicy : Link::kUser);
  decision.public_reason = allowed;
  decision.statement = (allowed | denied) ? rule : kNoStatement;
  decision.lifetime = allowed ? lane.default_lifetime : 0;
  return answer;
}

[[gnu::always_inline]] inline Result<Decision> decide_among(const Lane& lane, const Request& request,
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
  if (arrival.agents && !begin_agents(lane, request, query)) return decide_at_length(lane, request);
  find(*lane.data, query.user);
  find(*lane.data, query.resource);
  if (!is_sound(query.user)) return decide_at_length(lane, request);
  return decide_asked(query, lane.default_lifetime);
}

const Datum* sent(const RequestFacts* facts) noexcept {
  return facts == nullptr ? nullptr : facts->context.data();
}

// What has been taken apart.
[[gnu::always_inline]] inline Result<Decision> decide_apart(const Lane& lane, const Request& request,
                                                            const Arrival& arrival) noexcept {
  const auto& [user, facts, aim, agents, door, any_of_policy, cell, id_words] = arrival;
  bool spelled = false;  // the id is one that can be asked for
  if (aim.line != nullptr && door->alone && !agents) {
    Party found_user = user;
    find(*lane.data, found_user);
    if (!is_sound(found_user)) return decide_at_length(lane, request);
    const bool found = lane.program->is_line_of(*aim.line, door->number, CellKind::kExact, cell.id, id_words);
    // What is equal to an id that can be asked for is one.
    spelled = (found && any_of_policy) || is_bare(cell.id, id_words);
    if (!spelled) return decide_at_length(lane, request);
    if (!found) return refuse(lane.by, Refusal::kNotAllowed, Link::kUser, kNoStatement, false);
    if (aim.line->entry != LineRecord::kElsewhere) {
      const Three holds =
          settle(lane.constants.data(), *aim.line, found_user.node, found_user.entity.text(), sent(facts));
      if (holds != Three::kUnknown) return conclude(lane, kind_of(*aim.line), aim.line->rule, holds == Three::kTrue);
    }
  }
  if (!spelled && !is_bare(cell.id, id_words)) return decide_at_length(lane, request);
  return decide_among(lane, request, arrival);
}

// From the beginning, and taken apart.
[[gnu::noinline]] Result<Decision> decide_afresh(const Lane& lane, const Request& request) noexcept {
  Room<Arrival, 1> room;
  Arrival& arrival = room[0];
  if (!arrive(lane, request, arrival)) return decide_at_length(lane, request);
  if (arrival.door == nullptr && !take_apart(lane, request.scope, arrival)) return decide_at_length(lane, request);
  return decide_apart(lane, request, arrival);
}

// By a line that is all that is said of the id. By itself and last, so that its loops have all registers, and nothing
// that was read before has to be kept for later.
[[gnu::noinline]] Result<Decision> decide_by_line(const Lane& lane, const Request& request, const LineRecord& line,
                                                  const Node& user, const Datum* context) noexcept {
  const Three holds = settle(lane.constants.data(), line, &user, user.entity.text(), context);
  if (holds == Three::kUnknown) return decide_afresh(lane, request);
  return conclude(lane, kind_of(line), line.rule, holds == Three::kTrue);
}

// By the names that are under the line's key, where nothing else is.
[[gnu::noinline]] Result<Decision> decide_by_names(const Lane& lane, const Request& request, const LineRecord& line,
                                                   const Node& user) noexcept {
  const PeopleIndex* const people = lane.people.get();
  const PeopleIndex::Crowd* const crowd = people == nullptr ? nullptr : people->crowd(line.key);
  if (crowd == nullptr || !crowd->plain || user.ancestors().size() > Node::kFew) return decide_afresh(lane, request);
  const policy::Program& program = *lane.program;
  std::uint32_t rule = kNoStatement;
  const auto look_up = [&](TestOf how, std::uint64_t hash, const Datum& entity) {
    for (const std::uint32_t at : people->naming(line.key, hash)) {
      const policy::EntryRecord& entry = program.entries[at];
      const TestRecord& test = program.tests[entry.tests];
      // Who is in a user is not that user, so that it counts how he is meant.
      if (entry.rule < rule && static_cast<TestOf>(test.of) == how &&
          same_entity(entity, program.constants[static_cast<std::uint32_t>(test.number)])) {
        rule = entry.rule;
      }
    }
  };
  look_up(TestOf::kUserIs, user.hash, user.entity);
  for (const Ancestor& ancestor : user.ancestors())
    look_up(TestOf::kUserIn, ancestor.hash, ancestor.entity);
  return conclude(lane, policy::EntryKind::kAllow, rule, rule != kNoStatement);
}

// Of an id that no line is of, though all that is said of ids stands in lines.
[[gnu::noinline]] Result<Decision> decide_unspoken(const Lane& lane, const Request& request) noexcept {
  ShortScope scope;
  Cell cell;
  const Door* const door = take_apart_shortly(request.scope, scope) ? lane.doors.find(scope) : nullptr;
  const bool usual = door != nullptr && door->by_text && read_cell(scope, *door, cell) && cell.kind == CellKind::kExact;
  if (!usual || !has_bare_id(scope)) return decide_afresh(lane, request);
  return refuse(lane.by, Refusal::kNotAllowed, Link::kUser, kNoStatement, false);
}

// What has arrived and was asked for. Where the line is that of the id, it is all that has to be looked at.
[[gnu::always_inline]] inline Result<Decision> finish(const Lane& lane, const Request& request, Party user,
                                                      const RequestFacts* facts, Aim aim, bool agents) noexcept {
  if (aim.line == nullptr || agents) return decide_afresh(lane, request);
  find(*lane.data, user);
  if (user.node == nullptr) return decide_afresh(lane, request);
  if (!is_of(lane, *aim.line, request.scope)) return decide_unspoken(lane, request);
  if (aim.line->entry == LineRecord::kElsewhere) return decide_by_names(lane, request, *aim.line, *user.node);
  return decide_by_line(lane, request, *aim.line, *user.node, sent(facts));
}

}  // namespace

Result<Decision> decide(const Lane& lane, const Request& request) noexcept {
  if (request.handles != nullptr) {
    Room<Arrival, 1> known;
    return arrive(lane, request, known[0]) ? decide(lane, request, known[0]) : decide_at_length(lane, request);
  }
  if (!lane.some_by_text || !request.agents.empty()) return decide_afresh(lane, request);
  Party user;
  const RequestFacts* facts = nullptr;
  if (!begin(*lane.data, lane.users, request.user, user)) return decide_at_length(lane, request);
  const Aim aim = aim_at(lane, request.scope);
  if (!take_facts(lane, request.facts, facts)) return decide_at_length(lane, request);
  return finish(lane, request, user, facts, aim, false);
}

Result<Decision> decide(const Lane& lane, const Request& request, const Arrival& arrival) noexcept {
  if (arrival.door != nullptr) return decide_apart(lane, request, arrival);
  return finish(lane, request, arrival.user, arrival.facts, arrival.aim, arrival.agents);
}

}  // namespace writ
