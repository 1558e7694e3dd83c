// The engine: a policy and the data it looks at, deciding.
#pragma once

#include <memory>
#include <span>

#include "writ/decision.h"
#include "writ/entities.h"
#include "writ/grant.h"
#include "writ/offer.h"
#include "writ/policy.h"
#include "writ/result.h"

namespace writ {

struct EngineOptions {
  std::int64_t default_lifetime = 600;  // seconds, where no limit says how long
};

// What.          Decides requests by one policy and one snapshot of entities, both replaceable while others decide.
// Thread-safety. All but replace() and destruction from any number of threads, also while another replaces. Each call
//                sees one policy and one snapshot from beginning to end.
// Lifetime.      Keeps policy and entities alive; decisions do not point into it.
// Cost.          decide() allocates nothing and takes no lock; its bound is printed by `writ check --cost`. To go live
//                a policy takes O(n log n) for n statements that name somebody, new data a look-up for each whom they
//                name.
// Fails.         A request that cannot be understood is an Error (see decide). Nothing else fails.
class Engine {
 public:
  // Precondition: `entities` were made for `policy` or one with equal declarations (else every decide() answers
  // kSchemaMismatch).
  Engine(const Policy& policy, Entities entities, const EngineOptions& options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // kBadScope, kUnknownAction, kUnknownType, kUnknownId, kWrongType (a user that is no user, an agent that is no
  // agent), kBadId, kMissingMember, kTooMany, kContradictsData, kCycle and kRepeated (entities that the request
  // describes as their own ancestors, or twice), kSchemaMismatch: facts for another policy's declarations.
  Result<Decision> decide(const Request& request) const noexcept;
  // The same for many requests, in order, all by one policy and one snapshot. What they look at is fetched 32 requests
  // at a time, so that where data is larger than the caches a decision costs a fraction of a single one; where it is
  // not, single ones cost less. Precondition: as many answers as requests. Allocates nothing.
  void decide(std::span<const Request> requests, std::span<Result<Decision>> answers) const noexcept;
  // Looked up once for many requests (Request::handles), so that decide() need not look them up again: a user or an
  // agent, in the data or not, by name as in a request; an action by its name and that of a type. Errors as decide() of
  // a request that names them. They allocate.
  Result<UserHandle> find_user(std::string_view user) const;
  Result<AgentHandle> find_agent(std::string_view agent) const;
  Result<ActionHandle> find_action(std::string_view action, std::string_view resource_type) const;
  // The same verdict by a second, slower walk, with every reason. Allocates.
  Result<Explanation> explain(const Request& request) const;
  // Decides, and gives what was granted in the form from which tokens are minted. Errors as decide(); kNotGranted where
  // the verdict is another than allow, with the reasons that a client may see; kBadScope for an id that no scope
  // spells. A set that may only be granted in part, or as a ceiling, is for negotiate(). Allocates.
  Result<Grant> grant(const Request& request) const;

  // What of several scopes may be granted: all maximal sound candidates. Candidates of a set are the set itself, the
  // patterns of the policy, the scopes that the user holds (`permissions`) or that conditions look at, met with it, and
  // the single resources in the data that lie in it; sound is what decide() allows as a whole, resources that are not
  // in the data yet among it. A declared name is granted whole, or narrowed to declared names. Errors as decide();
  // kTooMany past 64 scopes. Resources are found through indexes where a condition compares an attribute with something
  // known or looks at the hierarchy, about sqrt(n) look-ups among n; otherwise those that lie in the set are gone
  // through, up to 100,000 a call; past it a set is refused: too_many. An index is made when it is first needed: 8
  // bytes for each value it holds. Allocates.
  Result<Offer> negotiate(const Negotiation& asked) const;
  // The same into the caller's memory, without reasons and without a grant. kTooMany where that is too small. Allocates
  // nothing for single resources, and for sets while the candidates fit 16 KiB of stack and the indexes are there.
  Result<OfferTerms> negotiate(const Negotiation& asked, OfferBuffer& buffer) const;

  // The resources in the data that decide() allows the action on, a page at a time. Errors as decide(); kBadValue for a
  // limit out of range. Resources are found as negotiate() finds them; a page looks at no more than 100,000 and then
  // says where the next one begins.
  Result<Page> list(const Listing& asked) const;
  // The actions that decide() allows on one resource, `resource_type` and `resource_id` of the request, by name.
  Result<std::vector<std::string>> actions(const Request& request) const;

  // Atomic: a decision under way goes on with what it began with, the next one sees the new state. What nobody reads
  // any more is given back, many states at once, for to find out interrupts who decides: until a later replacement or
  // destruction up to 1,024 of them may wait, with at most about 16 MiB that the new state does not share; a larger one
  // is given back before replace() returns, unless it is being read. kSchemaMismatch leaves everything as it was.
  Result<void> replace(const Policy& policy, Entities entities);
  Result<void> replace(Entities entities);

  Policy policy() const;
  Entities entities() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace writ
