// Engine: what is live, and how it is replaced while others read it.
//
// A reader announces what it is about to read in a slot of its own, and looks again whether that is still live; the
// writer puts the new state in place first and gives old ones back only when no slot names them (hazard.h, retired.h),
// many at once. Readers take no lock and count nothing; only those for whom there is no slot count themselves. Tested
// by tests/threads.
#include "writ/engine.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "src/base/quote.h"
#include "src/engine/arrival.h"
#include "src/engine/decide.h"
#include "src/engine/grant.h"
#include "src/engine/handle_parts.h"
#include "src/engine/hazard.h"
#include "src/engine/lane.h"
#include "src/engine/live.h"
#include "src/engine/list.h"
#include "src/engine/offer.h"
#include "src/engine/reasons.h"
#include "src/engine/retired.h"
#include "src/scope/parse_entity.h"
#include "src/scope/parse_scope.h"
#include "src/scope/print_scope.h"
#include "src/scope/suggest_scope.h"

namespace writ {
namespace {

Error mismatch() noexcept {
  return {ErrorCode::kSchemaMismatch,
          "the entities were loaded for other declarations: load them again for this policy"};
}

Result<void> find(const Lane& lane, TypeId type, std::string_view name, UserHandle& handle) {
  if (name.empty()) return Error(ErrorCode::kMissingMember, "no name is given");
  const Result<Party> party = find_principal(*lane.program, *lane.data, type, name);
  if (!party) return party.error();
  HandleParts::fill(handle, name, lane, *party);
  return {};
}

}  // namespace

struct Engine::State {
  EngineOptions options;
  std::atomic<const Live*> live{nullptr};
  std::atomic<std::uint32_t> without_slot{0};  // threads that read now and have no slot
  std::mutex writing;                          // between writers only
  Retired retired;

  State() { hazard::prepare(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { delete live.load(); }

  void publish(const Live* next) {
    const Live* const old = live.exchange(next, std::memory_order_seq_cst);
    retired.add(old, *next, without_slot);
  }

  // Holds what is live for as long as it exists. A thread has one at a time.
  class Reading {
   public:
    explicit Reading(State& state) noexcept : slot_(hazard::own_slot) {
      if (slot_ == nullptr) slot_ = hazard::take_slot();
      if (slot_ == nullptr) {
        without_slot_ = &state.without_slot;
        without_slot_->fetch_add(1, std::memory_order_seq_cst);
        live_ = state.live.load(std::memory_order_seq_cst);
        return;
      }
      live_ = state.live.load(std::memory_order_acquire);
      for (;;) {
        slot_->reading.store(live_, std::memory_order_release);
        hazard::reader_fence();
        // It may have been replaced, and given back, before the slot named it.
        const Live* const now = state.live.load(std::memory_order_acquire);
        if (now == live_) return;
        live_ = now;
      }
    }
    ~Reading() {
      if (slot_ != nullptr) {
        slot_->reading.store(nullptr, std::memory_order_release);
      } else {
        without_slot_->fetch_sub(1, std::memory_order_release);
      }
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    const Live* operator->() const noexcept { return live_; }

   private:
    HazardSlot* slot_;
    const Live* live_ = nullptr;
    std::atomic<std::uint32_t>* without_slot_ = nullptr;
  };
};

Engine::Engine(const Policy& policy, Entities entities, const EngineOptions& options)
    : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->live.store(new Live(policy, std::move(entities), 1, options.default_lifetime, nullptr));
}

Engine::~Engine() = default;

Result<Decision> Engine::decide(const Request& request) const noexcept {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  return writ::decide(*live->lane, request);
}

Result<UserHandle> Engine::find_user(std::string_view user) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  UserHandle handle;
  const Result<void> found = find(*live->lane, live->lane->users.type, user, handle);
  return found ? Result<UserHandle>(std::move(handle)) : found.error();
}

Result<AgentHandle> Engine::find_agent(std::string_view agent) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  AgentHandle handle;
  const Result<void> found = find(*live->lane, live->lane->agents.type, agent, HandleParts::principal(handle));
  return found ? Result<AgentHandle>(std::move(handle)) : found.error();
}

Result<ActionHandle> Engine::find_action(std::string_view action, std::string_view resource_type) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  const Result<Cell> cell = parse_action(live->policy.program().schema(), action, resource_type);
  if (!cell) return cell.error();
  ActionHandle handle;
  HandleParts::fill(handle, action, resource_type, *live->lane, live->lane->door(cell->action, cell->type));
  return handle;
}

