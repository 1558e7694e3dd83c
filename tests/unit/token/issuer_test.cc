#include "writ/issuer.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "src/token/payload.h"
#include "src/token/write_claims.h"
#include "tests/unit/token/tokens.h"
#include "writ/engine.h"
#include "writ/verifier.h"

namespace writ {
namespace {

using test::at;

constexpr const char* kPolicy = R"(
entity group: clerks
entity user in group
entity agent
entity invoice
actions read, write, void, pay for invoice
allow *:invoice_* to group:clerks
limit write:invoice_* for 60s, once, audience "https://a.example", audience "https://b.example"
limit pay:invoice_* proof dpop
trust any agent with *
)";

class IssuerTest : public testing::Test {
 protected:
  IssuerTest() {
    const std::vector<PolicyText> texts = {{"p.writ", kPolicy}};
    Compilation compiled = compile_texts(texts);
    EXPECT_TRUE(compiled.policy) << render(compiled.diagnostics);
    policy_ = compiled.policy;
    const auto entities = Entities::from_json(*policy_, R"([{"type":"user","id":"alice","parents":["group:clerks"]},
                                          {"type":"user","id":"Zoë \"Q\"","parents":["group:clerks"]}])");
    engine_ = std::make_unique<Engine>(*policy_, *entities);
    how_.audience = "https://a.example";
    how_.now = at(1'000);
  }

