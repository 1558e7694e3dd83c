// Grants: what they say, and that they are narrowed only.
#include "writ/grant.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/engine/grant.h"
#include "writ/engine.h"

namespace writ {
namespace {

constexpr const char* kPolicy = R"(
entity group: clerks
entity user in group
entity agent
entity invoice
entity profile single
actions read, write, void for invoice
actions read for profile
alias "books" = {read,write}:invoice_*
alias "readers" = read:invoice_*
alias "all" = *
context { mfa: bool }
allow *:invoice_* to group:clerks
allow read:profile
@short
limit write:invoice_* for 60s, once, audience "https://a.example", audience "https://b.example", notify "desk"
limit write:invoice_1* audience "https://b.example", audience "https://c.example", proof dpop
require mfa before void:* ask "acr:mfa"
deny  void:invoice_9 because "closed"
trust any agent with *
)";

class GrantTest : public testing::Test {
 protected:
  GrantTest() {
    const std::vector<PolicyText> texts = {{"p.writ", kPolicy}};
    Compilation compiled = compile_texts(texts);
    EXPECT_TRUE(compiled.policy) << render(compiled.diagnostics);
    policy_ = compiled.policy;
    entities_ = *Entities::from_json(*policy_, R"([{"type":"user","id":"alice","parents":["group:clerks"]}])");
    engine_ = std::make_unique<Engine>(*policy_, *entities_);
  }

