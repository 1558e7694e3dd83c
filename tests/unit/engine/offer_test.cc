// Offers as a host meets them: spelling, what was cut, memory of its own, and what is wrong in a request.
#include "writ/offer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

constexpr const char* kPolicy = R"(
entity user { permissions: set of scope = [] }
entity agent
entity invoice { owner: user }
entity profile single
actions read, write, void for invoice
actions read for profile
context { mfa: bool }
allow read:invoice_1*
allow write:invoice_* if invoice.owner == user
allow read:profile
allow void:invoice_*
require mfa before void:* ask "acr:mfa"
limit read:profile for 30s
trust any agent with *
)";

constexpr const char* kData = R"([
{"type":"user","id":"alice"},
{"type":"invoice","id":"1","attributes":{"owner":"user:alice"}},
{"type":"invoice","id":"2","attributes":{"owner":"user:alice"}},
{"type":"invoice","id":"nr 3","attributes":{"owner":"user:alice"}},
{"type":"invoice","id":"4","attributes":{"owner":"user:bob"}}])";

class OfferTest : public testing::Test {
 protected:
  OfferTest() {
    const std::vector<PolicyText> texts = {{"p.writ", kPolicy}};
    const Compilation compiled = compile_texts(texts);
    EXPECT_TRUE(compiled.policy) << render(compiled.diagnostics);
    engine_ = std::make_unique<Engine>(*compiled.policy, *Entities::from_json(*compiled.policy, kData));
  }

  Negotiation asked(std::vector<std::string_view> scopes, std::vector<std::string_view> held = {}) {
    scopes_ = std::move(scopes);
    held_ = std::move(held);
    Negotiation asked;
    asked.by.user = "alice";
    asked.scopes = scopes_;
    asked.held = held_;
    return asked;
  }
  std::string granted(const Negotiation& asked) const {
    const Result<Offer> offer = engine_->negotiate(asked);
    if (!offer) return std::string(code_name(offer.error().code)) + ": " + std::string(offer.error().detail());
    std::string text;
    for (const Offer::Granted& one : offer->granted)
      text += one.scope + " ";
    return text;
  }
  bool cut(std::vector<std::string_view> scopes, std::vector<std::string_view> held) {
    return engine_->negotiate(asked(std::move(scopes), std::move(held)))->terms.cut;
  }

  std::unique_ptr<Engine> engine_;
  std::vector<std::string_view> scopes_;
  std::vector<std::string_view> held_;
};

TEST_F(OfferTest, NarrowsInTheSpellingAskedFor) {
  EXPECT_EQ(granted(asked({"read:invoice_*"})), "read:invoice_1* ");
  EXPECT_EQ(granted(asked({"read:invoice"})), "read:invoice_1* ");
  EXPECT_EQ(granted(asked({"invoice_*.read"})), "invoice_1*.read ");
  EXPECT_EQ(granted(asked({"profile.read", "read:invoice_12"})), "profile.read read:invoice_12 ");
}

TEST_F(OfferTest, AnIdThatNoScopeSpellsIsNoPart) {
  EXPECT_EQ(granted(asked({"write:invoice_*"})), "write:invoice_1 write:invoice_2 ");
}

TEST_F(OfferTest, OneTokenLivesAsLongAsTheShortest) {
  const Result<Offer> offer = engine_->negotiate(asked({"read:invoice_1", "profile.read"}));
  EXPECT_EQ(offer->terms.lifetime, 30);
  EXPECT_EQ(offer->grant->lifetime(), 30);
  EXPECT_EQ(offer->grant->scopes().size(), 2U);
}

TEST_F(OfferTest, SaysWhatToDoInstead) {
  const Result<Offer> offer = engine_->negotiate(asked({"write:invoice_4", "void:invoice_4"}));
  ASSERT_EQ(offer->refused.size(), 1U);
  EXPECT_EQ(offer->refused[0].because, std::vector<std::string>{"nothing allows it"});
  EXPECT_FALSE(offer->refused[0].public_reason);
  ASSERT_EQ(offer->step_up.size(), 1U);
  EXPECT_EQ(offer->step_up[0].ask, std::vector<std::string>{"acr:mfa"});
  EXPECT_FALSE(offer->grant);
  EXPECT_EQ(engine_->negotiate(asked({"write:invoice_12"}))->refused[0].instead,
            std::vector<std::string>{"read:invoice_12"});
}

TEST_F(OfferTest, TellsWhenAllThatIsNewWasCut) {
  EXPECT_FALSE(cut({"read:invoice_1"}, {}));
  EXPECT_TRUE(cut({"write:invoice_4"}, {}));
  EXPECT_TRUE(cut({"read:invoice_1", "write:invoice_4"}, {"read:invoice_1*"}));
  EXPECT_FALSE(cut({"read:invoice_1", "write:invoice_1"}, {"read:invoice_1*"}));
  EXPECT_FALSE(cut({"read:invoice_1"}, {"read:invoice_1*"}));
  EXPECT_TRUE(cut({"read:invoice_*"}, {"read:invoice_1*"}));
  EXPECT_FALSE(cut({"read:invoice_*"}, {"read:invoice_12", "no scope at all"}));
}

TEST_F(OfferTest, WhatIsWrongIsNamed) {
  EXPECT_EQ(granted(asked({})), "missing_member: no scope is asked for");
  EXPECT_EQ(granted(asked({"read:invoice_1", "raed:invoice_1"})),
            "unknown_action: invoice has no action `raed`; did you mean `read:invoice_1`?");
  EXPECT_EQ(granted(asked(std::vector<std::string_view>(65, "profile.read"))), "too_many: more than 64 scopes");
  Negotiation nobody = asked({"profile.read"});
  nobody.by.user = {};
  EXPECT_EQ(granted(nobody), "missing_member: no user is given");
}

