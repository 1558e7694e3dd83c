#include "src/crypto/read_pem.h"

#include <gtest/gtest.h>

#include <string>

#include "src/base/base64url.h"
#include "src/crypto/export_key.h"
#include "src/crypto/sign.h"
#include "src/crypto/verify.h"

namespace {

using namespace writ;
using namespace writ::crypto;

// RFC 8410, section 10.3 and 10.1: a private key, and the public key that belongs to it.
constexpr std::string_view kPrivate =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view kPublic =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

std::string refused(std::string_view pem, std::optional<Algorithm> algorithm = {}) {
  const Result<Key> key = read_pem(pem, algorithm);
  return key ? "taken" : std::string(key.error().detail());
}

TEST(ReadPem, PrivateAndPublicBelongTogether) {
  const Result<Key> key = read_pem(kPrivate, {});
  const Result<Key> open = read_pem(kPublic, Algorithm::kEdDSA);
  ASSERT_TRUE(key) << key.error().detail();
  ASSERT_TRUE(open) << open.error().detail();
  EXPECT_TRUE(key->can_sign());
  EXPECT_FALSE(open->can_sign());
  std::string signature(64, '\0');
  ASSERT_TRUE(sign(*key, "m", signature));
  EXPECT_TRUE(verify(*open, "m", signature));
}

TEST(ReadPem, SaysWhatIsWrongAndNotWhatItRead) {
  EXPECT_NE(refused("").find("no PEM block"), std::string::npos);
  EXPECT_NE(refused(std::string(kPrivate) + std::string(kPublic)).find("more than one block"), std::string::npos);
  EXPECT_NE(
      refused("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n").find("encrypted"),
      std::string::npos);
  EXPECT_NE(refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").find("x509"), std::string::npos);
  EXPECT_NE(refused(kPrivate, Algorithm::kES256).find("Ed25519"), std::string::npos);
  EXPECT_NE(refused(std::string(70'000, ' ') + std::string(kPrivate)).find("64 KiB"), std::string::npos);
  for (std::size_t at = 28; at + 28 < kPrivate.size(); ++at) {
    const std::string cut = std::string(kPrivate.substr(0, at)) + "\n-----END PRIVATE KEY-----\n";
    const std::string said = refused(cut);
    EXPECT_NE(said, "taken") << at;
    EXPECT_EQ(said.find("1Ntuc"), std::string::npos);
  }
}

// Made with `openssl ecparam -name secp384r1 -genkey`, public part.
TEST(ReadPem, OtherCurvesAreNamed) {
  constexpr std::string_view kP384 =
      "-----BEGIN PUBLIC KEY-----\n"
      "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEb5malHuZ7wt1V1d3paxG73IIoDbSY6Em\n"
      "Oqn7tWDy4aCQj21XPQHR/hXemQLeyyiuM3rnTtSMTg/hraGi5RQig1UTJvCewi/g\n"
      "w3ejWLtB79G/trlfj4IzL33dVekB9H8Y\n"
      "-----END PUBLIC KEY-----\n";
  EXPECT_NE(refused(kP384).find("not P-256"), std::string::npos) << refused(kP384);
}

}  // namespace