void Engine::decide(std::span<const Request> requests, std::span<Result<Decision>> answers) const noexcept {
  constexpr std::size_t kTogether = 32;  // what is fetched must still be there when it is looked at
  const State::Reading live(*state_);
  if (!live->fits()) {
    std::fill(answers.begin(), answers.end(), Result<Decision>(mismatch()));
    return;
  }
  const Lane& lane = *live->lane;
  for (std::size_t first = 0; first < requests.size(); first += kTogether) {
    const std::span<const Request> some = requests.subspan(first, std::min(kTogether, requests.size() - first));
    Room<Arrival, kTogether> arrivals;
    std::array<bool, kTogether> usual;
    for (std::size_t i = 0; i < some.size(); ++i)
      usual[i] = fetch(lane, some[i], arrivals[i]);
    for (std::size_t i = 0; i < some.size(); ++i)
      if (usual[i]) fetch_ancestors(arrivals[i]);
    for (std::size_t i = 0; i < some.size(); ++i) {
      answers[first + i] = usual[i] ? writ::decide(lane, some[i], arrivals[i]) : writ::decide(lane, some[i]);
    }
  }
}

namespace {

// What was probably meant by a scope that is none. decide() allocates nothing, so that it is said by explain() alone.
Error with_suggestion(const Schema& schema, std::string_view scope, Error error) {
  const bool of_scope = error.code == ErrorCode::kBadScope || error.code == ErrorCode::kUnknownAction ||
                        error.code == ErrorCode::kUnknownType || error.code == ErrorCode::kUnknownId;
  if (!of_scope || scope.empty()) return error;
  const std::string meant = suggest_scope(schema, scope);
  if (!meant.empty()) append_quoted(error.append("; did you mean "), meant).append("?");
  return error;
}

}  // namespace

Result<Explanation> Engine::explain(const Request& request) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  Query query;
  live->lane->serve(query);
  const Result<void> resolved = resolve(live->policy.program(), live->entities.snapshot(), request, query);
  if (!resolved) return with_suggestion(live->policy.program().schema(), request.scope, resolved.error());
  Result<Explanation> told = writ::explain(query, request, state_->options.default_lifetime);
  if (told) told->decision.policy_version = live->version;
  return told;
}

Result<Grant> Engine::grant(const Request& request) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  const Schema& schema = live->policy.program().schema();
  Query query;
  live->lane->serve(query);
  const Result<void> resolved = resolve(live->policy.program(), live->entities.snapshot(), request, query);
  if (!resolved) return with_suggestion(schema, request.scope, resolved.error());
  const std::vector<Cell> cells = query.alias == nullptr ? std::vector{query.cell} : query.alias->cells;
  const bool ceiling = query.alias != nullptr && query.alias->ceiling;
  const Result<Decision> decision = writ::decide(query, state_->options.default_lifetime);
  if (!decision) return decision.error();
  Reasons reasons = find_reasons(query, cells, *decision, false);
  if (!decision->allowed()) return refusal(*decision, reasons);
  std::string scope(request.scope);
  if (scope.empty()) scope = print_scope(schema, cells.front()).value_or("");
  if (!reads_back(schema, scope, cells))
    return Error(ErrorCode::kBadScope, "no scope spells this id: it cannot be granted");
  GrantTerms terms = begin_terms(live->policy, query);
  terms.scopes = {std::move(scope)};
  terms.audience = std::move(reasons.audience);
  terms.notify = std::move(reasons.notify);
  terms.statements = std::move(reasons.rules);
  terms.valid_until = decision->valid_until;
  terms.lifetime = decision->lifetime;
  terms.policy_version = live->version;
  terms.once = decision->once;
  terms.proof_dpop = decision->proof_dpop;
  terms.ceiling = ceiling;
  return Grant(std::make_shared<const GrantTerms>(std::move(terms)));
}

