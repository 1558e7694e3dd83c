// The engine: a policy and the data it looks at, deciding.
#pragma once

#include <memory>

#include "writ/decision.h"
#include "writ/entities.h"
#include "writ/grant.h"
#include "writ/policy.h"
#include "writ/result.h"

namespace writ {

struct EngineOptions {
  std::int64_t default_lifetime = 600;  // seconds, where no limit says how long
};

// What.          Decides requests by one policy and one snapshot of entities, both replaceable while others decide.
// Thread-safety. decide(), explain() and grant() from any number of threads, also while another replaces. Each call sees one
//                policy and one snapshot from beginning to end.
// Lifetime.      Keeps policy and entities alive; decisions do not point into it.
// Cost.          decide() allocates nothing and takes no lock; its bound is printed by `writ check --cost`.
// Fails.         A request that cannot be understood is an Error (see decide). Nothing else fails.
class Engine {
 public:
  // Precondition: `entities` were made for `policy` or one with equal declarations (else every decide() answers
  // kSchemaMismatch).
  Engine(const Policy& policy, Entities entities, const EngineOptions& options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // kBadScope, kUnknownAction, kUnknownType, kUnknownId, kWrongType (a user that is no user, an agent that is no agent),
  // kBadId, kMissingMember, kTooMany, kContradictsData, kSchemaMismatch: facts for another policy's declarations.
  Result<Decision> decide(const Request& request) const noexcept;
  // The same verdict by a second, slower walk, with every reason. Allocates.
  Result<Explanation> explain(const Request& request) const;
  // Decides, and gives what was granted in the form from which tokens are minted. Errors as decide(); kNotGranted where
  // the verdict is another than allow, with the reasons that a client may see; kBadScope for an id that no scope spells.
  // Allocates.
  Result<Grant> grant(const Request& request) const;

  // Atomic: a decision under way goes on with what it began with, the next one sees the new state. What nobody reads
  // any more is given back. kSchemaMismatch leaves everything as it was.
  Result<void> replace(const Policy& policy, Entities entities);
  Result<void> replace(Entities entities);

  Policy policy() const;
  Entities entities() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace writ