TEST_F(OfferTest, IntoMemoryOfTheCaller) {
  OfferPart parts[4];
  char text[64];
  OfferBuffer buffer{parts, text};
  const Negotiation request = asked({"write:invoice_*", "read:invoice_7"});
  const Result<OfferTerms> terms = engine_->negotiate(request, buffer);
  ASSERT_TRUE(terms) << terms.error().detail();
  ASSERT_EQ(buffer.count, 3U);
  EXPECT_EQ(parts[0].scope, "write:invoice_1");
  EXPECT_EQ(parts[1].scope, "write:invoice_2");
  EXPECT_EQ(parts[1].asked, 0);
  EXPECT_EQ(parts[2].kind, OfferPart::Kind::kRefused);
  EXPECT_EQ(parts[2].scope.data(), request.scopes[1].data());
  EXPECT_EQ(terms->lifetime, 600);
}

TEST_F(OfferTest, MemoryThatIsTooSmallGetsNothing) {
  OfferPart parts[2];
  char text[64];
  for (const auto& [most_parts, most_text] : {std::pair<std::size_t, std::size_t>{1, 64}, {2, 20}}) {
    OfferBuffer buffer{std::span(parts, most_parts), std::span(text, most_text)};
    const Result<OfferTerms> terms = engine_->negotiate(asked({"write:invoice_*"}), buffer);
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().code, ErrorCode::kTooMany);
    EXPECT_EQ(buffer.count, 0U);
  }
}

TEST_F(OfferTest, MorePartsThanTheCapAreNone) {
  Negotiation request = asked({"write:invoice_*"});
  request.most_parts = 1;
  const Result<Offer> offer = engine_->negotiate(request);
  EXPECT_TRUE(offer->granted.empty());
  ASSERT_EQ(offer->refused.size(), 1U);
  EXPECT_TRUE(offer->refused[0].too_many);
}

// Of a ceiling no scope need be allowed as a whole; what limits them is demanded of the token all the same, whether it
// is asked for by name or one by one.
TEST(OfferCeiling, SaysWhatItIsLimitedTo) {
  const std::vector<PolicyText> texts = {{"p.writ", R"(
entity user
entity invoice { owner: user }
actions read, write for invoice
alias "all" ceiling = {read,write}:invoice_*
@owners-read  allow read:invoice_* if invoice.owner == user
@owners-write allow write:invoice_* if invoice.owner == user
limit write:* for 60s, audience "https://a.example", notify "owner"
limit read:*  audience "https://a.example", audience "https://b.example"
)"}};
  const Compilation compiled = compile_texts(texts);
  ASSERT_TRUE(compiled.policy) << render(compiled.diagnostics);
  const Engine engine(*compiled.policy, Entities::none(*compiled.policy));
  const std::vector<std::vector<std::string_view>> spellings = {{"all"}, {"read:invoice_*", "write:invoice_*"}};
  for (const std::vector<std::string_view>& scopes : spellings) {
    Negotiation asked;
    asked.by.user = "alice";
    asked.scopes = scopes;
    asked.ceiling = true;
    const Result<Offer> offer = engine.negotiate(asked);
    ASSERT_TRUE(offer && offer->grant) << scopes.front();
    const Grant& grant = *offer->grant;
    EXPECT_EQ(std::vector<std::string>(grant.audience().begin(), grant.audience().end()),
              std::vector<std::string>{"https://a.example"});
    EXPECT_EQ(offer->notify, std::vector<std::string>{"owner"});
    EXPECT_EQ(grant.lifetime(), 60);
    EXPECT_EQ(std::vector<std::string>(grant.statements().begin(), grant.statements().end()),
              (std::vector<std::string>{"owners-read", "owners-write"}));
    EXPECT_TRUE(grant.ceiling());
    asked.by.audience = "https://b.example";
    const Result<Offer> elsewhere = engine.negotiate(asked);
    for (const Offer::Granted& one : elsewhere->granted)
      EXPECT_EQ(one.scope, "read:invoice_*") << "writing is for the other audience";
  }
}

// No index leads to what `like` might hold for: a request for all of it must not take as long as the data is large.
TEST(OfferBound, TooMuchToLookAtIsRefused) {
  const std::vector<PolicyText> texts = {{"p.writ", R"(
entity user
entity invoice
actions read, write for invoice
allow read:invoice_* if invoice.id like "x*"
allow write:invoice_7
)"}};
  const Compilation compiled = compile_texts(texts);
  ASSERT_TRUE(compiled.policy) << render(compiled.diagnostics);
  std::vector<std::string> ids;
  for (int i = 0; i < 100'001; ++i)
    ids.push_back(std::to_string(i));
  std::vector<EntityRecord> records;
  for (const std::string& id : ids)
    records.push_back({{"invoice", id}, {}, {}});
  const Engine engine(*compiled.policy, *Entities::from_records(*compiled.policy, records));
  const std::string_view scopes[] = {"read:invoice_*", "read:invoice_1*", "write:invoice_7", "write:invoice_8"};
  Negotiation asked;
  asked.by.user = "alice";
  asked.scopes = scopes;
  const Result<Offer> offer = engine.negotiate(asked);
  ASSERT_TRUE(offer) << offer.error().detail();
  ASSERT_EQ(offer->granted.size(), 1U);
  EXPECT_EQ(offer->granted[0].scope, "write:invoice_7");
  ASSERT_EQ(offer->refused.size(), 3U);
  EXPECT_TRUE(offer->refused[0].too_many);
  EXPECT_TRUE(offer->refused[1].too_many);
  EXPECT_FALSE(offer->refused[2].too_many);
}

}  // namespace
}  // namespace writ
