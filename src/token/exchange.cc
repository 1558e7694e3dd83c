// Tested by tests/unit/token/exchange_test.cc and tests/properties/exchange_test.cc.
#include "writ/exchange.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/base/quote.h"
#include "src/policy/program.h"
#include "src/scope/lies_in.h"

namespace writ {
namespace {

Result<void> check_token(const TokenClaims& claims, const ExchangeRequest& request, const Issuer& issuer) {
  if (claims.issuer != issuer.issuer()) {
    return Error(ErrorCode::kBadToken, "the token is another issuer's, whose users and scopes are not ours: iss");
  }
  if (claims.expires_at <= request.mint.now) return Error(ErrorCode::kBadToken, "the token has expired: exp");
  if (request.agent.empty()) {
    return Error(ErrorCode::kMissingMember, "an exchange is for a further agent: name it");
  }
  if (claims.actors.size() >= kMaxAgents) {
    return Error(ErrorCode::kTooMany, "the token's chain has 8 agents already: act");
  }
  if (!claims.key.empty() && request.mint.proof_key.empty()) {
    return Error(ErrorCode::kNotGranted,
                 "the token is bound to a key, and what comes of it must be, too: send a DPoP proof");
  }
  return {};
}

// RFC 6749, section 3.3; the Verifier has seen to it that nothing but single blanks lies between scopes.
std::vector<std::string_view> scopes_of(std::string_view claim) {
  std::vector<std::string_view> scopes;
  while (!claim.empty()) {
    const std::size_t end = std::min(claim.find(' '), claim.size());
    scopes.push_back(claim.substr(0, end));
    claim.remove_prefix(std::min(end + 1, claim.size()));
  }
  return scopes;
}

// What is asked for, none of it more than the token holds by the declarations of `policy`.
Result<std::vector<std::string_view>> scopes_to_decide(const Policy& policy, const ExchangeRequest& request,
                                                       const std::vector<std::string_view>& held) {
  const Schema& schema = policy.program().schema();
  std::vector<std::string_view> asked(request.scopes.begin(), request.scopes.end());
  for (const std::string_view scope : asked) {
    const Result<bool> inside = lies_in(schema, scope, held);
    if (!inside) return inside.error();
    if (!*inside) {
      Error error(ErrorCode::kNotGranted, "the token does not hold ");
      return append_quoted(error, scope);
    }
  }
  if (!asked.empty()) return asked;
  for (const std::string_view scope : held) {
    if (lies_in(schema, scope, held)) asked.push_back(scope);
  }
  if (asked.empty()) return Error(ErrorCode::kMissingMember, "the token holds no scope that today's policy knows");
  return asked;
}

// The chain in the order of a Request: the one nearest to the user first, the new one last.
std::vector<std::string_view> grown_chain(const TokenClaims& claims, std::string_view agent) {
  std::vector<std::string_view> chain(claims.actors.rbegin(), claims.actors.rend());
  chain.push_back(agent);
  return chain;
}

// Never later, never more often, never with less.
MintRequest tightened(MintRequest mint, const TokenClaims& claims) {
  mint.expires_by = std::min(mint.expires_by.value_or(claims.expires_at), claims.expires_at);
  mint.once = mint.once || claims.once;
  mint.ceiling = mint.ceiling || claims.ceiling;
  return mint;
}

}  // namespace

Result<Exchanged> exchange(const VerifiedToken& token, const ExchangeRequest& request, const Engine& engine,
                           const Issuer& issuer) {
  const TokenClaims& claims = token.claims();
  if (const Result<void> fine = check_token(claims, request, issuer); !fine) return fine.error();
  const std::vector<std::string_view> held = scopes_of(claims.scope);
  const std::vector<std::string_view> chain = grown_chain(claims, request.agent);
  Negotiation asked;
  asked.by.user = claims.subject;
  asked.by.agents = chain;
  asked.by.time = request.mint.now;
  asked.by.audience = request.mint.audience;
  asked.by.facts = request.facts;
  asked.ceiling = claims.ceiling;
  constexpr int kMostPolicies = 8;
  for (int i = 0; i < kMostPolicies; ++i) {
    const Policy policy = engine.policy();
    const auto scopes = scopes_to_decide(policy, request, held);
    if (!scopes) return scopes.error();
    asked.scopes = *scopes;
    Result<Offer> offer = engine.negotiate(asked);
    if (!offer) return offer.error();
    if (!offer->grant) return Exchanged{std::move(*offer), std::nullopt};
    // That the scopes lie in the token's was seen by one policy; if another decided, they may mean something else.
    if (offer->grant->policy_digest() != policy.digest()) continue;
    Result<MintedToken> minted = issuer.mint(*offer->grant, tightened(request.mint, claims));
    if (!minted) return minted.error();
    return Exchanged{std::move(*offer), std::move(*minted)};
  }
  return Error(ErrorCode::kSchemaMismatch, "the policy was replaced each time this was decided: try again");
}

}  // namespace writ
