// Wycheproof's signatures and MACs, under what is signed with them here.
#include <gtest/gtest.h>

#include <string>

#include "src/crypto/ecdsa_form.h"
#include "src/crypto/import_key.h"
#include "src/crypto/read_pem.h"
#include "src/crypto/sign.h"
#include "src/crypto/verify.h"
#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

using crypto::Key;
using crypto::KeyParts;

std::string from_hex(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
  }
  return bytes;
}

std::string bytes_at(const json::Node& object, std::string_view name) {
  return from_hex(text_at(object, name));
}

// Each test of each group, whose key is made once. `holds` says whether we find a test's signature good; what is
// `acceptable` may come out either way.
template <class MakeKey, class Holds>
void each(const std::string& name, const MakeKey& key_of, const Holds& holds) {
  const SharedFile shared("jose/wycheproof/" + name + "_test.json");
  Suite suite("jose/" + name);
  for (const json::Node group : at(shared.root(), "testGroups")) {
    const Result<Key> key = key_of(group);
    for (const json::Node test : at(group, "tests")) {
      const std::string result = text_at(test, "result");
      const bool good = key && holds(*key, test);
      const bool agreed = result == "acceptable" || good == (result == "valid");
      const std::string why = key ? "found otherwise" : std::string(key.error().detail());
      suite.check(std::string(at(test, "tcId").text()), agreed, result + ": " + why);
    }
  }
}

Result<Key> from_pem(const json::Node& group, Algorithm algorithm) {
  return crypto::read_pem(text_at(group, "publicKeyPem"), algorithm);
}

bool verifies(const Key& key, const json::Node& test) {
  return crypto::verify(key, bytes_at(test, "msg"), bytes_at(test, "sig"));
}

TEST(Wycheproof, EcdsaAsJoseHasIt) {
  WRIT_NEEDS_SUITES();
  each(
      "ecdsa_secp256r1_sha256_p1363", [](const json::Node& group) { return from_pem(group, Algorithm::kES256); },
      verifies);
}

TEST(Wycheproof, EcdsaAsDer) {
  WRIT_NEEDS_SUITES();
  each(
      "ecdsa_secp256r1_sha256", [](const json::Node& group) { return from_pem(group, Algorithm::kES256); },
      [](const Key& key, const json::Node& test) {
        const auto raw = crypto::to_raw(bytes_at(test, "sig"));
        return raw &&
               crypto::verify(key, bytes_at(test, "msg"), {reinterpret_cast<const char*>(raw->data()), raw->size()});
      });
}

TEST(Wycheproof, Ed25519) {
  WRIT_NEEDS_SUITES();
  each(
      "ed25519", [](const json::Node& group) { return from_pem(group, Algorithm::kEdDSA); }, verifies);
}

TEST(Wycheproof, RsaPkcs1) {
  WRIT_NEEDS_SUITES();
  each(
      "rsa_signature_2048_sha256", [](const json::Node& group) { return from_pem(group, Algorithm::kRS256); },
      verifies);
}

TEST(Wycheproof, RsaPss) {
  WRIT_NEEDS_SUITES();
  each(
      "rsa_pss_2048_sha256_mgf1_32", [](const json::Node& group) { return from_pem(group, Algorithm::kPS256); },
      verifies);
}

// A key of its own for each test.
TEST(Wycheproof, Hmac) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("jose/wycheproof/hmac_sha256_test.json");
  Suite suite("jose/hmac_sha256");
  for (const json::Node group : at(shared.root(), "testGroups")) {
    const std::string sizes =
        "key " + std::string(at(group, "keySize").text()) + ", tag " + std::string(at(group, "tagSize").text());
    for (const json::Node test : at(group, "tests")) {
      KeyParts parts;
      parts.k = crypto::Secret(bytes_at(test, "key"));
      const Result<Key> key = crypto::import_key(Algorithm::kHS256, parts);
      const bool valid = text_at(test, "result") == "valid";
      const bool good = key && crypto::verify(*key, bytes_at(test, "msg"), bytes_at(test, "tag"));
      suite.check(sizes + '/' + std::string(at(test, "tcId").text()), good == valid,
                  key ? "found otherwise" : std::string(key.error().detail()));
    }
  }
}

}  // namespace
}  // namespace writ::suites
