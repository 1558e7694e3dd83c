// Tested by tests/differential.
#include "src/engine/tell_link.h"

namespace writ {

std::string tell_link(const Query& query, const Decision& decision) {
  switch (decision.link) {
    case Link::kNone:
      break;
    case Link::kPolicy:
      return "policy";
    case Link::kUser:
      return "user";
    case Link::kAgent:
      return policy::spell(*query.program, query.agents[decision.agent].entity);
  }
  return {};
}

}  // namespace writ
