#include "writ/keys.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "src/crypto/sign.h"
#include "src/crypto/verify.h"
#include "src/token/key_ring.h"

namespace {

using namespace writ;

constexpr Algorithm kAll[] = {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256,
                              Algorithm::kHS256};

Time at(std::int64_t seconds) {
  return Time{seconds * 1'000'000};
}

KeySet made(Algorithm algorithm, std::int64_t now = 1000) {
  Result<KeySet> keys = KeySet::generate(algorithm, at(now));
  EXPECT_TRUE(keys) << keys.error().detail();
  return keys ? *keys : KeySet();
}

KeySet read(std::string_view json) {
  Result<KeySet> keys = KeySet::from_jwk(json);
  EXPECT_TRUE(keys) << keys.error().detail();
  return keys ? *keys : KeySet();
}

std::string refused(std::string_view json) {
  const Result<KeySet> keys = KeySet::from_jwk(json);
  return keys ? "taken" : std::string(keys.error().detail());
}

std::string jwks(const KeySet& keys, std::int64_t now) {
  const Result<std::string> text = keys.jwks(at(now));
  EXPECT_TRUE(text);
  return text ? *text : "";
}

// RFC 7638, section 3.1.
TEST(KeySet, IdsAreThumbprints) {
  const KeySet keys = read(
      R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPe)"
      R"(bWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZ)"
      R"(gnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1)"
      R"(jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256"})");
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys.list()[0].id, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(KeySet, ThePublicSetVerifiesAndHoldsNothingPrivate) {
  for (const Algorithm algorithm : kAll) {
    SCOPED_TRACE(algorithm_name(algorithm));
    const KeySet keys = made(algorithm);
    const std::string text = jwks(keys, 1000);
    const KeySet open = read(text);
    if (algorithm == Algorithm::kHS256) {
      EXPECT_EQ(text, R"({"keys":[]})");
      continue;
    }
    for (const char* member : {R"("d":)", R"("p":)", R"("q":)", R"("dp":)", R"("dq":)", R"("qi":)", R"("k":)"}) {
      EXPECT_EQ(text.find(member), std::string::npos) << member;
    }
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open.list()[0].id, keys.list()[0].id);
    EXPECT_EQ(open.list()[0].algorithm, algorithm);
    EXPECT_FALSE(open.list()[0].can_sign);
    const token::Jwk* const signing = keys.ring().signing(1000);
    ASSERT_NE(signing, nullptr);
    EXPECT_EQ(open.ring().signing(1000), nullptr);
    std::string signature(signing->key.signature_size(), '\0');
    ASSERT_TRUE(crypto::sign(signing->key, "m", signature));
    EXPECT_TRUE(crypto::verify(open.ring().keys()[0].key, "m", signature));
  }
}

TEST(KeySet, RotationOverlaps) {
  const KeySet first = *KeySet::generate(Algorithm::kEdDSA, at(1000), /*token_life=*/600);
  const std::string old_id = first.list()[0].id;
  const Result<KeySet> rotated = first.rotated(Algorithm::kES256, at(2000), /*after=*/100);
  ASSERT_TRUE(rotated);
  ASSERT_EQ(rotated->size(), 2U);
  const auto signs_at = [&rotated](std::int64_t now) {
    const token::Jwk* const key = rotated->ring().signing(now);
    return key == nullptr ? "" : key->id;
  };
  EXPECT_EQ(signs_at(2000), old_id);
  EXPECT_EQ(signs_at(2099), old_id);
  EXPECT_NE(signs_at(2100), old_id);
  // The last token is signed at 2099 and dies at 2699, by a clock that is slow by kMaxLeeway at 2999.
  EXPECT_EQ(rotated->ring().find(old_id)->verifies_until, 3000);
  EXPECT_NE(jwks(*rotated, 2999).find(old_id), std::string::npos);
  EXPECT_EQ(jwks(*rotated, 3000).find(old_id), std::string::npos);
  for (const KeyInfo& key : rotated->list())
    EXPECT_EQ(key.token_life, 600) << "a key goes on as the one before it";
  // A further rotation does not give the first one more time, and leaves it out once it has died.
  const Result<KeySet> again = rotated->rotated(Algorithm::kEdDSA, at(2200), 0, 10'000);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->ring().find(old_id)->verifies_until, 3000);
  EXPECT_EQ(again->ring().signing(2200)->token_life, 10'000);
  const Result<KeySet> later = again->rotated(Algorithm::kEdDSA, at(3000));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->ring().find(old_id), nullptr);
  EXPECT_FALSE(first.rotated(Algorithm::kEdDSA, at(2000), -1));
}

TEST(KeySet, TwoRotationsInOneSecond) {
  const KeySet first = made(Algorithm::kEdDSA, 1000);
  const Result<KeySet> rotated = first.rotated(Algorithm::kEdDSA, at(1000));
  ASSERT_TRUE(rotated);
  EXPECT_NE(rotated->ring().signing(1000)->id, first.list()[0].id);
}

TEST(KeySet, TokensLiveFromASecondToAHundredYears) {
  const KeySet first = made(Algorithm::kHS256);
  for (const std::int64_t life : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(KeySet::generate(Algorithm::kHS256, at(0), life).error().code, ErrorCode::kBadValue) << life;
    EXPECT_EQ(first.rotated(Algorithm::kHS256, at(0), 0, life).error().code, ErrorCode::kBadValue) << life;
  }
  const std::string key = R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4)"
                          R"(hcgUuTwjAzZr1Z9CAow","writ_token_life":)";
  EXPECT_EQ(KeySet::from_jwk(key + "60}")->list().front().token_life, 60);
  EXPECT_EQ(KeySet::from_jwk(key + "0}").error().detail(), "JWK: writ_token_life is 0: no token could live");
  EXPECT_EQ(KeySet::from_jwk(key + "1.5}").error().detail(), "JWK: writ_token_life is not a whole number of seconds");
}

