// JSON -> request: one object of interfaces as scripts and other languages send it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/decision.h"
#include "writ/facts.h"
#include "writ/offer.h"
#include "writ/result.h"

namespace writ::wire {

// A request with everything it points to.
struct WireRequest {
  std::string user;
  std::vector<std::string> agents;
  std::string scope;                // or
  std::vector<std::string> scopes;  // with `held` and `ceiling`, or
  std::vector<std::string> held;
  bool ceiling = false;
  std::string action;
  std::string resource_type;
  std::string resource_id;
  std::string audience;
  std::optional<std::int64_t> time;  // microseconds
  std::unique_ptr<Facts> facts;      // empty where the request states none

  // Views for one decision. Lives as long as this, unchanged; `now` counts where the request has no time.
  Request view(std::int64_t now);
  // The same for several scopes.
  Negotiation negotiation(std::int64_t now);

 private:
  std::vector<std::string_view> agent_views_;
  std::vector<std::string_view> scope_views_;
  std::vector<std::string_view> held_views_;
};

// Takes one line. Unknown and repeated members, `null`, values of another type than declared, and people that are none
// are errors: nothing of a request is ever left aside. `line` stands in errors.
Result<WireRequest> read_request(const Policy& policy, std::string_view json, std::uint64_t line);

// What is to be listed: the resources of a type, or with a resource the actions on it.
struct WireListing {
  WireRequest request;  // who asks; its action, resource_type and resource_id
  bool of_actions = false;

  Listing view(std::int64_t now);
};

Result<WireListing> read_listing(const Policy& policy, std::string_view json, std::uint64_t line);

// Only what belongs under "context", for a command line.
Result<void> read_context(const Policy& policy, std::string_view json, Facts& facts);

}  // namespace writ::wire
