// Grant: made from what was decided, narrowed, never widened. Tested by tests/unit/engine/grant_test.cc and
// tests/compile_fail.
#include "src/engine/grant.h"

#include <algorithm>

#include "src/base/quote.h"
#include "src/data/write_datum.h"
#include "src/scope/lies_in.h"
#include "src/scope/parse_scope.h"
#include "src/scope/print_scope.h"

namespace writ {

Grant::Grant(std::shared_ptr<const GrantTerms> terms) noexcept : terms_(std::move(terms)) {}

std::string_view Grant::user() const noexcept {
  return terms_->user;
}
std::span<const std::string> Grant::agents() const noexcept {
  return terms_->agents;
}
std::span<const std::string> Grant::scopes() const noexcept {
  return terms_->scopes;
}
std::span<const std::string> Grant::audience() const noexcept {
  return terms_->audience;
}
std::int64_t Grant::lifetime() const noexcept {
  return terms_->lifetime;
}
Time Grant::decided_at() const noexcept {
  return terms_->decided_at;
}
std::optional<Time> Grant::valid_until() const noexcept {
  return terms_->valid_until;
}
bool Grant::once() const noexcept {
  return terms_->once;
}
bool Grant::proof_dpop() const noexcept {
  return terms_->proof_dpop;
}
bool Grant::ceiling() const noexcept {
  return terms_->ceiling;
}
std::span<const std::string> Grant::notify() const noexcept {
  return terms_->notify;
}
std::span<const std::string> Grant::statements() const noexcept {
  return terms_->statements;
}
std::uint64_t Grant::policy_version() const noexcept {
  return terms_->policy_version;
}
std::uint64_t Grant::data_version() const noexcept {
  return terms_->data_version;
}
std::string_view Grant::policy_digest() const noexcept {
  return terms_->policy_digest;
}

Result<Grant> Grant::narrow(std::span<const std::string_view> scopes, std::int64_t lifetime) const {
  Result<std::shared_ptr<const GrantTerms>> narrowed = writ::narrow(*terms_, scopes, lifetime);
  if (!narrowed) return narrowed.error();
  return Grant(std::move(*narrowed));
}

GrantTerms begin_terms(const Policy& policy, const Query& query) {
  GrantTerms terms(policy);
  const Schema& schema = query.program->schema();
  terms.user = data::write_reference(schema, query.user.entity);
  for (std::uint8_t i = 0; i < query.agent_count; ++i) {
    terms.agents.push_back(data::write_reference(schema, query.agents[i].entity));
  }
  terms.policy_digest = policy.digest();
  terms.decided_at = Time{query.now};
  terms.data_version = query.data->version();
  return terms;
}

bool reads_back(const Schema& schema, std::string_view scope, std::span<const Cell> cells) noexcept {
  const Result<ScopeRequest> parsed = parse_scope(schema, scope);
  if (!parsed) return false;
  const std::span<const Cell> read =
      parsed->alias != nullptr ? std::span<const Cell>(parsed->alias->cells) : std::span<const Cell>(&parsed->cell, 1);
  return std::equal(read.begin(), read.end(), cells.begin(), cells.end(),
                    [](const Cell& a, const Cell& b) { return compare(a, b) == 0; });
}

Error refusal(const Decision& decision, const Reasons& reasons) noexcept {
  if (!decision.public_reason) return {ErrorCode::kNotGranted, "not allowed"};
  const bool step_up = decision.verdict == Verdict::kStepUp;
  Error error(ErrorCode::kNotGranted, step_up ? "step up" : "not allowed");
  const char* before = ": ";
  for (const std::string& reason : step_up ? reasons.ask : reasons.because) {
    error.append(before).append(reason);
    before = ", ";
  }
  return error;
}

Result<std::shared_ptr<const GrantTerms>> narrow(const GrantTerms& terms, std::span<const std::string_view> scopes,
                                                 std::int64_t lifetime) {
  if (scopes.empty()) return Error(ErrorCode::kMissingMember, "a grant without scopes: name those that are to stay");
  if (scopes.size() > kMaxScopes) return Error(ErrorCode::kTooMany, "more than 64 scopes");
  if (lifetime <= 0) return Error(ErrorCode::kNotGranted, "a lifetime must be more than 0 seconds");
  if (lifetime > terms.lifetime) return Error(ErrorCode::kNotGranted, "a lifetime longer than what was granted");
  auto fewer = std::make_shared<GrantTerms>(terms);
  fewer->lifetime = lifetime;
  fewer->scopes.clear();
  const std::vector<std::string_view> held(terms.scopes.begin(), terms.scopes.end());
  for (const std::string_view text : scopes) {
    const Result<bool> inside = lies_in(terms.policy.program().schema(), text, held);
    if (!inside) return inside.error();
    if (!*inside) {
      Error error(ErrorCode::kNotGranted, "not granted: ");
      return append_quoted(error, text);
    }
    if (std::find(fewer->scopes.begin(), fewer->scopes.end(), text) == fewer->scopes.end()) {
      fewer->scopes.emplace_back(text);
    }
  }
  return std::shared_ptr<const GrantTerms>(std::move(fewer));
}

}  // namespace writ
