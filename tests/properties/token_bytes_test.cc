// Tokens and keys, each of their bytes and fields changed. Whatever comes of it: what was not signed is not taken, what
// is taken is what was signed, and no message holds a secret.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/base/base64url.h"
#include "src/token/key_ring.h"
#include "src/token/sign_compact.h"
#include "src/token/write_jwk.h"
#include "tests/reference/random.h"
#include "tests/support/run_length.h"
#include "writ/verifier.h"

namespace writ::test {
namespace {

constexpr Algorithm kAll[] = {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256,
                              Algorithm::kHS256};
constexpr Time kNow{1'000'000'000};

const KeySet& keys_of(Algorithm algorithm) {
  static std::map<Algorithm, KeySet> made;
  const auto known = made.find(algorithm);
  if (known != made.end()) return known->second;
  return made.emplace(algorithm, *KeySet::generate(algorithm, kNow)).first->second;
}

const token::Jwk& key_of(Algorithm algorithm) {
  return keys_of(algorithm).ring().keys().front();
}

Verifier verifier_of(Algorithm algorithm) {
  return std::move(*Verifier::make(keys_of(algorithm), {"https://as.example", "https://billing.example"}));
}

// Members in the order in which they are written.
using Members = std::vector<std::pair<std::string, std::string>>;

std::string json_of(const Members& members) {
  std::string text;
  for (const auto& [name, value] : members)
    text += (text.empty() ? "{\"" : ",\"") + name + "\":" + value;
  return text.empty() ? "{}" : text + "}";
}

Members good_claims() {
  return {{"iss", "\"https://as.example\""},
          {"sub", "\"user:alice\""},
          {"aud", "\"https://billing.example\""},
          {"client_id", "\"agent:claude\""},
          {"scope", "\"read:invoice_7\""},
          {"iat", "900"},
          {"exp", "1600"},
          {"nbf", "900"},
          {"jti", "\"t1\""},
          {"act", R"({"sub":"agent:claude","act":{"sub":"agent:first"}})"},
          {"writ_policy", "\"d1\""},
          {"writ_once", "false"},
          {"writ_ceiling", "true"}};
}

Members good_header(Algorithm algorithm) {
  return {{"alg", '"' + std::string(algorithm_name(algorithm)) + '"'},
          {"kid", '"' + key_of(algorithm).id + '"'},
          {"typ", "\"at+jwt\""}};
}

std::string signed_token(Algorithm algorithm, const std::string& header, const std::string& payload) {
  return *token::sign_compact(encode_base64url(header), payload, key_of(algorithm).key);
}

// Whether a run of `secret` stands in `text`.
bool holds_run(std::string_view text, std::string_view secret, std::size_t run) {
  for (std::size_t at = 0; at + run <= secret.size(); ++at) {
    if (text.find(secret.substr(at, run)) != std::string_view::npos) return true;
  }
  return false;
}

// One byte changed, taken out or put in, at every place.
std::vector<std::string> changed_everywhere(const std::string& text, reference::Random& random) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string one = text;
    one[at] = static_cast<char>(one[at] ^ static_cast<char>(1U + random.below(255)));
    all.push_back(one);
    all.push_back(std::string(text).erase(at, 1));
    all.push_back(std::string(text).insert(at, 1, static_cast<char>(random.below(256))));
    all.push_back(text.substr(0, at));
  }
  return all;
}

TEST(TokenBytes, NoByteCanBeChanged) {
  reference::Random random(1);
  for (const Algorithm algorithm : kAll) {
    const Verifier verifier = verifier_of(algorithm);
    const std::string token = signed_token(algorithm, json_of(good_header(algorithm)), json_of(good_claims()));
    ASSERT_TRUE(verifier.verify(token, {kNow, {}}));
    for (const std::string& other : changed_everywhere(token, random)) {
      if (other == token) continue;
      const Result<VerifiedToken> found = verifier.verify(other, {kNow, {}});
      ASSERT_FALSE(found) << algorithm_name(algorithm) << ' ' << other;
      ASSERT_FALSE(holds_run(found.error().detail(), other, 20)) << found.error().detail();
    }
  }
}

const std::vector<std::string>& values() {
  static const std::vector<std::string> all = {"null",
                                               "true",
                                               "false",
                                               "0",
                                               "-1",
                                               "1",
                                               "1600",
                                               "1e9",
                                               "1600.5",
                                               "99999999999999999999",
                                               "1e999",
                                               "\"\"",
                                               "\" \"",
                                               "\"x\"",
                                               "\"at+jwt\"",
                                               "\"none\"",
                                               "\"HS256\"",
                                               "\"EdDSA\"",
                                               "\"1600\"",
                                               "\"https://as.example\"",
                                               "\"https://billing.example/\"",
                                               "[]",
                                               "[\"https://billing.example\"]",
                                               "[\"https://billing.example\",null]",
                                               "{}",
                                               R"({"sub":"agent:x"})",
                                               R"({"sub":"agent:x","act":{}})",
                                               R"({"jkt":"x"})",
                                               R"("\u0000")",
                                               R"("\ud800")",
                                               "\"\xFF\"",
                                               '"' + std::string(5000, 'a') + '"',
                                               std::string(40, '[') + std::string(40, ']'),
                                               "\"a\\u202eb\""};
  return all;
}

// Signed by the right key, as an issuer with a fault would. What is taken says no more than what was written, for this
// issuer, this audience and this time.
void check_signed(const Verifier& verifier, const std::string& token, const std::string& what) {
  const Result<VerifiedToken> found = verifier.verify(token, {kNow, {}});
  if (!found) {
    ASSERT_FALSE(found.error().detail().empty()) << what;
    ASSERT_FALSE(holds_run(found.error().detail(), token, 20)) << found.error().detail();
    return;
  }
  const TokenClaims& claims = found->claims();
  EXPECT_EQ(claims.issuer, "https://as.example") << what;
  EXPECT_EQ(std::count(claims.audience.begin(), claims.audience.end(), "https://billing.example"), 1) << what;
  EXPECT_GT(claims.expires_at, kNow) << what;
  EXPECT_LE(claims.issued_at, kNow) << what;
  EXPECT_FALSE(claims.once) << what;
  EXPECT_FALSE(claims.subject.empty() || claims.client.empty() || claims.id.empty()) << what;
}

TEST(TokenBytes, EachFieldOfEachOtherKind) {
  const Verifier verifier = verifier_of(Algorithm::kEdDSA);
  for (const bool of_header : {true, false}) {
    const Members good = of_header ? good_header(Algorithm::kEdDSA) : good_claims();
    const auto check = [&](const Members& members, const std::string& what) {
      const std::string header = json_of(of_header ? members : good_header(Algorithm::kEdDSA));
      const std::string payload = json_of(of_header ? good_claims() : members);
      check_signed(verifier, signed_token(Algorithm::kEdDSA, header, payload), what);
    };
    for (std::size_t at = 0; at < good.size(); ++at) {
      Members without = good;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(at));
      check(without, "without " + good[at].first);
      for (const std::string& value : values()) {
        Members other = good;
        other[at].second = value;
        check(other, good[at].first + " = " + value);
        Members twice = good;
        twice.emplace_back(good[at].first, value);
        const std::string token =
            signed_token(Algorithm::kEdDSA, json_of(of_header ? twice : good_header(Algorithm::kEdDSA)),
                         json_of(of_header ? good_claims() : twice));
        EXPECT_FALSE(verifier.verify(token, {kNow, {}})) << good[at].first << " twice";
      }
    }
    for (const std::string name : {"crit", "b64", "zip", "cty", "jku", "jwk", "x5c", "x5u", "cnf", "other"}) {
      for (const std::string& value : values()) {
        Members more = good;
        more.emplace_back(name, value);
        check(more, "with " + name + " = " + value);
      }
    }
  }
}

