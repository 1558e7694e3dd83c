// What is known when a decision is made: the stored entities, and what the request says.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/reference/policy.h"
#include "tests/reference/value.h"

namespace writ::reference {

struct Stored {
  std::set<Entity> parents;
  Fields attributes;  // those that are stored; no defaults
};

using Data = std::map<Entity, Stored>;

// What a request says about its user or its resource.
struct Described {
  Fields attributes;
  std::set<Entity> parents;
  bool given = false;     // it says something
  bool complete = false;  // that is all there is to say
};

struct Request {
  Entity user;
  Described of_user;
  std::vector<Entity> agents;  // the one nearest to the user first
  std::set<Cell> cells;        // what is asked for; several for the name of several scopes
  Described of_resource;
  Fields context;
  std::int64_t time = 0;
  std::string audience;  // empty: not said
};

// An array of entities, or one object a line. Throws NotUnderstood, and std::runtime_error if it is no JSON.
Data read_data(const Policy& policy, std::string_view json);
// One request. Throws likewise, also for what contradicts the data.
Request read_request(const Policy& policy, const Data& data, std::string_view json);

}  // namespace writ::reference
