// GrantTerms: what a Grant says. Decision and Reasons -> GrantTerms, GrantTerms -> fewer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/engine/query.h"
#include "src/engine/reasons.h"
#include "writ/grant.h"
#include "writ/policy.h"

namespace writ {

struct GrantTerms {
  explicit GrantTerms(const Policy& by) : policy(by) {}

  Policy policy;  // whose declarations the scopes are read against
  std::string user;
  std::vector<std::string> agents;
  std::vector<std::string> scopes;
  std::vector<std::string> audience;
  std::vector<std::string> notify;
  std::vector<std::string> statements;
  std::string policy_digest;
  Time decided_at;
  std::optional<Time> valid_until;
  std::int64_t lifetime = 0;
  std::uint64_t policy_version = 0;
  std::uint64_t data_version = 0;
  bool once = false;
  bool proof_dpop = false;
  bool ceiling = false;
};

// Who asks, when, and by which policy.
GrantTerms begin_terms(const Policy& policy, const Query& query);
// Whether a scope string stands for just these cells: `parse(print(x)) == x`, checked whenever something is granted.
bool reads_back(const Schema& schema, std::string_view scope, std::span<const Cell> cells) noexcept;
// Why there is no grant, in words that a client may see. Precondition: not allowed.
Error refusal(const Decision& decision, const Reasons& reasons) noexcept;
Result<std::shared_ptr<const GrantTerms>> narrow(const GrantTerms& terms, std::span<const std::string_view> scopes,
                                                 std::int64_t lifetime);

}  // namespace writ