TEST(TokenBytes, PayloadsAtRandom) {
  const Verifier verifier = verifier_of(Algorithm::kHS256);
  const std::string header = json_of(good_header(Algorithm::kHS256));
  reference::Random random(2);
  constexpr std::string_view kBytes = "{}[]\",:0159eE.-\\u \n\x01\xFFnulltrue";
  for (std::uint64_t i = drawn(20'000); i > 0; --i) {
    std::string payload = json_of(good_claims());
    for (std::uint64_t changes = 1 + random.below(3); changes != 0; --changes) {
      payload[random.below(payload.size())] = kBytes[random.below(kBytes.size())];
    }
    check_signed(verifier, signed_token(Algorithm::kHS256, header, payload), payload);
  }
}

// The private members of a key as they are written.
std::vector<std::string> secrets_of(const std::string& jwk) {
  std::vector<std::string> all;
  for (const std::string_view member :
       {R"("d":")", R"("p":")", R"("q":")", R"("dp":")", R"("dq":")", R"("qi":")", R"("k":")"}) {
    const std::size_t at = jwk.find(member);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + member.size();
    all.push_back(jwk.substr(begin, jwk.find('"', begin) - begin));
  }
  return all;
}

TEST(KeyBytes, NoMessageHoldsASecret) {
  reference::Random random(3);
  for (const Algorithm algorithm : kAll) {
    std::string jwk;
    ASSERT_TRUE(token::write_jwk(key_of(algorithm), crypto::Parts::kAll, jwk));
    const std::vector<std::string> secrets = secrets_of(jwk);
    ASSERT_FALSE(secrets.empty());
    const bool is_rsa = algorithm == Algorithm::kRS256 || algorithm == Algorithm::kPS256;
    std::vector<std::string> texts = changed_everywhere(jwk, random);
    // A private RSA key takes milliseconds to check.
    while (is_rsa && texts.size() > 300) {
      std::swap(texts[random.below(texts.size())], texts.back());
      texts.pop_back();
    }
    for (const std::string& text : texts) {
      const Result<KeySet> keys = KeySet::from_jwk(text);
      if (!keys) {
        ASSERT_FALSE(keys.error().detail().empty());
        for (const std::string& secret : secrets)
          ASSERT_FALSE(holds_run(keys.error().detail(), secret, 8)) << keys.error().detail();
        continue;
      }
      const Result<std::string> open = keys->jwks(kNow);
      ASSERT_TRUE(open);
      for (const std::string& secret : secrets)
        ASSERT_FALSE(holds_run(*open, secret, 8)) << *open;
    }
  }
}

// A member that says something else of the same key must not change what it is.
TEST(KeyBytes, EachFieldOfEachOtherKind) {
  for (const Algorithm algorithm : {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kHS256}) {
    std::string jwk;
    ASSERT_TRUE(token::write_jwk(key_of(algorithm), crypto::Parts::kAll, jwk));
    for (const std::string name :
         {"kty", "crv", "x", "y", "d", "k", "use", "alg", "kid", "iat", "nbf", "exp", "key_ops"}) {
      for (const std::string& value : values()) {
        std::string other = jwk;
        const std::size_t at = other.find('"' + name + "\":");
        const std::string member = '"' + name + "\":" + value;
        if (at == std::string::npos) {
          other.insert(1, member + ',');
        } else {
          const std::size_t end = other.find_first_of(",}", at);
          other.replace(at, end - at, member);
        }
        const Result<KeySet> keys = KeySet::from_jwk(other);
        if (!keys) continue;
        ASSERT_EQ(keys->size(), 1U);
        EXPECT_EQ(keys->list()[0].algorithm, algorithm) << other;
        const std::string token = signed_token(algorithm, json_of(good_header(algorithm)), json_of(good_claims()));
        const Result<VerifiedToken> found =
            Verifier::make(*keys, {"https://as.example", "https://billing.example"})->verify(token, {kNow, {}});
        if (keys->list()[0].id != key_of(algorithm).id || name == "exp") continue;
        EXPECT_TRUE(found) << other << found.error().detail();
      }
    }
  }
}

}  // namespace
}  // namespace writ::test
