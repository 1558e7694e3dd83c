// Request -> Query. Tested by tests/unit/wire/query_test.cc, tests/command and tests/suites.
#include "src/engine/query.h"

#include <algorithm>

#include "src/scope/parse_entity.h"
#include "src/scope/parse_scope.h"

namespace writ {
namespace {

Error error_about(ErrorCode code, std::string_view what, std::string_view name, std::string_view remedy = {}) {
  Error error(code, what);
  error.append("`").append(name).append("`");
  if (!remedy.empty()) error.append(": ").append(remedy);
  return error;
}

// "alice", "user:alice": the id is everything after the first colon.
Result<Datum> principal(const Schema& schema, TypeId type, std::string_view text) noexcept {
  const EntityType& declared = schema.types[type];
  if (!declared.closed && !declared.single && text.size() <= kMaxIdBytes && is_plain_without(text, ':')) {
    return entity_datum(type, text);
  }
  if (!has_byte(text, ':')) return resolve_entity(schema, type, text);
  return parse_principal(schema, type, text);
}

PaddedWords short_words(std::string_view text) noexcept {
  return text.size() <= kMostPadded ? padded_words(text) : PaddedWords();
}

// Asks for the lines that find() will read. `words`: the id's, where it is short.
inline void begin(const Snapshot& data, const Datum& entity, const PaddedWords& words, Party& party) noexcept {
  party.entity = entity;
  party.node = nullptr;
  party.candidate = nullptr;
  if (!data.has_any(entity.type)) return;
  const std::uint64_t seed = entity_seed(entity.type, data.seed());
  party.hash = entity.count <= kMostPadded ? hash_words(words, entity.count, seed) : hash_bytes(entity.text(), seed);
  party.candidate = data.candidate(party.hash);
}

inline void find(const Snapshot& data, Party& party) noexcept {
  if (party.candidate == nullptr) return;
  party.node = data.confirm(party.candidate, party.entity.type, party.entity.text(), party.hash);
}

// Works out where what concerns a cell is to be found, and asks memory for it. `words`: the id's, where it is short.
void aim(Query& query, const PaddedWords& words) noexcept {
  const Cell& cell = query.cell;
  query.pair = query.program->pair(cell.action, cell.type);
  if (cell.kind != CellKind::kExact) {
    query.resource = Party();
    query.resource.entity.kind = DatumKind::kOpen;
    query.resource.entity.type = cell.type;
    return;
  }
  if (query.pair != nullptr && query.pair->exact_count != 0) {
    const auto pair = static_cast<std::uint32_t>(query.pair - query.program->pairs.data());
    query.key_words = words;
    query.key_hash = query.program->hash_of(pair, CellKind::kExact, cell.id);
    __builtin_prefetch(&query.program->place_of(query.key_hash));
  }
  begin(*query.data, entity_datum(cell.type, cell.id), words, query.resource);
}

Error given_twice(std::string_view what) noexcept {
  Error error(ErrorCode::kRepeated, "the request gives ");
  return error.append(what).append(" twice, by a handle and by its name: give it once");
}

Result<std::string_view> user_of(const Request& request) noexcept {
  if (request.handles == nullptr || request.handles->user == nullptr) return request.user;
  if (!request.user.empty()) return given_twice("the user");
  return request.handles->user->name();
}

Result<void> resolve_agents(Query& query, const Request& request) noexcept {
  query.agent_count = 0;
  const bool known = request.handles != nullptr && !request.handles->agents.empty();
  if (known && !request.agents.empty()) return given_twice("the agents");
  const std::size_t count = known ? request.handles->agents.size() : request.agents.size();
  if (count > kMaxAgents) return Error(ErrorCode::kTooMany, "a chain of more than 8 agents");
  const Schema& schema = query.program->schema();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view text = known ? request.handles->agents[i]->name() : request.agents[i];
    const Result<Datum> agent = principal(schema, schema.agent, text);
    if (!agent) return agent.error();
    begin(*query.data, *agent, short_words(agent->text()), query.agents[query.agent_count]);
    query.agent_set[query.agent_count++] = *agent;
  }
  sort_agents(query);
  return {};
}

// A stored value and a sent one must not contradict each other: one of the two is wrong, and which is not known.
Result<void> check_described(const Schema& schema, const DescribedEntity& described, const Node* node) noexcept {
  if (!described.given || node == nullptr) return {};
  const EntityType& type = schema.types[described.type];
  for (std::size_t i = 0; i < described.attributes.size() && i < node->attributes.size(); ++i) {
    const Datum& sent = described.attributes[i];
    const Datum& stored = node->attributes[i];
    if (sent.kind == DatumKind::kNone || stored.kind == DatumKind::kNone || compare(sent, stored) == 0) continue;
    return error_about(ErrorCode::kContradictsData, "the data says otherwise about ", type.attributes[i].name,
                       "leave it out of the request, or correct the data");
  }
  for (const Datum& parent : described.parents) {
    const auto is_parent = [&parent](const Datum& stored) { return same_entity(stored, parent); };
    if (std::none_of(node->parents().begin(), node->parents().end(), is_parent)) {
      return error_about(ErrorCode::kContradictsData, "the data does not know the parent ", parent.text(),
                         "leave it out of the request, or correct the data");
    }
  }
  return {};
}

bool has_parent(const DescribedEntity& described, const Datum& entity) noexcept {
  return std::any_of(described.parents.begin(), described.parents.end(),
                     [&entity](const Datum& parent) { return same_entity(parent, entity); });
}

Error circle(std::string_view whose) {
  return error_about(ErrorCode::kCycle, "parents that run in a circle, those of the ", whose, "leave one out");
}

// The data has no circles, so a request can only close one by what it says itself.
Result<void> check_together(const Query& query) noexcept {
  const DescribedEntity& user = query.facts->user;
  const DescribedEntity& resource = query.facts->resource;
  if (has_parent(resource, query.resource.entity)) return circle("resource");
  if (!user.given) return {};
  if (same_entity(query.user.entity, query.resource.entity)) {
    return error_about(ErrorCode::kRepeated, "the user is described a second time, as the ", "resource",
                       "describe it once");
  }
  const bool both = has_parent(user, query.resource.entity) && has_parent(resource, query.user.entity);
  return both ? Result<void>(circle("resource")) : Result<void>();
}

Result<void> resolve_cell(Query& query, const Request& request) noexcept {
  const Schema& schema = query.program->schema();
  query.alias = nullptr;
  if (request.handles != nullptr && request.handles->action != nullptr) {
    if (!request.scope.empty() || !request.action.empty() || !request.resource_type.empty()) {
      return given_twice("the action");
    }
    const ActionHandle& known = *request.handles->action;
    const Result<Cell> cell = parse_resource(schema, known.action(), known.resource_type(), request.resource_id);
    if (!cell) return cell.error();
    query.cell = *cell;
  } else if (!request.scope.empty()) {
    const Result<ScopeRequest> asked = parse_scope(schema, request.scope);
    if (!asked) return asked.error();
    query.cell = asked->cell;
    query.alias = asked->alias;
  } else {
    if (request.action.empty()) return Error(ErrorCode::kMissingMember, "neither a scope nor an action is given");
    const Result<Cell> cell = parse_resource(schema, request.action, request.resource_type, request.resource_id);
    if (!cell) return cell.error();
    query.cell = *cell;
  }
  return {};
}

// Who asks, up to what has to be fetched.
Result<void> begin_asking(const policy::Program& program, const Snapshot& data, const Request& request,
                          Query& query) noexcept {
  const Schema& schema = program.schema();
  query.program = &program;
  query.data = &data;
  query.by.data = data.version();
  query.now = request.time.microseconds;
  query.audience = request.audience;
  const Result<std::string_view> name = user_of(request);
  if (!name) return name.error();
  if (name->empty()) return Error(ErrorCode::kMissingMember, "no user is given");
  const Result<Datum> user = principal(schema, schema.user, *name);
  if (!user) return user.error();
  begin(data, *user, short_words(user->text()), query.user);
  return resolve_agents(query, request);
}

Result<void> finish_asking(Query& query, const Request& request) noexcept {
  find(*query.data, query.user);
  for (std::uint8_t i = 0; i < query.agent_count; ++i)
    find(*query.data, query.agents[i]);
  query.facts = nullptr;
  if (request.facts == nullptr) return {};
  if (!is_for(*request.facts, *query.program)) {
    return Error(ErrorCode::kSchemaMismatch, "the facts were made for another policy: make them again");
  }
  query.facts = &request.facts->facts();
  const Result<void> fits = check_described(query.program->schema(), query.facts->user, query.user.node);
  if (!fits) return fits.error();
  return has_parent(query.facts->user, query.user.entity) ? Result<void>(circle("user")) : Result<void>();
}

}  // namespace

