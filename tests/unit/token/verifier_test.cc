#include "writ/verifier.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/token/tokens.h"

namespace {

using namespace writ;
using namespace writ::test;

KeySet made(Algorithm algorithm = Algorithm::kEdDSA) {
  Result<KeySet> keys = KeySet::generate(algorithm, at(900));
  EXPECT_TRUE(keys);
  return *keys;
}

// One key for all tests that do not ask for more: keys cost more than what is tried on them.
const KeySet& keys() {
  static const KeySet set = made();
  return set;
}

Verifier verifier(const KeySet& of = keys(), std::int64_t leeway = 0) {
  Result<Verifier> made = Verifier::make(of, {std::string(kIssuer), std::string(kAudience), leeway});
  EXPECT_TRUE(made);
  return std::move(*made);
}

Result<VerifiedToken> verified(const std::string& token, std::int64_t now = 1000) {
  return verifier().verify(token, {at(now), {}});
}

std::string refused(const std::string& token, std::int64_t now = 1000) {
  const Result<VerifiedToken> found = verified(token, now);
  return found ? "taken" : std::string(found.error().detail());
}

std::string with(std::string_view member, std::string_view change) {
  return refused(token_of(keys(), claims(member, change)));
}

std::string with_header(std::string_view header) {
  return refused(token_of(keys(), claims(), header));
}

std::string kid() {
  return keys().list()[0].id;
}

testing::AssertionResult says(const std::string& said, std::string_view wanted) {
  if (said.find(wanted) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "`" << said << "` does not say `" << wanted << "`";
}

TEST(Verifier, EachAlgorithm) {
  for (const Algorithm algorithm :
       {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256, Algorithm::kHS256}) {
    const KeySet set = made(algorithm);
    const std::string token = token_of(set, claims());
    const Result<VerifiedToken> found = verifier(set).verify(token, {at(1000), {}});
    ASSERT_TRUE(found) << algorithm_name(algorithm) << found.error().detail();
    const Result<VerifiedToken> other = verifier().verify(token, {at(1000), {}});
    EXPECT_TRUE(says(std::string(other.error().detail()), "no key has its kid"));
  }
}

TEST(Verifier, AllClaimsArrive) {
  const std::string print(43, 'A');
  const std::string text =
      claims({}, R"("nbf":999,"act":{"sub":"agent:b","act":{"sub":"agent:a"}},"writ_policy":"d1","writ_once":true,)"
                 R"("writ_ceiling":true,"other":{"deep":[1,2]},"cnf":{"jkt":")" +
                     print + "\"}");
  const auto guard = MemoryReplayGuard::make(8);
  ASSERT_TRUE(guard);
  const auto remembering = Verifier::make(keys(), {std::string(kIssuer), std::string(kAudience), 0, guard->get()});
  ASSERT_TRUE(remembering);
  const Result<VerifiedToken> found = remembering->verify(token_of(keys(), text), {at(1000), print});
  ASSERT_TRUE(found) << found.error().detail();
  const TokenClaims& claimed = found->claims();
  EXPECT_EQ(claimed.issuer, kIssuer);
  EXPECT_EQ(claimed.subject, "user:alice");
  EXPECT_EQ(claimed.audience, std::vector<std::string>{std::string(kAudience)});
  EXPECT_EQ(claimed.client, "agent:claude");
  EXPECT_EQ(claimed.scope, "read:invoice_7");
  EXPECT_EQ(claimed.id, "t1");
  EXPECT_EQ(claimed.actors, (std::vector<std::string>{"agent:b", "agent:a"}));
  EXPECT_EQ(claimed.key, print);
  EXPECT_EQ(claimed.policy, "d1");
  EXPECT_EQ(claimed.issued_at, at(1000));
  EXPECT_EQ(claimed.expires_at, at(1600));
  EXPECT_EQ(claimed.not_before, at(999));
  EXPECT_TRUE(claimed.once && claimed.ceiling);
}

TEST(Verifier, Times) {
  const std::string token = token_of(keys(), claims());
  EXPECT_EQ(refused(token, 1599), "taken");
  EXPECT_TRUE(says(refused(token, 1600), "expired"));
  EXPECT_TRUE(says(refused(token, 999), "future"));
  EXPECT_TRUE(verifier(keys(), 10).verify(token, {at(1609), {}}));
  EXPECT_FALSE(verifier(keys(), 10).verify(token, {at(1610), {}}));
  EXPECT_TRUE(verifier(keys(), 10).verify(token, {at(990), {}}));
  EXPECT_FALSE(verifier(keys(), 10).verify(token, {at(989), {}}));
  EXPECT_TRUE(says(with({}, R"("nbf":1001)"), "nbf"));
  EXPECT_EQ(with({}, R"("nbf":1000)"), "taken");
  EXPECT_EQ(with(R"("exp":1600)", R"("exp":1000.9)"), "the token has expired");  // 1000 is now
  EXPECT_EQ(with(R"("exp":1600)", R"("exp":1001.9)"), "taken");
  EXPECT_TRUE(says(with(R"("iat":1000)", R"("iat":1000.1)"), "future"));
}

TEST(Verifier, WhatIsRequiredAndOfWhichType) {
  for (const std::string_view member :
       {R"("iss":"https://as.example",)", R"("sub":"user:alice",)", R"("aud":"https://billing.example",)",
        R"("client_id":"agent:claude",)", R"("iat":1000,)", R"("exp":1600,)"}) {
    const std::string name(member.substr(1, member.find('"', 1) - 1));
    EXPECT_TRUE(says(with(member, ""), name + " is missing"));
    const std::string_view whole = member.substr(0, member.size() - 1);
    for (const std::string_view other : {"true", "null", "{}"}) {
      EXPECT_TRUE(says(with(whole, '"' + name + "\":" + std::string(other)), name + " is not")) << other;
    }
  }
  EXPECT_TRUE(says(with(R"(,"jti":"t1")", ""), "jti is missing"));
  EXPECT_TRUE(says(with(R"("jti":"t1")", R"("jti":"")"), "jti is empty"));
  EXPECT_TRUE(says(with(R"("exp":1600)", R"("exp":"1600")"), "exp is not a number"));
  EXPECT_TRUE(says(with(R"("exp":1600)", R"("exp":-1)"), "exp is no number of seconds"));
  EXPECT_TRUE(says(with(R"("exp":1600)", R"("exp":1e9)"), "exp is no number of seconds"));
  EXPECT_TRUE(says(with({}, R"("exp":1700)"), "stands twice"));
  EXPECT_EQ(with(R"("scope":"read:invoice_7",)", ""), "taken");
}

TEST(Verifier, IssuerAndAudienceByteByByte) {
  EXPECT_TRUE(says(with("https://as.example", "https://as.example/"), "iss"));
  EXPECT_TRUE(says(with("https://as.example", "HTTPS://as.example"), "iss"));
  EXPECT_TRUE(says(with("https://billing.example", "https://billing.example.evil"), "aud"));
  EXPECT_TRUE(says(with(R"("aud":"https://billing.example")", R"("aud":[])"), "aud is empty"));
  EXPECT_TRUE(says(with(R"("aud":"https://billing.example")", R"("aud":["https://billing.example",1])"), "aud is not"));
  EXPECT_EQ(with(R"("aud":"https://billing.example")", R"("aud":["x","https://billing.example"])"), "taken");
  EXPECT_FALSE(Verifier::make(keys(), {"", std::string(kAudience)}));
  EXPECT_FALSE(Verifier::make(keys(), {std::string(kIssuer), ""}));
  EXPECT_FALSE(Verifier::make(keys(), {std::string(kIssuer), std::string(kAudience), 301}));
  EXPECT_FALSE(Verifier::make(KeySet(), {std::string(kIssuer), std::string(kAudience)}));
}

TEST(Verifier, ScopesAreScopes) {
  for (const std::string_view scope : {"a  b", " a", "a ", "a\\\\b", "a\\tb", "a\\\"b", "\xC3\xA4"}) {
    EXPECT_TRUE(says(with("read:invoice_7", scope), "no list of scopes")) << scope;
  }
  EXPECT_EQ(with("read:invoice_7", "read:a write:b"), "taken");
  EXPECT_EQ(with("read:invoice_7", ""), "taken");
}

TEST(Verifier, Actors) {
  std::string nested = R"({"sub":"a"})";
  for (int i = 0; i < 7; ++i)
    nested = R"({"sub":"a","act":)" + nested + "}";
  EXPECT_EQ(with({}, "\"act\":" + nested), "taken");
  EXPECT_TRUE(says(with({}, R"("act":{"sub":"a","act":)" + nested + "}"), "more than 8 deep"));
  EXPECT_TRUE(says(with({}, R"("act":"a")"), "act is not an object"));
  EXPECT_TRUE(says(with({}, R"("act":{})"), "act.sub is missing"));
  EXPECT_TRUE(says(with({}, R"("act":{"sub":"a","iss":"b"})"), "something else"));
  EXPECT_TRUE(says(with({}, R"("act":{"sub":"a","act":1})"), "act is not an object"));
}

TEST(Verifier, BoundToAKey) {
  const std::string print(43, 'A');
  const std::string bound = token_of(keys(), claims({}, R"("cnf":{"jkt":")" + print + "\"}"));
  EXPECT_TRUE(verifier().verify(bound, {at(1000), print}));
  EXPECT_TRUE(says(refused(bound), "must come with a DPoP proof"));
  const Result<VerifiedToken> other = verifier().verify(bound, {at(1000), std::string(43, 'B')});
  EXPECT_TRUE(says(std::string(other.error().detail()), "another key"));
  const Result<VerifiedToken> unbound = verifier().verify(token_of(keys(), claims()), {at(1000), print});
  EXPECT_TRUE(says(std::string(unbound.error().detail()), "bound to no key"));
  EXPECT_TRUE(says(with({}, R"("cnf":{"x5t#S256":"a"})"), "another proof"));
  EXPECT_TRUE(says(with({}, R"("cnf":{})"), "no thumbprint"));
  EXPECT_TRUE(says(with({}, R"("cnf":"a")"), "cnf is not an object"));
}

TEST(Verifier, Headers) {
  const std::string good = R"({"alg":"EdDSA","typ":"at+jwt")";
  EXPECT_EQ(with_header(good + "}"), "taken");  // one key: there is nothing to choose
  EXPECT_EQ(with_header(R"({"alg":"EdDSA","typ":"Application/AT+JWT","kid":")" + kid() + "\"}"), "taken");
  EXPECT_EQ(with_header(good + R"(,"other":1})"), "taken");
  EXPECT_TRUE(says(with_header(good + R"(,"kid":"x"})"), "no key has"));
  EXPECT_TRUE(says(with_header(good + R"(,"kid":1})"), "kid is not a string"));
  EXPECT_TRUE(says(with_header(good + R"(,"crit":["exp"]})"), "crit"));
  EXPECT_TRUE(says(with_header(good + R"(,"b64":false})"), "crit and b64"));
  EXPECT_TRUE(says(with_header(good + R"(,"alg":"EdDSA"})"), "stands twice"));
  EXPECT_TRUE(says(with_header(good + R"(,"zip":"DEF"})"), "zip"));
  EXPECT_TRUE(says(with_header(good + R"(,"cty":"JWT"})"), "cty"));
  EXPECT_TRUE(says(with_header(good + R"(,"jku":"https://evil.example"})"), "names a key itself"));
  EXPECT_TRUE(says(with_header(good + R"(,"jwk":{"kty":"OKP","crv":"Ed25519",)"
                                      R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}})"),
                   "names a key itself"));
  EXPECT_TRUE(says(with_header(R"({"typ":"at+jwt"})"), "alg is missing"));
  EXPECT_TRUE(says(with_header(R"({"alg":"EdDSA"})"), "typ is not at+jwt"));
  EXPECT_TRUE(says(with_header(R"({"alg":"EdDSA","typ":"JWT"})"), "typ is not at+jwt"));
  for (const std::string_view algorithm : {"none", "None", "ES256", "HS256", "eddsa", "Ed25519"}) {
    EXPECT_TRUE(says(with_header(R"({"typ":"at+jwt","alg":")" + std::string(algorithm) + "\"}"), "alg is not"));
  }
  EXPECT_TRUE(says(with_header(R"(["alg"])"), "not an object"));
  EXPECT_TRUE(says(with_header(good), "not JSON"));
}

TEST(Verifier, WithoutAKidThereMustBeButOneKey) {
  const Result<KeySet> two = keys().with(made());
  ASSERT_TRUE(two);
  const Result<VerifiedToken> found =
      verifier(*two).verify(token_of(keys(), claims(), R"({"alg":"EdDSA","typ":"at+jwt"})"), {at(1000), {}});
  EXPECT_TRUE(says(std::string(found.error().detail()), "kid is missing"));
}

TEST(Verifier, Forms) {
  const std::string token = token_of(keys(), claims());
  const std::size_t second = token.rfind('.');
  EXPECT_TRUE(says(refused(""), "three parts"));
  EXPECT_TRUE(says(refused(token.substr(0, second)), "three parts"));
  EXPECT_TRUE(says(refused(token + ".x"), "three parts"));
  EXPECT_TRUE(says(refused(token.substr(0, second + 1)), "no signature"));
  EXPECT_TRUE(says(refused(token + "="), "signature is not base64url"));
  EXPECT_TRUE(says(refused(token + "\n"), "signature is not base64url"));
  EXPECT_TRUE(says(refused("Bearer " + token), "header"));
  EXPECT_TRUE(says(refused(std::string(20'000, 'a')), "more than 16384"));
  EXPECT_TRUE(says(refused(token_of(keys(), "[]")), "not an object"));
  EXPECT_TRUE(says(refused(token_of(keys(), std::string(8000, '['))), "not JSON"));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(refused(changed), "taken") << i;
  }
}

// Both are wrong: what is found first shows that the signature was not looked at.
TEST(Verifier, TheSignatureComesLast) {
  const KeySet other = made();
  const token::Jwk& mine = keys().ring().keys().front();
  const auto forged = [&](std::string_view payload) {
    return *token::sign_compact(mine.header, payload, other.ring().keys().front().key);
  };
  EXPECT_TRUE(says(refused(forged(claims())), "signature is not the key's"));
  EXPECT_TRUE(says(refused(forged(claims("https://as.example", "https://other.example"))), "iss"));
  EXPECT_TRUE(says(refused(forged(claims("https://billing.example", "x"))), "aud"));
  EXPECT_TRUE(says(refused(forged(claims(R"("exp":1600)", R"("exp":1000)"))), "expired"));
  EXPECT_TRUE(says(refused(forged("{}")), "iss is missing"));
}

TEST(Verifier, RetiredKeysVerifyUntilTheirTimeIsOver) {
  const Result<KeySet> rotated = keys().rotated(Algorithm::kEdDSA, at(1000));
  ASSERT_TRUE(rotated);
  const std::int64_t dead = 1000 + kDefaultTokenLife + kMaxLeeway;
  // As nobody mints it: a token that outlives its key.
  const std::string token = token_of(keys(), claims(R"("exp":1600)", R"("exp":100000)"));
  EXPECT_TRUE(verifier(*rotated).verify(token, {at(dead - 1), {}}));
  const Result<VerifiedToken> late = verifier(*rotated).verify(token, {at(dead), {}});
  EXPECT_TRUE(says(std::string(late.error().detail()), "retired"));
}

TEST(Verifier, OnceIsOnce) {
  const std::string token = token_of(keys(), claims({}, R"("writ_once":true)"));
  EXPECT_TRUE(says(refused(token), "nothing to remember it by"));
  EXPECT_TRUE(says(with({}, R"("writ_once":1)"), "writ_once is not true or false"));
  EXPECT_EQ(with({}, R"("writ_once":false)"), "taken");
  const auto guard = MemoryReplayGuard::make(8);
  ASSERT_TRUE(guard);
  const auto one = Verifier::make(keys(), {std::string(kIssuer), std::string(kAudience), 10, guard->get()});
  ASSERT_TRUE(one);
  // What is refused for another reason is not used up by it.
  EXPECT_FALSE(one->verify(token.substr(0, token.size() - 3) + "AAA", {at(1000), {}}));
  EXPECT_FALSE(one->verify(token, {at(2000), {}}));
  EXPECT_EQ((*guard)->held(), 0U);
  EXPECT_TRUE(one->verify(token, {at(1000), {}}));
  for (const std::int64_t now : {1000, 1599, 1609}) {
    const Result<VerifiedToken> again = one->verify(token, {at(now), {}});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::kReplayed);
  }
}

TEST(Verifier, KeysAreReplaced) {
  Verifier one = verifier();
  const std::string token = token_of(keys(), claims());
  EXPECT_TRUE(one.verify(token, {at(1000), {}}));
  EXPECT_FALSE(one.replace(KeySet()));
  EXPECT_TRUE(one.verify(token, {at(1000), {}}));
  EXPECT_TRUE(one.replace(made()));
  EXPECT_FALSE(one.verify(token, {at(1000), {}}));
}

TEST(UnverifiedToken, IsDecodedOnly) {
  const std::string token = token_of(keys(), claims());
  const Result<UnverifiedToken> shown = UnverifiedToken::decode(token.substr(0, token.size() - 4));
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->claims(), claims());
  EXPECT_TRUE(says(shown->header(), kid()));
  EXPECT_FALSE(UnverifiedToken::decode("a.b.c"));
  EXPECT_FALSE(UnverifiedToken::decode(token_of(keys(), "[1]")));
}

}  // namespace