TEST(KeySet, BothSetsTogether) {
  const KeySet one = made(Algorithm::kEdDSA);
  const Result<KeySet> both = one.with(made(Algorithm::kES256));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->size(), 2U);
  const Result<KeySet> twice = one.with(*both);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, ErrorCode::kRepeated);
}

TEST(KeySet, OfASetWhatIsOfNoUseIsPassedOver) {
  const std::string good = R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
  const KeySet keys = read(R"({"keys":[{"kty":"EC","crv":"P-384","x":"AA","y":"AA"},{"kty":"new"},)"
                           R"({"kty":"OKP","crv":"Ed25519","use":"enc","x":"AA"},)" +
                           good + "]}");
  EXPECT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys.passed_over(), 3U);
  EXPECT_NE(refused(R"({"keys":[)" + good + R"(,{"kty":"OKP","crv":"Ed25519","x":"AA"}]})").find("32 bytes"),
            std::string::npos);
  EXPECT_NE(refused(R"({"keys":[)" + good + "," + good + "]}").find("one kid"), std::string::npos);
}

TEST(KeySet, WhatIsWrongIsNamed) {
  const struct {
    const char* json;
    const char* says;
  } cases[] = {
      {"", "not JSON"},
      {"[]", "is an object"},
      {"{}", "kty is missing"},
      {R"({"kty":1})", "kty is not a string"},
      {R"({"keys":{}})", "not an array"},
      {R"({"kty":"OKP"})", "crv is missing"},
      {R"({"kty":"OKP","crv":"Ed448"})", "crv `Ed448` is not used here"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qY+"})", "x is not base64url"},
      {R"({"kty":"OKP","crv":"Ed25519","x":""})", "x is empty"},
      {R"({"kty":"OKP","crv":"Ed25519"})", "x of an Ed25519 key has 32 bytes"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"ES256"})",
       "alg is not for"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"HS512"})", "`HS512`"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"enc"})", "use `enc`"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","key_ops":["encrypt"]})",
       "key_ops"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":""})", "kid"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","exp":"1"})", "exp is not"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","exp":1.5})", "exp is not"},
      {R"({"kty":"oct","k":"c2hvcnQ"})", "at least 32 bytes"},
      {R"({"kty":"oct","k":"c2hvcnQ","k":"c2hvcnQ"})", "stands twice"},
  };
  for (const auto& one : cases)
    EXPECT_NE(refused(one.json).find(one.says), std::string::npos) << refused(one.json);
}

TEST(KeySet, APemKeyHasItsThumbprint) {
  const Result<KeySet> keys = KeySet::from_pem(
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC "
      "KEY-----");
  ASSERT_TRUE(keys) << keys.error().detail();
  EXPECT_EQ(keys->list()[0].id.size(), 43U);
  EXPECT_EQ(keys->list()[0].algorithm, Algorithm::kEdDSA);
}

}  // namespace
