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

// What is known of an entity. `path` names what was missing.
Outcome read_attribute(const Moment& moment, const Entity& entity, const std::string& name, const std::string& path);
Outcome has_attribute(const Moment& moment, const Entity& entity, const std::string& name, const std::string& path);
// Every entity of the type that it lies in, itself included if it is one.
Outcome all_above(const Moment& moment, const Entity& entity, const std::string& type, const std::string& path);

// Whether an entity is another, or lies in it. `path` names it where it is not known.
Outcome is_in(const Moment& moment, const Entity& entity, const Entity& other, const std::string& path);

}  // namespace writ::reference
