#include <gtest/gtest.h>

#include <string>

#include "src/crypto/export_key.h"
#include "src/crypto/generate_key.h"
#include "src/crypto/import_key.h"
#include "src/crypto/sign.h"
#include "src/crypto/verify.h"

namespace {

using namespace writ;
using namespace writ::crypto;

constexpr Algorithm kAll[] = {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256,
                              Algorithm::kHS256};

KeyParts parts_of(const Key& key, Parts which) {
  Result<KeyParts> parts = export_key(key, which);
  EXPECT_TRUE(parts) << parts.error().detail();
  return parts ? std::move(*parts) : KeyParts{};
}

KeyParts fresh(Algorithm algorithm, Parts which = Parts::kAll) {
  const Result<Key> key = generate_key(algorithm);
  EXPECT_TRUE(key);
  return parts_of(*key, which);
}

std::string refused(Algorithm algorithm, const KeyParts& parts) {
  const Result<Key> key = import_key(algorithm, parts);
  return key ? "taken" : std::string(key.error().detail());
}

TEST(Key, ExportedAndImportedItIsTheSame) {
  for (const Algorithm algorithm : kAll) {
    SCOPED_TRACE(algorithm_name(algorithm));
    const Result<Key> key = generate_key(algorithm);
    ASSERT_TRUE(key);
    const Result<Key> again = import_key(algorithm, parts_of(*key, Parts::kAll));
    ASSERT_TRUE(again) << again.error().detail();
    EXPECT_TRUE(again->can_sign());
    EXPECT_EQ(again->signature_size(), key->signature_size());
    std::string signature(again->signature_size(), '\0');
    ASSERT_TRUE(sign(*again, "m", signature));
    EXPECT_TRUE(verify(*key, "m", signature));
    if (algorithm == Algorithm::kHS256) continue;
    const Result<Key> open = import_key(algorithm, parts_of(*key, Parts::kPublic));
    ASSERT_TRUE(open) << open.error().detail();
    EXPECT_FALSE(open->can_sign());
    EXPECT_TRUE(verify(*open, "m", signature));
  }
}

TEST(Key, PublicPartsHoldNothingPrivate) {
  for (const Algorithm algorithm : kAll) {
    const KeyParts parts = fresh(algorithm, Parts::kPublic);
    EXPECT_TRUE(parts.d.empty() && parts.p.empty() && parts.q.empty() && parts.dp.empty() && parts.dq.empty() &&
                parts.qi.empty() && parts.k.empty())
        << algorithm_name(algorithm);
  }
}

TEST(Key, PrivateAndPublicPartMustBelongTogether) {
  for (const Algorithm algorithm : {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256}) {
    KeyParts parts = fresh(algorithm);
    const KeyParts other = fresh(algorithm);
    parts.x = other.x;
    parts.y = other.y;
    parts.n = other.n;
    EXPECT_NE(refused(algorithm, parts).find("do not belong together"), std::string::npos) << algorithm_name(algorithm);
  }
}

TEST(Key, LengthsAreExact) {
  for (const Algorithm algorithm : {Algorithm::kEdDSA, Algorithm::kES256}) {
    for (const bool longer : {false, true}) {
      KeyParts parts = fresh(algorithm);
      const auto change = [longer](std::string& text) { longer ? text.push_back('\0') : text.pop_back(); };
      change(parts.x);
      EXPECT_NE(refused(algorithm, parts).find("x of"), std::string::npos);
      parts = fresh(algorithm);
      std::string d(parts.d.view());
      change(d);
      parts.d = Secret(d);
      EXPECT_NE(refused(algorithm, parts).find("d of"), std::string::npos);
    }
  }
  KeyParts parts;
  parts.k = Secret(std::string(31, 'k'));
  EXPECT_NE(refused(Algorithm::kHS256, parts).find("at least 32"), std::string::npos);
}

TEST(Key, APointMustLieOnTheCurve) {
  KeyParts parts = fresh(Algorithm::kES256, Parts::kPublic);
  parts.y[31] = static_cast<char>(parts.y[31] ^ 1);
  EXPECT_NE(refused(Algorithm::kES256, parts), "taken");
  parts.x.assign(32, '\0');
  parts.y.assign(32, '\0');
  EXPECT_NE(refused(Algorithm::kES256, parts), "taken");
}

TEST(Key, RsaNumbersWithinBounds) {
  const KeyParts good = fresh(Algorithm::kRS256, Parts::kPublic);
  const auto with = [&good](const std::string& n, const std::string& e) {
    KeyParts parts;
    parts.n = n;
    parts.e = e;
    return refused(Algorithm::kRS256, parts);
  };
  EXPECT_EQ(with(good.n, good.e), "taken");
  EXPECT_NE(with(good.n.substr(0, 255), good.e).find("2048"), std::string::npos);
  EXPECT_NE(with('\0' + good.n, good.e).find("zeros"), std::string::npos);
  EXPECT_NE(with(std::string(1025, '\x7F'), good.e).find("8192"), std::string::npos);
  for (const std::string& e : {std::string(), std::string("\x01"), std::string("\x02"), std::string("\x00\x03", 2),
                               std::string("\x01\x00\x00\x00\x01", 5)}) {
    EXPECT_NE(with(good.n, e).find("e of an RSA key"), std::string::npos) << e.size();
  }
  KeyParts half = fresh(Algorithm::kRS256);
  half.qi = Secret();
  EXPECT_NE(refused(Algorithm::kRS256, half).find("qi"), std::string::npos);
}

}  // namespace
