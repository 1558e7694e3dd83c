#include "writ/exchange.h"

#include <gtest/gtest.h>

#include "tests/unit/token/tokens.h"
#include "writ/verifier.h"

namespace writ {
namespace {

using test::at;

constexpr std::string_view kAudience = "https://billing.example";
constexpr std::string_view kKey = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
constexpr std::string_view kOtherKey = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

constexpr const char* kPolicy = R"(
entity group: clerks
entity user in group
entity agent
entity invoice
entity profile single
actions read, write, void, pay for invoice
actions read for profile
context { calm: bool }
alias "books" = {read,write}:invoice_*
alias "shelf" = read:invoice_*
alias "sight" ceiling = read:invoice_*
allow *:invoice_* to group:clerks
allow read:profile
deny  read:invoice_9 because "closed"
limit void:invoice_* for 60s, once
require calm before pay:invoice_* ask "acr:calm"
trust agent:claude with *
trust agent:helper with {read,write,void,pay}:invoice_*
trust agent:reader with read:*
)";

class ExchangeTest : public testing::Test {
 protected:
  ExchangeTest() {
    engine_ = std::make_unique<Engine>(policy(kPolicy), entities(policy(kPolicy)));
    replay_ = std::move(*MemoryReplayGuard::make(100));
    how_.agent = "agent:helper";
    how_.mint.audience = kAudience;
    how_.mint.now = at(1'100);
  }

  static Policy policy(const char* text) {
    const std::vector<PolicyText> texts = {{"p.writ", text}};
    Compilation compiled = compile_texts(texts);
    EXPECT_TRUE(compiled.policy) << render(compiled.diagnostics);
    return *compiled.policy;
  }
  static Entities entities(const Policy& by) {
    return std::move(*Entities::from_json(by, R"([{"type":"user","id":"alice","parents":["group:clerks"]}])"));
  }
  Issuer issuer() const { return std::move(*Issuer::make(keys_, {"https://as.example"})); }

  VerifiedToken verified(const std::string& text, std::string_view key, std::int64_t now) {
    const auto verifier =
        Verifier::make(keys_, {"https://as.example", std::string(kAudience), /*leeway=*/0, replay_.get()});
    Result<VerifiedToken> token = verifier->verify(text, {at(now), key});
    EXPECT_TRUE(token) << token.error().detail();
    return std::move(*token);
  }
  // Decided and minted at 1000, so good until 1600 where nothing says otherwise.
  VerifiedToken token(std::vector<std::string_view> scopes, std::string_view key = {},
                      std::vector<std::string_view> chain = {"agent:claude"}, bool ceiling = false) {
    Negotiation asked;
    asked.by.user = "user:alice";
    asked.by.agents = chain;
    asked.by.time = at(1'000);
    asked.scopes = scopes;
    asked.ceiling = ceiling;
    const Result<Offer> offer = engine_->negotiate(asked);
    EXPECT_TRUE(offer && offer->grant) << "nothing granted";
    MintRequest how;
    how.audience = kAudience;
    how.proof_key = key;
    how.now = at(1'000);
    const Result<MintedToken> minted = issuer().mint(*offer->grant, how);
    EXPECT_TRUE(minted) << minted.error().detail();
    return verified(minted->text, key, 1'000);
  }
  Result<Exchanged> exchanged(const VerifiedToken& from, std::vector<std::string_view> scopes = {}) {
    how_.scopes = scopes;
    return exchange(from, how_, *engine_, issuer());
  }
  TokenClaims claims_of(const Result<Exchanged>& done) {
    EXPECT_TRUE(done) << done.error().detail();
    EXPECT_TRUE(done->token) << "nothing granted";
    if (!done || !done->token) return {};
    return verified(done->token->text, how_.mint.proof_key, 1'100).claims();
  }
  std::string refusal(const VerifiedToken& from, std::vector<std::string_view> scopes = {}) {
    const Result<Exchanged> done = exchanged(from, std::move(scopes));
    if (done) return done->token ? "minted" : "nothing granted";
    return std::string(code_name(done.error().code)) + ": " + std::string(done.error().detail());
  }

  KeySet keys_ = *KeySet::generate(Algorithm::kEdDSA, at(0));
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<ReplayGuard> replay_;
  ExchangeRequest how_;
};

TEST_F(ExchangeTest, TheAgentJoinsTheChain) {
  const TokenClaims claims = claims_of(exchanged(token({"read:invoice_7"})));
  EXPECT_EQ(claims.subject, "user:alice");
  EXPECT_EQ(claims.actors, (std::vector<std::string>{"agent:helper", "agent:claude"}));
  EXPECT_EQ(claims.client, "agent:helper");
  EXPECT_EQ(claims.scope, "read:invoice_7");
  EXPECT_EQ(claims.issued_at, at(1'100));
  EXPECT_EQ(claims.expires_at, at(1'600)) << "no longer than the token";
}

TEST_F(ExchangeTest, ScopesOnlyShrink) {
  const VerifiedToken wide = token({"write:invoice_1*", "read:invoice_7"});
  EXPECT_EQ(claims_of(exchanged(wide)).scope, "write:invoice_1* read:invoice_7");
  EXPECT_EQ(claims_of(exchanged(wide, {"write:invoice_12"})).scope, "write:invoice_12");
  EXPECT_EQ(refusal(wide, {"write:invoice_2"}), "not_granted: the token does not hold `write:invoice_2`");
  EXPECT_EQ(refusal(wide, {"write:invoice_*"}), "not_granted: the token does not hold `write:invoice_*`");
  EXPECT_EQ(refusal(wide, {"write:invoice_12", "read:invoice_8"}),
            "not_granted: the token does not hold `read:invoice_8`");
  EXPECT_EQ(refusal(wide, {"fly:invoice_1"}).substr(0, 15), "unknown_action:");
  EXPECT_EQ(refusal(wide, {""}).substr(0, 10), "bad_scope:");
}

TEST_F(ExchangeTest, WhatTheAgentIsNotTrustedWithIsCutOff) {
  how_.agent = "agent:reader";
  EXPECT_EQ(claims_of(exchanged(token({"write:invoice_7", "read:invoice_7"}))).scope, "read:invoice_7");
  EXPECT_EQ(refusal(token({"write:invoice_7"})), "nothing granted");
  how_.agent = "agent:stranger";
  EXPECT_EQ(refusal(token({"read:invoice_7"})), "nothing granted");
  how_.agent = "user:alice";
  EXPECT_EQ(refusal(token({"read:invoice_7"})).substr(0, 11), "wrong_type:");
}

TEST_F(ExchangeTest, IsDecidedByTodaysPolicy) {
  const VerifiedToken before = token({"read:invoice_7", "profile.read"});
  std::string changed = kPolicy;
  changed += "deny read:invoice_7 because \"closed today\"\n";
  ASSERT_TRUE(engine_->replace(policy(changed.c_str()), entities(policy(changed.c_str()))));
  how_.agent = "agent:reader";
  const Result<Exchanged> done = exchanged(before);
  EXPECT_EQ(claims_of(done).scope, "profile.read");
  EXPECT_EQ(claims_of(done).policy, engine_->policy().digest());
  ASSERT_EQ(done->offer.refused.size(), 1U);
  EXPECT_EQ(done->offer.refused[0].because, std::vector<std::string>{"closed today"});
}

TEST_F(ExchangeTest, WhatTodaysPolicyDoesNotKnowHoldsNothing) {
  const VerifiedToken before = token({"read:invoice_7", "profile.read"});
  const Policy smaller = policy(R"(
    entity user
    entity agent
    entity profile single
    actions read for profile
    allow read:profile
    trust any agent with *
  )");
  ASSERT_TRUE(engine_->replace(smaller, *Entities::from_json(smaller, R"([{"type":"user","id":"alice"}])")));
  EXPECT_EQ(claims_of(exchanged(before)).scope, "profile.read");
  const Policy other = policy(
      "entity user\nentity agent\nentity page\nactions read for page\n"
      "allow read:page_*\ntrust any agent with *\n");
  ASSERT_TRUE(engine_->replace(other, *Entities::from_json(other, "[]")));
  EXPECT_EQ(refusal(before), "missing_member: the token holds no scope that today's policy knows");
}

TEST_F(ExchangeTest, NeverLivesLonger) {
  const VerifiedToken from = token({"read:invoice_7"});
  how_.mint.expires_by = at(1'200);
  EXPECT_EQ(claims_of(exchanged(from)).expires_at, at(1'200));
  how_.mint.expires_by = at(9'000);
  EXPECT_EQ(claims_of(exchanged(from)).expires_at, at(1'600));
  how_.mint.expires_by.reset();
  std::string changed = kPolicy;
  changed += "limit read:* for 30s\n";
  ASSERT_TRUE(engine_->replace(policy(changed.c_str()), entities(policy(changed.c_str()))));
  EXPECT_EQ(claims_of(exchanged(from)).expires_at, at(1'130)) << "today's limit";
  how_.mint.now = at(1'600);
  EXPECT_EQ(refusal(from), "bad_token: the token has expired: exp");
}

TEST_F(ExchangeTest, KeepsSingleUse) {
  how_.mint.now = at(1'010);
  const Result<Exchanged> done = exchanged(token({"void:invoice_7", "read:invoice_7"}), {"read:invoice_7"});
  ASSERT_TRUE(done && done->token);
  EXPECT_FALSE(done->offer.terms.once) << "reading alone would not demand it";
  EXPECT_TRUE(verified(done->token->text, {}, 1'010).claims().once);
}

TEST_F(ExchangeTest, KeepsBindingToAKey) {
  const VerifiedToken bound = token({"read:invoice_7"}, kKey);
  EXPECT_EQ(refusal(bound),
            "not_granted: the token is bound to a key, and what comes of it must be, too: send a DPoP proof");
  how_.mint.proof_key = kOtherKey;  // the new agent's
  EXPECT_EQ(claims_of(exchanged(bound)).key, kOtherKey);
}

TEST_F(ExchangeTest, KeepsACeiling) {
  const VerifiedToken ceiling = token({"read:invoice_*"}, {}, {"agent:claude"}, /*ceiling=*/true);
  ASSERT_TRUE(ceiling.claims().ceiling);
  const TokenClaims claims = claims_of(exchanged(ceiling));
  EXPECT_EQ(claims.scope, "read:invoice_*");
  EXPECT_TRUE(claims.ceiling);
  EXPECT_TRUE(claims_of(exchanged(ceiling, {"read:invoice_7"})).ceiling) << "although this one is allowed outright";
}

TEST_F(ExchangeTest, ANameStaysAName) {
  const VerifiedToken books = token({"books"}, {}, {"agent:claude"}, /*ceiling=*/true);
  EXPECT_EQ(refusal(books, {"read:invoice_7"}), "not_granted: the token does not hold `read:invoice_7`");
  EXPECT_EQ(claims_of(exchanged(books, {"sight"})).scope, "sight");
}

TEST_F(ExchangeTest, StepsUp) {
  const Policy calm = engine_->policy();
  Facts facts(calm);
  ASSERT_TRUE(facts.set_context("calm", Value::boolean(true)));
  Negotiation asked;
  const std::string_view chain[] = {"agent:claude"};
  const std::string_view scopes[] = {"pay:invoice_7"};
  asked.by.user = "user:alice";
  asked.by.agents = chain;
  asked.by.time = at(1'000);
  asked.by.facts = &facts;
  asked.scopes = scopes;
  const Result<Offer> offer = engine_->negotiate(asked);
  ASSERT_TRUE(offer && offer->grant);
  MintRequest how;
  how.audience = kAudience;
  how.now = at(1'000);
  const VerifiedToken paid = verified(issuer().mint(*offer->grant, how)->text, {}, 1'000);
  // What held when the token was minted is not taken to hold now.
  const Result<Exchanged> without = exchanged(paid);
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->token);
  ASSERT_EQ(without->offer.step_up.size(), 1U);
  how_.facts = &facts;
  EXPECT_EQ(claims_of(exchanged(paid)).scope, "pay:invoice_7");
}

TEST_F(ExchangeTest, ChainsAreBounded) {
  std::vector<std::string_view> chain(kMaxAgents - 1, "agent:claude");
  EXPECT_EQ(claims_of(exchanged(token({"read:invoice_7"}, {}, chain))).actors.size(), kMaxAgents);
  chain.emplace_back("agent:claude");
  EXPECT_EQ(refusal(token({"read:invoice_7"}, {}, chain)), "too_many: the token's chain has 8 agents already: act");
}

TEST_F(ExchangeTest, RefusesTokensOfOthersAndRequestsWithoutAgent) {
  const VerifiedToken from = token({"read:invoice_7"});
  const Issuer other = std::move(*Issuer::make(keys_, {"https://other.example"}));
  EXPECT_EQ(exchange(from, how_, *engine_, other).error().code, ErrorCode::kBadToken);
  how_.agent = "";
  EXPECT_EQ(refusal(from), "missing_member: an exchange is for a further agent: name it");
  how_.agent = "agent:helper";
  how_.mint.audience = "";
  EXPECT_EQ(refusal(from), "missing_member: a token is for somebody: name the audience");
}

}  // namespace
}  // namespace writ
