// RequestFacts: what one request states beyond who asks for what: context, and attributes of its user and resource.
// Read against a Schema and checked by whoever builds it (Facts in the public API, the JSON reader).
#pragma once

#include <vector>

#include "src/base/arena.h"
#include "src/scope/datum.h"

namespace writ {

inline constexpr std::size_t kMaxParents = 4096;  // of an entity that a request describes

struct DescribedEntity {
  bool given = false;
  bool complete = false;  // the request describes it whole: what is left out is absent, not unknown
  TypeId type = kNoId;
  std::vector<Datum> attributes;  // as many as the type declares; kNone where not sent
  std::vector<Datum> parents;     // sorted, unique
};

struct RequestFacts {
  std::vector<Datum> context;  // one a context key of the schema; kNone where not sent
  DescribedEntity user;
  DescribedEntity resource;
  Arena arena;
};

}  // namespace writ
