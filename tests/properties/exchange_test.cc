// What an exchange gives is never more than the token that was handed in, nor than what is decided for the longer
// chain.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "src/policy/program.h"
#include "src/scope/lies_in.h"
#include "src/scope/parse_scope.h"
#include "src/wire/read_request.h"
#include "tests/properties/property.h"
#include "writ/exchange.h"
#include "writ/verifier.h"

namespace writ::test {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::string_view kIssuer = "https://as.example";
constexpr std::string_view kProofKey = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

std::vector<std::string_view> split(std::string_view claim) {
  std::vector<std::string_view> scopes;
  while (!claim.empty()) {
    const std::size_t end = std::min(claim.find(' '), claim.size());
    scopes.push_back(claim.substr(0, end));
    claim.remove_prefix(std::min(end + 1, claim.size()));
  }
  return scopes;
}

class Exchanging {
 public:
  explicit Exchanging(std::uint64_t seed)
      : random_(seed),
        keys_(*KeySet::generate(Algorithm::kHS256, Time{0})),
        issuer_(*Issuer::make(keys_, {std::string(kIssuer)})) {}

  // A token for some of the case's scopes, exchanged until nothing is granted any more. Nothing, or what is wrong.
  std::string try_one(const Checked& checked, std::vector<wire::WireRequest>& requests, wire::WireRequest& by) {
    const Engine& engine = checked.twins->engine();
    std::vector<std::string_view> scopes;
    for (const wire::WireRequest& other : requests) {
      if (!other.scope.empty() && scopes.size() < 8) scopes.push_back(other.scope);
    }
    if (scopes.empty()) return "";
    Negotiation asked;
    asked.by = by.view(0);
    asked.by.scope = asked.by.action = asked.by.resource_type = asked.by.resource_id = {};
    asked.scopes = scopes;
    asked.ceiling = chance(4);
    const Result<Offer> offer = engine.negotiate(asked);
    if (!offer || !offer->grant) return "";
    MintRequest how;
    const std::string audience = offer->audience.empty() ? "https://rs.example" : offer->audience.front();
    how.audience = audience;
    how.now = asked.by.time;
    if (offer->terms.proof_dpop || chance(2)) how.proof_key = kProofKey;
    Result<MintedToken> token = issuer_.mint(*offer->grant, how);
    if (!token) return "";  // an alias that no token can carry
    return exchange_on(engine, requests, asked.by, how, verified(token->text, how));
  }
  std::size_t exchanged() const { return exchanged_; }

 private:
  bool chance(std::uint64_t of) { return random_() % of == 0; }

  Result<VerifiedToken> verified(const std::string& text, const MintRequest& how) {
    const auto replay = MemoryReplayGuard::make(1).value();
    const auto verifier =
        Verifier::make(keys_, {std::string(kIssuer), std::string(how.audience), /*leeway=*/0, replay.get()});
    return verifier->verify(text, {how.now, how.proof_key});
  }

  std::string exchange_on(const Engine& engine, const std::vector<wire::WireRequest>& requests, Request by,
                          MintRequest how, Result<VerifiedToken> token) {
    std::vector<std::string> chain(by.agents.begin(), by.agents.end());
    for (int step = 0; step < 3; ++step) {
      if (!token) return "does not verify: " + std::string(token.error().detail());
      const auto& agents = requests[random_() % requests.size()].agents;
      if (agents.empty()) continue;
      chain.push_back(agents.front());
      how.now.microseconds += static_cast<std::int64_t>(random_() % 3) * kSecond;
      if (!token->claims().key.empty() && chance(8)) how.proof_key = {};
      std::vector<std::string_view> wanted = split(token->claims().scope);
      if (chance(2)) wanted.resize(1 + random_() % wanted.size());
      if (chance(4)) wanted.clear();
      const ExchangeRequest request{chain.back(), wanted, how, by.facts};
      const Result<Exchanged> done = exchange(*token, request, engine, issuer_);
      if (!done || !done->token) return "";
      Result<VerifiedToken> narrower = verified(done->token->text, how);
      if (!narrower) return "does not verify: " + std::string(narrower.error().detail());
      ++exchanged_;
      std::string more = more_than_token(engine, token->claims(), narrower->claims());
      const std::vector<std::string_view> views(chain.begin(), chain.end());
      by.agents = views;
      by.time = how.now;
      by.audience = how.audience;
      more += more_than_decided(engine, by, narrower->claims());
      if (!more.empty()) return more;
      token = std::move(narrower);
    }
    return "";
  }

  static std::string more_than_token(const Engine& engine, const TokenClaims& old, const TokenClaims& claims) {
    const Policy policy = engine.policy();
    const std::vector<std::string_view> held = split(old.scope);
    std::string more;
    for (const std::string_view scope : split(claims.scope)) {
      const Result<bool> inside = lies_in(policy.program().schema(), scope, held);
      if (!inside || !*inside) more += "reaches further: " + std::string(scope) + " than " + old.scope + "\n";
    }
    if (claims.subject != old.subject) more += "another user\n";
    if (claims.expires_at > old.expires_at) more += "lives longer\n";
    if (old.once && !claims.once) more += "works more often\n";
    if (old.ceiling && !claims.ceiling) more += "is no ceiling\n";
    if (!old.key.empty() && claims.key.empty()) more += "is not bound\n";
    if (claims.actors.size() != old.actors.size() + 1 ||
        !std::equal(old.actors.begin(), old.actors.end(), claims.actors.begin() + 1)) {
      more += "another chain\n";
    }
    return more;
  }

  // Each single resource that the token names must be allowed to the whole chain, for as long.
  static std::string more_than_decided(const Engine& engine, Request by, const TokenClaims& claims) {
    if (claims.ceiling) return "";
    const Policy policy = engine.policy();
    std::string more;
    for (const std::string_view scope : split(claims.scope)) {
      const Result<ScopeRequest> parsed = parse_scope(policy.program().schema(), scope);
      if (!parsed) return "no scope: " + std::string(scope);
      if (parsed->alias != nullptr || parsed->cell.kind != CellKind::kExact) continue;
      by.scope = scope;
      by.action = by.resource_type = by.resource_id = {};
      const Result<Decision> decision = engine.decide(by);
      if (!decision || !decision->allowed()) {
        more += "not allowed: " + std::string(scope) + "\n";
        continue;
      }
      if (claims.expires_at.microseconds > by.time.microseconds + decision->lifetime * kSecond)
        more += "lives too long\n";
      if (decision->once && !claims.once) more += "works too often\n";
      if (decision->proof_dpop && claims.key.empty()) more += "needs a proof\n";
    }
    return more;
  }

  std::mt19937_64 random_;
  KeySet keys_;
  Issuer issuer_;
  std::size_t exchanged_ = 0;
};

TEST_F(Property, AnExchangeGivesNeverMore) {
  Exchanging exchanging(13);
  for (std::uint64_t seed = 1; seed <= drawn(600); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    std::vector<wire::WireRequest> requests;
    for (const std::string& text : checked.from.requests) {
      Result<wire::WireRequest> read = wire::read_request(checked.twins->policy(), text, 1);
      if (read) requests.push_back(std::move(*read));
    }
    for (wire::WireRequest& by : requests) {
      const std::string wrong = exchanging.try_one(checked, requests, by);
      ASSERT_EQ(wrong, "") << "seed " << seed << ", for " << by.user << "\n" << checked.from.policy_text();
    }
  }
  EXPECT_GE(exchanging.exchanged(), drawn(600) / 4) << "too few to say anything";
  std::printf("%zu tokens exchanged\n", exchanging.exchanged());
}

}  // namespace
}  // namespace writ::test
