// Conditions: what an expression of a policy comes to at one moment.
#pragma once

#include <optional>

#include "tests/reference/data.h"
#include "tests/reference/policy.h"
#include "tests/reference/value.h"

namespace writ::reference {

// Everything that a condition may look at.
struct Moment {
  const Policy& policy;
  const Data& data;
  const Request& request;
  Cell cell;                    // what is being decided
  std::optional<Entity> agent;  // the one that is being judged
};

Outcome evaluate(const Moment& moment, In<policy::ExprId> expr);

// Whether an entity is another, or lies in it. `path` names it where it is not known.
Outcome is_in(const Moment& moment, const Entity& entity, const Entity& other, const std::string& path);

}  // namespace writ::reference