  Grant granted(std::string_view scope, std::string_view user = "user:alice",
                const std::vector<std::string_view>& agents = {"agent:claude"}) const {
    Request request;
    request.user = user;
    request.agents = agents;
    request.scope = scope;
    request.time = at(1'000);
    Result<Grant> grant = engine_->grant(request);
    EXPECT_TRUE(grant) << grant.error().detail();
    return *grant;
  }
  std::string refusal(const Grant& grant) const {
    const Result<MintedToken> token = issuer().mint(grant, how_);
    return token ? "minted" : std::string(code_name(token.error().code)) + ": " + std::string(token.error().detail());
  }
  Issuer issuer() const { return std::move(*Issuer::make(keys_, {"https://as.example"})); }
  TokenClaims read_back(const MintedToken& token) const {
    const auto replay = MemoryReplayGuard::make(1).value();
    const auto verifier =
        Verifier::make(keys_, {"https://as.example", std::string(how_.audience), /*leeway=*/0, replay.get()});
    const Result<VerifiedToken> verified = verifier->verify(token.text, {how_.now, how_.proof_key});
    EXPECT_TRUE(verified) << verified.error().detail();
    return verified ? verified->claims() : TokenClaims();
  }

  std::optional<Policy> policy_;
  std::unique_ptr<Engine> engine_;
  KeySet keys_ = *KeySet::generate(Algorithm::kEdDSA, at(0));
  MintRequest how_;
};

TEST_F(IssuerTest, SaysWhatWasGranted) {
  const Grant grant = granted("read:invoice_7", "user:alice", {"agent:claude", "agent:helper", "agent:tool"});
  const Result<MintedToken> token = issuer().mint(grant, how_);
  ASSERT_TRUE(token) << token.error().detail();
  const TokenClaims claims = read_back(*token);
  EXPECT_EQ(claims.issuer, "https://as.example");
  EXPECT_EQ(claims.subject, "user:alice");
  EXPECT_EQ(claims.audience, std::vector<std::string>{"https://a.example"});
  EXPECT_EQ(claims.client, "agent:tool");
  EXPECT_EQ(claims.scope, "read:invoice_7");
  EXPECT_EQ(claims.id, token->id);
  EXPECT_EQ(claims.id.size(), 22U);
  EXPECT_EQ(claims.actors, (std::vector<std::string>{"agent:tool", "agent:helper", "agent:claude"}));
  EXPECT_EQ(claims.issued_at, at(1'000));
  EXPECT_EQ(claims.expires_at, at(1'600));
  EXPECT_EQ(token->issued_at, at(1'000));
  EXPECT_EQ(token->expires_at, at(1'600));
  EXPECT_EQ(claims.policy, policy_->digest());
  EXPECT_EQ(claims.key, "");
  EXPECT_FALSE(claims.once);
  EXPECT_FALSE(claims.ceiling);
}

// The bytes themselves, which programs of others read. RFC 9068, section 2; RFC 8693, section 4.1.
TEST_F(IssuerTest, WritesJsonInOneForm) {
  how_.client = "client-1";
  how_.proof_key = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
  const Result<MintedToken> token =
      issuer().mint(granted("write:invoice_7", "user:alice", {"agent:a", "agent:b"}), how_);
  ASSERT_TRUE(token) << token.error().detail();
  EXPECT_EQ(UnverifiedToken::decode(token->text)->claims(),
            R"({"iss":"https://as.example","sub":"user:alice","aud":"https://a.example","client_id":"client-1",)"
            R"("scope":"write:invoice_7","iat":1000,"exp":1060,"jti":")" +
                token->id + R"(","act":{"sub":"agent:b","act":{"sub":"agent:a"}},)" +
                R"("cnf":{"jkt":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},"writ_policy":")" +
                std::string(policy_->digest()) + R"(","writ_once":true})");
}

TEST_F(IssuerTest, WithoutAgentsTheUserIsTheClient) {
  const Result<MintedToken> token = issuer().mint(granted("read:invoice_7", "user:alice", {}), how_);
  ASSERT_TRUE(token) << token.error().detail();
  EXPECT_EQ(read_back(*token).client, "user:alice");
  EXPECT_TRUE(read_back(*token).actors.empty());
}

TEST_F(IssuerTest, NamesKeepTheirBytes) {
  const Result<MintedToken> token = issuer().mint(granted("read:invoice_7", "user:Zoë \"Q\""), how_);
  ASSERT_TRUE(token) << token.error().detail();
  EXPECT_EQ(read_back(*token).subject, "user:Zoë \"Q\"");
}

TEST_F(IssuerTest, MintsForTheAudienceOfTheGrantAlone) {
  const Grant grant = granted("write:invoice_7");
  for (const std::string_view audience : {"https://a.example", "https://b.example"}) {
    how_.audience = audience;
    EXPECT_EQ(refusal(grant), "minted") << audience;
  }
  for (const std::string_view audience : {"https://c.example", "https://a.example/", "HTTPS://a.example"}) {
    how_.audience = audience;
    EXPECT_EQ(refusal(grant), "not_granted: the policy grants this for another audience only") << audience;
  }
  how_.audience = "";
  EXPECT_EQ(refusal(grant), "missing_member: a token is for somebody: name the audience");
  EXPECT_EQ(refusal(granted("read:invoice_7")), "missing_member: a token is for somebody: name the audience");
}

TEST_F(IssuerTest, NeverOutlivesTheGrant) {
  const Grant grant = granted("write:invoice_7");  // 60 s from 1000
  for (const std::int64_t later : {0, 1, 30, 59}) {
    how_.now = at(1'000 + later);
    const Result<MintedToken> token = issuer().mint(grant, how_);
    ASSERT_TRUE(token) << token.error().detail();
    EXPECT_EQ(token->issued_at, how_.now);
    EXPECT_EQ(token->expires_at, at(1'060));
  }
  how_.now = at(1'060);
  EXPECT_EQ(refusal(grant), "not_granted: the time of the grant is over: decide again");
  how_.now = at(1'000'000);
  EXPECT_EQ(refusal(grant), "not_granted: the time of the grant is over: decide again");
  how_.now = at(999);
  EXPECT_EQ(refusal(grant),
            "not_granted: it was decided after now: the clock of whoever mints is not that of who decided");
  const std::string_view scopes[] = {"write:invoice_7"};
  how_.now = at(1'000);
  EXPECT_EQ(issuer().mint(*grant.narrow(scopes, 5), how_)->expires_at, at(1'005));
}

TEST_F(IssuerTest, MaySayLessThanTheGrant) {
  const Grant grant = granted("read:invoice_7");  // 600 s from 1000
  how_.once = how_.ceiling = true;
  how_.expires_by = Time{1'030'999'999};
  const TokenClaims less = read_back(*issuer().mint(grant, how_));
  EXPECT_TRUE(less.once && less.ceiling);
  EXPECT_EQ(less.expires_at, at(1'030));
  how_.expires_by = at(5'000);
  EXPECT_EQ(issuer().mint(grant, how_)->expires_at, at(1'600));
  how_.expires_by = at(1'000);
  EXPECT_EQ(refusal(grant), "not_granted: the time of the grant is over: decide again");
  how_.once = how_.ceiling = false;
  how_.expires_by.reset();
  EXPECT_TRUE(read_back(*issuer().mint(granted("write:invoice_7"), how_)).once) << "the grant says so";
}

TEST_F(IssuerTest, BindsToAKey) {
  const Grant grant = granted("pay:invoice_7");
  EXPECT_EQ(refusal(grant),
            "not_granted: the policy demands a token bound to a key: it must be asked for with a DPoP proof");
  how_.proof_key = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
  const Result<MintedToken> token = issuer().mint(grant, how_);
  ASSERT_TRUE(token) << token.error().detail();
  EXPECT_EQ(read_back(*token).key, how_.proof_key);
  for (const std::string_view key : {"x", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X", "a\"b"}) {
    how_.proof_key = key;
    EXPECT_EQ(refusal(grant), "bad_key: proof_key is no thumbprint (RFC 7638): 43 characters of base64url") << key;
  }
}

TEST_F(IssuerTest, RefusesWhatATokenCannotSay) {
  how_.client = "client\xff";
  EXPECT_EQ(refusal(granted("read:invoice_7")), "bad_id: a user, an agent, a client or an audience is no UTF-8");
  how_.client = "";
  const std::string client(20'000, 'c');
  how_.client = client;
  EXPECT_EQ(refusal(granted("read:invoice_7")),
            "too_many: the token would have more than 16384 bytes: ask for fewer scopes");
}

TEST_F(IssuerTest, APayloadEndsWhereATokenWould) {
  for (std::size_t size = 12'000; size < 12'600; ++size) {
    const std::string client(size, 'c');
    how_.client = client;
    const Result<MintedToken> token = issuer().mint(granted("read:invoice_7"), how_);
    if (!token) {
      EXPECT_EQ(token.error().code, ErrorCode::kTooMany);
      break;
    }
    ASSERT_LE(token->text.size(), kMaxToken);
    ASSERT_EQ(read_back(*token).client.size(), size);
  }
}

TEST_F(IssuerTest, SignsByEveryAlgorithm) {
  const Grant grant = granted("read:invoice_7");
  for (const Algorithm algorithm :
       {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256, Algorithm::kHS256}) {
    keys_ = *KeySet::generate(algorithm, at(0));
    const Result<MintedToken> token = issuer().mint(grant, how_);
    ASSERT_TRUE(token) << algorithm_name(algorithm) << token.error().detail();
    EXPECT_EQ(read_back(*token).scope, "read:invoice_7");
    const std::string header = UnverifiedToken::decode(token->text)->header();
    EXPECT_EQ(header, R"({"alg":")" + std::string(algorithm_name(algorithm)) + R"(","kid":")" +
                          keys_.list().front().id + R"(","typ":"at+jwt"})");
  }
}

TEST_F(IssuerTest, NeedsAKeyThatSigns) {
  EXPECT_EQ(Issuer::make(KeySet(), {"https://as.example"}).error().code, ErrorCode::kBadKey);
  const KeySet public_alone = *KeySet::from_jwk(*keys_.jwks(at(0)));
  EXPECT_EQ(Issuer::make(public_alone, {"https://as.example"}).error().code, ErrorCode::kBadKey);
  EXPECT_EQ(Issuer::make(keys_, {""}).error().code, ErrorCode::kMissingMember);
  EXPECT_EQ(Issuer::make(keys_, {"https://as.example/\xff"}).error().code, ErrorCode::kBadValue);
  Issuer issuer = std::move(*Issuer::make(keys_, {"https://as.example"}));
  EXPECT_EQ(issuer.replace(public_alone).error().code, ErrorCode::kBadKey);
  EXPECT_TRUE(issuer.mint(granted("read:invoice_7"), how_));
  // A key that is to sign from later on does not sign now.
  keys_ = *KeySet::generate(Algorithm::kEdDSA, at(2'000));
  ASSERT_TRUE(issuer.replace(keys_));
  EXPECT_EQ(issuer.mint(granted("read:invoice_7"), how_).error().code, ErrorCode::kBadKey);
}

TEST_F(IssuerTest, GoesOnWithTheKeyOfARotation) {
  Issuer issuer = this->issuer();
  const Result<MintedToken> before = issuer.mint(granted("read:invoice_7"), how_);
  keys_ = *keys_.rotated(Algorithm::kES256, at(1'000));
  ASSERT_TRUE(issuer.replace(keys_));
  const Result<MintedToken> after = issuer.mint(granted("read:invoice_7"), how_);
  ASSERT_TRUE(before && after);
  EXPECT_NE(UnverifiedToken::decode(before->text)->header(), UnverifiedToken::decode(after->text)->header());
  EXPECT_EQ(read_back(*before).id, before->id);
  EXPECT_EQ(read_back(*after).id, after->id);
}

TEST_F(IssuerTest, NoTokenOutlivesItsKey) {
  const Grant grant = granted("read:invoice_7");  // 600 s from 1000
  keys_ = *KeySet::generate(Algorithm::kEdDSA, at(0), /*token_life=*/60);
  EXPECT_EQ(issuer().mint(grant, how_)->expires_at, at(1'060));
  // The last token before a new key takes over, to the last second by the slowest clock.
  const KeySet rotated = *keys_.rotated(Algorithm::kEdDSA, at(900), /*after=*/101);
  const Issuer retiring = std::move(*Issuer::make(rotated, {"https://as.example"}));
  const Result<MintedToken> last = retiring.mint(grant, how_);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->expires_at, at(1'060));
  const auto slow = Verifier::make(rotated, {"https://as.example", "https://a.example", kMaxLeeway});
  EXPECT_TRUE(slow->verify(last->text, {Time{at(1'060 + kMaxLeeway).microseconds - 1}, {}}));
  // A key that was given an end by others.
  keys_ = *KeySet::from_jwk(
      R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",)"
      R"("exp":1010})");
  EXPECT_EQ(issuer().mint(grant, how_)->expires_at, at(1'010));
  how_.now = at(1'010);
  EXPECT_EQ(issuer().mint(grant, how_).error().code, ErrorCode::kBadKey);
}

TEST_F(IssuerTest, NoTwoTokensHaveOneId) {
  keys_ = *KeySet::generate(Algorithm::kHS256, at(0));
  const Issuer issuer = this->issuer();
  const Grant grant = granted("read:invoice_7");
  std::set<std::string> ids[2];
  std::thread threads[2];
  for (int t = 0; t < 2; ++t) {
    threads[t] = std::thread([&, t] {
      for (int i = 0; i < 1'000; ++i)
        ids[t].insert(issuer.mint(grant, how_)->id);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  ids[0].merge(ids[1]);
  EXPECT_EQ(ids[0].size(), 2'000U);
}

// Past the engine: what no policy lets through must still not become another scope, or another name.
TEST(WriteClaims, RefusesTextsThatWouldSayMore) {
  const auto written = [](const std::string& scope) {
    token::Claims claims;
    claims.scopes = std::span(&scope, 1);
    token::Payload payload;
    return token::write_claims(claims, payload).has_value();
  };
  EXPECT_TRUE(written("read:invoice_1*"));
  for (const char* scope : {"", "a b", "a\"b", "a\\b", "a\tb", "a\nb", "\xc3\xa9", "a\x7f"}) {
    EXPECT_FALSE(written(scope)) << scope;
  }
}

// A character that must not stand as it is, at every place of texts of every length: none is overlooked.
TEST(WriteClaims, LooksAtEveryCharacter) {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int c = 1; c < 256; ++c) {
        std::string text(size, 'a');
        text[place] = static_cast<char>(c);
        token::Claims claims;
        claims.client = text;
        token::Payload payload;
        const bool written = token::write_claims(claims, payload).has_value();
        ASSERT_EQ(written, c < 0x80) << "U+" << c << " at " << place << " of " << size;
        const bool as_it_is = payload.view().find("\"client_id\":\"" + text + "\"") != std::string_view::npos;
        ASSERT_EQ(as_it_is, c >= ' ' && c <= '~' && c != '\"' && c != '\\') << "U+" << c << " at " << place;
      }
    }
  }
}

}  // namespace
}  // namespace writ