namespace {

std::string_view first_wrong(const Schema& schema, std::span<const std::string_view> scopes) {
  const auto wrong = std::find_if(scopes.begin(), scopes.end(),
                                  [&schema](std::string_view scope) { return !parse_scope(schema, scope); });
  return wrong == scopes.end() ? std::string_view() : *wrong;
}

}  // namespace

Result<Offer> Engine::negotiate(const Negotiation& asked) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  const policy::Program& program = live->policy.program();
  Query query;
  live->lane->serve(query);
  const Result<void> resolved = resolve_asking(program, live->entities.snapshot(), asked.by, query);
  if (!resolved) return resolved.error();
  PartList parts;
  const std::int64_t default_lifetime = state_->options.default_lifetime;
  Result<OfferTerms> terms = writ::negotiate(query, asked, default_lifetime, parts);
  if (!terms) return with_suggestion(program.schema(), first_wrong(program.schema(), asked.scopes), terms.error());
  terms->policy_version = live->version;
  GrantTerms grant = begin_terms(live->policy, query);
  grant.policy_version = live->version;
  Offer offer = make_offer(query, asked, parts, *terms, default_lifetime, grant);
  if (!offer.granted.empty()) offer.grant = Grant(std::make_shared<const GrantTerms>(std::move(grant)));
  return offer;
}

Result<OfferTerms> Engine::negotiate(const Negotiation& asked, OfferBuffer& buffer) const {
  buffer.count = 0;
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  Query query;
  live->lane->serve(query);
  const Result<void> resolved = resolve_asking(live->policy.program(), live->entities.snapshot(), asked.by, query);
  if (!resolved) return resolved.error();
  PartList parts(buffer);
  Result<OfferTerms> terms = writ::negotiate(query, asked, state_->options.default_lifetime, parts);
  if (!terms) {
    buffer.count = 0;
    return terms;
  }
  terms->policy_version = live->version;
  return terms;
}

Result<Page> Engine::list(const Listing& asked) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  Query query;
  live->lane->serve(query);
  const Result<void> resolved = resolve_asking(live->policy.program(), live->entities.snapshot(), asked.by, query);
  if (!resolved) return resolved.error();
  return writ::list(query, asked, state_->options.default_lifetime);
}

Result<std::vector<std::string>> Engine::actions(const Request& request) const {
  const State::Reading live(*state_);
  if (!live->fits()) return mismatch();
  const policy::Program& program = live->policy.program();
  Query query;
  live->lane->serve(query);
  const Result<void> resolved = resolve_asking(program, live->entities.snapshot(), request, query);
  if (!resolved) return resolved.error();
  const Result<Datum> resource = resolve_entity(program.schema(), request.resource_type, request.resource_id);
  if (!resource) return resource.error();
  return list_actions(query, resource->type, resource->text(), state_->options.default_lifetime);
}

Result<void> Engine::replace(const Policy& policy, Entities entities) {
  const std::lock_guard<std::mutex> lock(state_->writing);
  const Live* live = state_->live.load();
  auto next =
      std::make_unique<Live>(policy, std::move(entities), live->version + 1, state_->options.default_lifetime, live);
  if (!next->fits()) return mismatch();
  state_->publish(next.release());
  return {};
}

Result<void> Engine::replace(Entities entities) {
  const std::lock_guard<std::mutex> lock(state_->writing);
  const Live* live = state_->live.load();
  auto next =
      std::make_unique<Live>(live->policy, std::move(entities), live->version, state_->options.default_lifetime, live);
  if (!next->fits()) return mismatch();
  state_->publish(next.release());
  return {};
}

Policy Engine::policy() const {
  return State::Reading(*state_)->policy;
}

Entities Engine::entities() const {
  return State::Reading(*state_)->entities;
}

}  // namespace writ