  Result<Grant> grant(std::string_view scope) const {
    Request request = by_alice();
    request.scope = scope;
    return engine_->grant(request);
  }
  Request by_alice() const {
    Request request;
    request.user = "alice";
    request.agents = agents_;
    request.time = Time{1'772'442'000'000'000};
    return request;
  }
  static std::vector<std::string> list(std::span<const std::string> items) { return {items.begin(), items.end()}; }
  using Texts = std::vector<std::string>;

  std::optional<Policy> policy_;
  std::optional<Entities> entities_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::string_view> agents_ = {"agent:claude", "agent:helper"};
};

TEST_F(GrantTest, SaysWhatWasDecided) {
  const Result<Grant> granted = grant("write:invoice_12");
  ASSERT_TRUE(granted) << granted.error().detail();
  EXPECT_EQ(granted->user(), "user:alice");
  EXPECT_EQ(list(granted->agents()), (Texts{"agent:claude", "agent:helper"}));
  EXPECT_EQ(list(granted->scopes()), Texts{"write:invoice_12"});
  EXPECT_EQ(list(granted->audience()), Texts{"https://b.example"});
  EXPECT_EQ(list(granted->notify()), Texts{"desk"});
  EXPECT_EQ(list(granted->statements()), Texts{"p.writ:13"});
  EXPECT_EQ(granted->lifetime(), 60);
  EXPECT_EQ(granted->decided_at(), Time{1'772'442'000'000'000});
  EXPECT_FALSE(granted->valid_until());
  EXPECT_TRUE(granted->once());
  EXPECT_TRUE(granted->proof_dpop());
  EXPECT_FALSE(granted->ceiling());
  EXPECT_EQ(granted->policy_version(), 1U);
  EXPECT_EQ(granted->data_version(), entities_->version());
  EXPECT_EQ(granted->policy_digest(), policy_->digest());
}

TEST_F(GrantTest, KeepsTheSpellingAskedFor) {
  EXPECT_EQ(list(grant("profile.read")->scopes()), Texts{"profile.read"});
  EXPECT_EQ(list(grant("invoice_7.read")->scopes()), Texts{"invoice_7.read"});
  EXPECT_EQ(list(grant("readers")->scopes()), Texts{"readers"});
  Request request = by_alice();
  request.action = "read";
  request.resource_type = "invoice";
  request.resource_id = "7";
  EXPECT_EQ(list(engine_->grant(request)->scopes()), Texts{"read:invoice_7"});
}

TEST_F(GrantTest, WhatIsNotAllowedIsNotGranted) {
  EXPECT_EQ(grant("void:invoice_9").error().detail(), "not allowed: closed");
  EXPECT_EQ(grant("void:invoice_1").error().detail(), "step up: acr:mfa");
  EXPECT_EQ(grant("void:invoice_1").error().code, ErrorCode::kNotGranted);
  EXPECT_EQ(grant("fly:invoice_1").error().code, ErrorCode::kUnknownAction);
  Request stranger = by_alice();
  stranger.user = "bob";
  stranger.scope = "void:invoice_9";
  EXPECT_EQ(engine_->grant(stranger).error().detail(), "not allowed");
}

TEST_F(GrantTest, AnIdThatNoScopeSpellsCannotBeGranted) {
  Request request = by_alice();
  request.action = "read";
  request.resource_type = "invoice";
  request.resource_id = "nr 7";
  EXPECT_TRUE(engine_->decide(request)->allowed());
  EXPECT_EQ(engine_->grant(request).error().code, ErrorCode::kBadScope);
}

TEST_F(GrantTest, IsNarrowed) {
  const Grant whole = *grant("write:invoice_1*");
  const std::string_view fewer[] = {"write:invoice_12", "invoice_13*.write", "write:invoice_12"};
  const Result<Grant> narrowed = whole.narrow(fewer, 10);
  ASSERT_TRUE(narrowed) << narrowed.error().detail();
  EXPECT_EQ(list(narrowed->scopes()), (Texts{"write:invoice_12", "invoice_13*.write"}));
  EXPECT_EQ(narrowed->lifetime(), 10);
  EXPECT_EQ(list(narrowed->audience()), list(whole.audience()));
  EXPECT_TRUE(narrowed->once());
  EXPECT_TRUE(narrowed->proof_dpop());
  EXPECT_EQ(narrowed->user(), whole.user());
}

TEST_F(GrantTest, IsNeverWidened) {
  const Grant whole = *grant("write:invoice_1*");
  const auto code = [&whole](std::string_view scope, std::int64_t lifetime) {
    const Result<Grant> narrowed = whole.narrow(std::span(&scope, 1), lifetime);
    return narrowed ? std::optional<ErrorCode>() : narrowed.error().code;
  };
  EXPECT_EQ(code("write:invoice_1*", 60), std::nullopt);
  EXPECT_EQ(code("write:invoice_1*", 61), ErrorCode::kNotGranted);
  EXPECT_EQ(code("write:invoice_1*", 0), ErrorCode::kNotGranted);
  EXPECT_EQ(code("write:invoice_1*", -1), ErrorCode::kNotGranted);
  EXPECT_EQ(code("write:invoice_*", 60), ErrorCode::kNotGranted);
  EXPECT_EQ(code("write:invoice_2", 60), ErrorCode::kNotGranted);
  EXPECT_EQ(code("read:invoice_12", 60), ErrorCode::kNotGranted);
  EXPECT_EQ(code("books", 60), ErrorCode::kNotGranted);
  EXPECT_EQ(code("write", 60), ErrorCode::kBadScope);
  EXPECT_EQ(whole.narrow({}, 60).error().code, ErrorCode::kMissingMember);
  const std::vector<std::string_view> many(kMaxScopes + 1, "write:invoice_12");
  EXPECT_EQ(whole.narrow(many, 60).error().code, ErrorCode::kTooMany);
}

TEST_F(GrantTest, ADeclaredNameIsNarrowedToDeclaredNames) {
  const Grant books = *grant("books");
  const std::string_view name[] = {"readers"};
  const std::string_view cell[] = {"read:invoice_1"};
  const std::string_view wider[] = {"all"};
  EXPECT_TRUE(books.narrow(name, 60));
  EXPECT_EQ(books.narrow(cell, 60).error().code, ErrorCode::kNotGranted);
  EXPECT_EQ(books.narrow(wider, 60).error().code, ErrorCode::kNotGranted);
}

}  // namespace
}  // namespace writ
