#include "src/crypto/sign.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "src/base/base64url.h"
#include "src/crypto/generate_key.h"
#include "src/crypto/import_key.h"
#include "src/crypto/verify.h"

namespace {

using namespace writ;
using namespace writ::crypto;

constexpr Algorithm kAll[] = {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256,
                              Algorithm::kHS256};

std::string signed_by(const Key& key, std::string_view message) {
  std::string out(key.signature_size(), '\0');
  const Result<void> done = sign(key, message, out);
  EXPECT_TRUE(done) << done.error().detail();
  return out;
}

// RFC 8037, appendix A.
TEST(Sign, Ed25519KnownAnswer) {
  KeyParts parts;
  parts.x = *decode_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  parts.d = Secret(*decode_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"));
  const Result<Key> key = import_key(Algorithm::kEdDSA, parts);
  ASSERT_TRUE(key) << key.error().detail();
  EXPECT_EQ(encode_base64url(signed_by(*key, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

// RFC 7515, appendix A.1.
TEST(Sign, Hs256KnownAnswer) {
  KeyParts parts;
  parts.k = Secret(
      *decode_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  const Result<Key> key = import_key(Algorithm::kHS256, parts);
  ASSERT_TRUE(key) << key.error().detail();
  const std::string message =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  EXPECT_EQ(encode_base64url(signed_by(*key, message)), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

// Several times with one key, so that a context that is kept is used again, in both directions, also after a failure.
TEST(Sign, WhatIsSignedVerifiesAndNothingElseDoes) {
  for (const Algorithm algorithm : kAll) {
    SCOPED_TRACE(algorithm_name(algorithm));
    const Result<Key> key = generate_key(algorithm);
    const Result<Key> other = generate_key(algorithm);
    ASSERT_TRUE(key && other);
    for (int i = 0; i < 3; ++i) {
      const std::string message = "message " + std::to_string(i);
      const std::string signature = signed_by(*key, message);
      EXPECT_TRUE(verify(*key, message, signature));
      EXPECT_FALSE(verify(*key, message + ' ', signature));
      EXPECT_FALSE(verify(*other, message, signature));
      EXPECT_FALSE(verify(*key, message, signature.substr(1)));
      EXPECT_FALSE(verify(*key, message, signature + '\0'));
      EXPECT_FALSE(verify(*key, message, std::string(signature.size(), '\0')));
      EXPECT_FALSE(verify(*key, message, ""));
      for (std::size_t at = 0; at < signature.size(); at += 7) {
        std::string changed = signature;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(verify(*key, message, changed)) << at;
      }
    }
  }
}

TEST(Sign, OneKeyForManyThreads) {
  for (const Algorithm algorithm : {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kHS256}) {
    const Result<Key> key = generate_key(algorithm);
    ASSERT_TRUE(key);
    std::vector<std::thread> threads;
    std::vector<int> valid(40);  // more than there are slots for contexts
    for (std::size_t i = 0; i < valid.size(); ++i) {
      threads.emplace_back([&key, &valid, i] {
        for (int round = 0; round < 5; ++round) {
          const std::string message = std::to_string(i) + ' ' + std::to_string(round);
          valid[i] += verify(*key, message, signed_by(*key, message)) ? 1 : 0;
        }
      });
    }
    for (std::thread& thread : threads)
      thread.join();
    for (const int count : valid)
      EXPECT_EQ(count, 5) << algorithm_name(algorithm);
  }
}

TEST(Sign, RefusesWithoutAPrivatePartOrRoom) {
  const Result<Key> pair = generate_key(Algorithm::kHS256);
  ASSERT_TRUE(pair);
  std::string small(31, '\0');
  const Result<void> no_room = sign(*pair, "m", small);
  EXPECT_EQ(no_room.error().code, ErrorCode::kTooMany);
  KeyParts parts;
  parts.x = *decode_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  const Result<Key> open = import_key(Algorithm::kEdDSA, parts);
  ASSERT_TRUE(open);
  std::string out(64, '\0');
  EXPECT_EQ(sign(*open, "m", out).error().code, ErrorCode::kBadKey);
}

TEST(Algorithms, NamesAreReadAsWritten) {
  for (const Algorithm algorithm : kAll)
    EXPECT_EQ(algorithm_named(algorithm_name(algorithm)), algorithm);
  for (const std::string_view name : {"none", "None", "nOnE", "", "es256", "ES256 ", "ES384", "EdDSA "}) {
    EXPECT_FALSE(algorithm_named(name)) << name;
  }
}

}  // namespace
