#include "writ/dpop.h"

#include <gtest/gtest.h>

#include <string>

#include "src/base/base64url.h"
#include "src/crypto/digest.h"
#include "src/crypto/export_key.h"
#include "src/token/write_jwk.h"
#include "tests/unit/token/tokens.h"

namespace {

using namespace writ;
using namespace writ::test;

const token::Jwk& client() {
  static const KeySet keys = *KeySet::generate(Algorithm::kES256, at(0));
  return keys.ring().keys().front();
}

std::string jwk_of(const token::Jwk& key, crypto::Parts parts) {
  std::string text;
  EXPECT_TRUE(token::write_jwk(key, parts, text));
  return text;
}

std::string header_of(const token::Jwk& key, crypto::Parts parts = crypto::Parts::kPublic) {
  return R"({"typ":"dpop+jwt","alg":")" + std::string(algorithm_name(key.key.algorithm())) + R"(","jwk":)" +
         jwk_of(key, parts) + "}";
}

std::string claims_with(std::string_view member = {}, std::string_view change = {}) {
  std::string text = R"({"jti":"p1","htm":"POST","htu":"https://server.example/token","iat":1000})";
  if (member.empty() && !change.empty()) return text.substr(0, text.size() - 1) + ',' + std::string(change) + '}';
  const std::size_t at = text.find(member);
  return member.empty() ? text : text.replace(at, member.size(), change);
}

std::string proof(std::string_view claims, const std::string& header = header_of(client())) {
  return *token::sign_compact(encode_base64url(header), claims, client().key);
}

DpopRequest request() {
  DpopRequest one;
  one.method = "POST";
  one.url = "https://server.example/token";
  one.now = at(1000);
  return one;
}

std::string refused(const std::string& text, const DpopRequest& with = request()) {
  const Result<DpopProof> found = verify_dpop(text, with);
  return found ? "taken" : std::string(found.error().detail());
}

testing::AssertionResult says(const std::string& said, std::string_view wanted) {
  if (said.find(wanted) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "`" << said << "` does not say `" << wanted << "`";
}

TEST(Dpop, AGoodProofGivesItsKey) {
  const Result<DpopProof> found = verify_dpop(proof(claims_with()), request());
  ASSERT_TRUE(found) << found.error().detail();
  EXPECT_EQ(found->key, client().id);
  EXPECT_EQ(found->id, "p1");
  EXPECT_EQ(found->issued_at, at(1000));
}

TEST(Dpop, IsForThisRequest) {
  EXPECT_TRUE(says(refused(proof(claims_with("POST", "GET"))), "htm"));
  EXPECT_TRUE(says(refused(proof(claims_with("POST", "post"))), "htm"));
  for (const std::string_view same :
       {"HTTPS://SERVER.example/token", "https://server.example:443/token", "https://server.example/token?a=b#c",
        "https://server.example/%74oken", "https://server.example/x/../token"}) {
    EXPECT_EQ(refused(proof(claims_with("https://server.example/token", same))), "taken") << same;
  }
  for (const std::string_view other :
       {"http://server.example/token", "https://server.example/Token", "server.example",
        "https://server.example:8443/token", "https://a@server.example/token", "https://server.example/token/",
        "https:///token", "ftp://server.example/token", "https://server.example/%54oken",
        "https://server.example/to%2fken", "https://server.example/%zztoken"}) {
    EXPECT_TRUE(says(refused(proof(claims_with("https://server.example/token", other))), "htu")) << other;
  }
}

// What a server is asked for by a client that normalises less, or more, than it does itself.
TEST(Dpop, TheServersOwnUrlIsNormalisedToo) {
  DpopRequest with = request();
  with.url = "HTTPS://server.example:443/a/../%74oken?q";
  EXPECT_EQ(refused(proof(claims_with()), with), "taken");
  with.url = "server.example/token";
  const Result<DpopProof> found = verify_dpop(proof(claims_with()), with);
  EXPECT_EQ(found.error().code, ErrorCode::kBadValue);
}

TEST(Dpop, IsFresh) {
  DpopRequest late = request();
  late.now = at(1301);
  EXPECT_TRUE(says(refused(proof(claims_with()), late), "too old"));
  late.now = at(699);
  EXPECT_TRUE(says(refused(proof(claims_with()), late), "future"));
  late.now = at(1300);
  EXPECT_EQ(refused(proof(claims_with()), late), "taken");
  DpopRequest asked = request();
  asked.nonce = "n1";
  EXPECT_TRUE(says(refused(proof(claims_with()), asked), "nonce"));
  EXPECT_EQ(refused(proof(claims_with({}, R"("nonce":"n1")")), asked), "taken");
}

TEST(Dpop, EachOnceWhereItIsRemembered) {
  const auto guard = MemoryReplayGuard::make(8);
  ASSERT_TRUE(guard);
  DpopRequest once = request();
  const std::string text = proof(claims_with());
  EXPECT_EQ(refused(text, once), "taken");
  EXPECT_EQ(refused(text, once), "taken");
  once.replay = guard->get();
  EXPECT_EQ(refused(text, once), "taken");
  for (const std::int64_t now : {1000, 1300}) {
    once.now = at(now);
    const Result<DpopProof> again = verify_dpop(text, once);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::kReplayed);
  }
}

TEST(Dpop, IsForThisToken) {
  DpopRequest with = request();
  with.access_token = "token";
  crypto::Digest digest;
  ASSERT_TRUE(crypto::digest("token", digest));
  EXPECT_TRUE(says(refused(proof(claims_with()), with), "ath"));
  EXPECT_TRUE(says(refused(proof(claims_with({}, R"("ath":"x")")), with), "ath"));
  EXPECT_EQ(refused(proof(claims_with({}, R"("ath":")" + encode_base64url(digest.view()) + '"')), with), "taken");
}

TEST(Dpop, WhatIsMissingOrOfAnotherType) {
  EXPECT_TRUE(says(refused(proof(claims_with(R"("jti":"p1",)", ""))), "jti is missing"));
  EXPECT_TRUE(says(refused(proof(claims_with(R"("htm":"POST",)", ""))), "htm is missing"));
  EXPECT_TRUE(says(refused(proof(claims_with(R"("htu":"https://server.example/token",)", ""))), "htu is missing"));
  EXPECT_TRUE(says(refused(proof(claims_with(R"(,"iat":1000)", ""))), "iat is missing"));
  EXPECT_TRUE(says(refused(proof(claims_with("1000", "\"1000\""))), "iat is no number"));
  EXPECT_TRUE(says(refused(proof(claims_with("\"p1\"", "1"))), "jti is not a string"));
  EXPECT_TRUE(says(refused(proof(claims_with("p1", std::string(257, 'p')))), "longer than 256"));
  EXPECT_TRUE(says(refused(proof("[]")), "not an object"));
}

TEST(Dpop, TheHeadersKeyAlone) {
  const std::string good = header_of(client());
  EXPECT_TRUE(says(refused(proof(claims_with(), R"({"typ":"dpop+jwt","alg":"ES256"})")), "jwk is missing"));
  EXPECT_TRUE(says(refused(proof(claims_with(), header_of(client(), crypto::Parts::kAll))), "private key"));
  std::string changed = good;
  EXPECT_TRUE(says(refused(proof(claims_with(), changed.replace(changed.find("dpop+jwt"), 8, "at+jwt"))), "typ"));
  changed = good;
  EXPECT_TRUE(says(refused(proof(claims_with(), changed.replace(changed.find("ES256"), 5, "none"))), "alg"));
  const KeySet other = *KeySet::generate(Algorithm::kES256, at(0));
  EXPECT_TRUE(says(refused(proof(claims_with(), header_of(other.ring().keys().front()))), "signature"));
  const KeySet shared = *KeySet::generate(Algorithm::kHS256, at(0));
  const token::Jwk& mac = shared.ring().keys().front();
  const auto forged = token::sign_compact(
      encode_base64url(R"({"typ":"dpop+jwt","alg":"HS256","jwk":)" + jwk_of(mac, crypto::Parts::kAll) + "}"),
      claims_with(), mac.key);
  EXPECT_TRUE(says(refused(*forged), "alg is not of a public key"));
}

}  // namespace