void sort_agents(Query& query) noexcept {
  query.agent_set_count = query.agent_count;
  if (query.agent_count < 2) return;
  const auto less = [](const Datum& a, const Datum& b) { return compare(a, b) < 0; };
  const auto same = [](const Datum& a, const Datum& b) { return compare(a, b) == 0; };
  Datum* const first = query.agent_set.data();
  std::sort(first, first + query.agent_count, less);
  query.agent_set_count = static_cast<std::uint8_t>(std::unique(first, first + query.agent_count, same) - first);
}

Result<void> resolve_asking(const policy::Program& program, const Snapshot& data, const Request& request,
                            Query& query) noexcept {
  if (const Result<void> begun = begin_asking(program, data, request, query); !begun) return begun.error();
  return finish_asking(query, request);
}

Result<void> resolve(const policy::Program& program, const Snapshot& data, const Request& request,
                     Query& query) noexcept {
  if (const Result<void> begun = begin_asking(program, data, request, query); !begun) return begun.error();
  if (const Result<void> named = resolve_cell(query, request); !named) return named.error();
  if (const Result<void> finished = finish_asking(query, request); !finished) return finished.error();
  return query.alias == nullptr ? ask(query, query.cell) : Result<void>();
}

Result<Party> find_principal(const policy::Program& program, const Snapshot& data, TypeId type,
                             std::string_view name) noexcept {
  const Result<Datum> entity = principal(program.schema(), type, name);
  if (!entity) return entity.error();
  Party party;
  begin(data, *entity, short_words(entity->text()), party);
  find(data, party);
  return party;
}

Result<void> ask(Query& query, const Cell& cell) noexcept {
  query.cell = cell;
  aim(query, short_words(cell.id));
  find(*query.data, query.resource);
  if (query.facts == nullptr || !query.facts->resource.given) return {};
  const DescribedEntity& described = query.facts->resource;
  const Schema& schema = query.program->schema();
  if (described.type != cell.type) {
    return error_about(ErrorCode::kWrongType, "the request describes a resource of type ",
                       schema.types[described.type].name, "and asks for another");
  }
  if (cell.kind == CellKind::kAll || cell.kind == CellKind::kPrefix) {
    return Error(ErrorCode::kWrongType, "attributes of one resource cannot describe a set of them");
  }
  const Result<void> fits = check_described(schema, described, query.resource.node);
  return fits ? check_together(query) : fits;
}

}  // namespace writ
