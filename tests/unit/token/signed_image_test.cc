#include "writ/entities.h"
#include "writ/signed_image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "src/base/base64url.h"
#include "src/crypto/digest.h"
#include "tests/unit/token/tokens.h"
#include "writ/verifier.h"

namespace {

using namespace writ;
using namespace writ::test;

Policy compiled(const char* scope = "read:doc_*") {
  const PolicyText text{"p.writ", std::string("entity doc\nactions read for doc\nallow ") + scope + "\n"};
  Compilation made = compile_texts({&text, 1});
  EXPECT_TRUE(made.policy) << render(made.diagnostics);
  return *made.policy;
}

const KeySet& keys() {
  static const KeySet made = *KeySet::generate(Algorithm::kEdDSA, at(900));
  return made;
}

ImageVerifier verifier(const KeySet& with = keys()) {
  return std::move(*ImageVerifier::of_keys(*KeySet::from_jwk(*with.jwks(at(900)))));
}

std::string refused(const ImageVerifier& by, const Policy& policy, std::string_view signature,
                    std::int64_t now = 1000) {
  const Result<Policy> taken = by.from_image(policy.image(), signature, at(now));
  return taken ? "taken" : std::string(code_name(taken.error().code)) + ": " + std::string(taken.error().detail());
}

testing::AssertionResult says(const std::string& said, std::string_view wanted) {
  if (said.find(wanted) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "`" << said << "` does not say `" << wanted << "`";
}

TEST(SignedImage, IsTakenFromWhoMadeIt) {
  const Policy policy = compiled();
  for (const Algorithm algorithm : {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256}) {
    const KeySet made = *KeySet::generate(algorithm, at(900));
    const Result<std::string> signature = sign_image(policy, made, at(1000));
    ASSERT_TRUE(signature) << signature.error().detail();
    const Result<Policy> taken = verifier(made).from_image(policy.image(), *signature + "\n", at(1000));
    ASSERT_TRUE(taken) << taken.error().detail();
    EXPECT_EQ(taken->digest(), policy.digest());
    EXPECT_TRUE(says(refused(verifier(), policy, *signature), "bad_image: the image's signature: no key has its kid"));
  }
  // Whoever makes and takes it in one process, or with one shared key.
  const KeySet shared = *KeySet::generate(Algorithm::kHS256, at(900));
  EXPECT_EQ(refused(*ImageVerifier::of_keys(shared), policy, *sign_image(policy, shared, at(1000))), "taken");
}

TEST(SignedImage, IsRefusedWithoutASignatureOrWithAnothers) {
  const Policy policy = compiled();
  EXPECT_TRUE(says(refused(verifier(), policy, ""), "bad_image: the image's signature: there is none"));
  EXPECT_TRUE(says(refused(verifier(), policy, "nothing"), "bad_image: the image's signature: "));
  const std::string other = *sign_image(compiled("read:doc_1"), keys(), at(1000));
  EXPECT_EQ(refused(verifier(), policy, other),
            "bad_image: the image is not the one that was signed: its SHA-256 is another");
  const std::string mine = *sign_image(policy, keys(), at(1000));
  EXPECT_EQ(refused(verifier(), policy, mine), "taken");
  // One key's text under another key's name.
  const std::string header = mine.substr(0, mine.find('.'));
  const token::Jwk forger = KeySet::generate(Algorithm::kEdDSA, at(900))->ring().keys().front();
  const std::string payload = *decode_base64url(mine.substr(header.size() + 1, mine.rfind('.') - header.size() - 1));
  EXPECT_TRUE(says(refused(verifier(), policy, *token::sign_compact(header, payload, forger.key)),
                   "signature is not the key's"));
}

TEST(SignedImage, EveryByteCounts) {
  const Policy policy = compiled();
  const std::string signature = *sign_image(policy, keys(), at(1000));
  const ImageVerifier by = verifier();
  std::vector<std::byte> image(policy.image().begin(), policy.image().end());
  for (std::size_t i = 0; i < image.size(); i += 7) {
    image[i] ^= std::byte{1};
    const Result<Policy> taken = by.from_image(image, signature, at(1000));
    ASSERT_FALSE(taken) << i;
    EXPECT_EQ(taken.error().detail(), "the image is not the one that was signed: its SHA-256 is another");
    image[i] ^= std::byte{1};
  }
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    ASSERT_FALSE(by.from_image(image, changed, at(1000))) << i;
    ASSERT_FALSE(by.from_image(image, signature.substr(0, i), at(1000))) << i;
  }
  EXPECT_TRUE(by.from_image(image, signature, at(1000)));
  EXPECT_FALSE(by.from_image({image.data(), image.size() - 1}, signature, at(1000)));
  EXPECT_FALSE(by.from_image({}, signature, at(1000)));
}

// Entities are part of what was signed, the policy is the same with others.
TEST(SignedImage, EntitiesCount) {
  const Policy policy = *Entities::none(compiled()).into_image(compiled());
  const std::string signature = *sign_image(policy, keys(), at(1000));
  const Result<Policy> taken = verifier().from_image(policy.image(), signature, at(1000));
  ASSERT_TRUE(taken) << taken.error().detail();
  EXPECT_TRUE(Entities::from_image(*taken));
  const Policy other = *Entities::from_json(compiled(), R"({"type":"user","id":"mallory"})")->into_image(compiled());
  EXPECT_EQ(other.digest(), policy.digest());
  EXPECT_TRUE(says(refused(verifier(), other, signature), "the image is not the one that was signed"));
  EXPECT_TRUE(
      says(refused(verifier(), Entities::strip(policy), signature), "the image is not the one that was signed"));
}

// RFC 8725, section 3.11.
TEST(SignedImage, NoTokenIsASignatureAndNoSignatureAToken) {
  const Policy policy = compiled();
  crypto::Digest digest;
  ASSERT_TRUE(crypto::digest({reinterpret_cast<const char*>(policy.image().data()), policy.image().size()}, digest));
  const std::string member = R"("writ_image_sha256":")" + encode_base64url(digest.view()) + '"';
  EXPECT_TRUE(says(refused(verifier(), policy, token_of(keys(), claims({}, member))), "typ is not writ-image+jwt"));
  const std::string kid = keys().list().front().id;
  const std::string typ = R"({"alg":"EdDSA","kid":")" + kid + R"(","typ":"writ-image+jwt"})";
  const auto with = [&](const std::string& payload) {
    return refused(verifier(), policy, token_of(keys(), payload, typ));
  };
  EXPECT_EQ(with(R"({"iat":1000,)" + member + "}"), "taken");
  EXPECT_TRUE(says(with("{" + member + "}"), "iat is no number"));
  EXPECT_TRUE(says(with(R"({"iat":"1000",)" + member + "}"), "iat is no number"));
  EXPECT_TRUE(says(with(R"({"iat":1000})"), "writ_image_sha256 is no SHA-256"));
  EXPECT_TRUE(says(with(R"({"iat":1000,"writ_image_sha256":"AAAA"})"), "writ_image_sha256 is no SHA-256"));
  EXPECT_TRUE(says(with(R"({"iat":1000,"writ_image_sha256":["AAAA"]})"), "writ_image_sha256 is no SHA-256"));
  EXPECT_TRUE(says(with(R"({"iat":1000,)" + member + "," + member + "}"), "stands twice"));
  EXPECT_TRUE(says(with("[]"), "not an object"));
  const std::string signature = *sign_image(policy, keys(), at(1000));
  const auto access = Verifier::make(keys(), {std::string(kIssuer), std::string(kAudience)});
  EXPECT_TRUE(says(std::string(access->verify(signature, {at(1000), {}}).error().detail()), "typ is not at+jwt"));
}

TEST(SignedImage, DiesWithItsKey) {
  const Policy policy = compiled();
  const KeySet first = *KeySet::generate(Algorithm::kEdDSA, at(900), /*token_life=*/600);
  const std::string signature = *sign_image(policy, first, at(1000));
  const KeySet rotated = *first.rotated(Algorithm::kEdDSA, at(2000));
  const std::int64_t dead = 2000 + 600 + kMaxLeeway;
  EXPECT_EQ(refused(*ImageVerifier::of_keys(rotated), policy, signature, dead - 1), "taken");
  EXPECT_TRUE(says(refused(*ImageVerifier::of_keys(rotated), policy, signature, dead), "retired"));
  EXPECT_EQ(refused(verifier(), policy, *sign_image(policy, keys(), at(1000)), 1000 - kMaxLeeway), "taken");
  EXPECT_TRUE(says(refused(verifier(), policy, *sign_image(policy, keys(), at(1000)), 999 - kMaxLeeway), "future"));
  EXPECT_EQ(sign_image(policy, *KeySet::from_jwk(*keys().jwks(at(1000))), at(1000)).error().code, ErrorCode::kBadKey);
  EXPECT_EQ(ImageVerifier::of_keys(KeySet()).error().code, ErrorCode::kBadKey);
}

TEST(SignedImage, OrIsTheOneWithThatDigest) {
  const Policy policy = compiled();
  const std::string sha256 = *image_sha256(policy);
  EXPECT_EQ(refused(*ImageVerifier::of_digest(sha256), policy, ""), "taken");
  EXPECT_EQ(refused(*ImageVerifier::of_digest(sha256), compiled("read:doc_1"), ""),
            "bad_image: the image is not the one that is expected: its SHA-256 is another");
  for (const std::string& other :
       {std::string(), sha256.substr(1), sha256 + "0", std::string(64, 'A'), std::string(64, 'g')}) {
    EXPECT_EQ(ImageVerifier::of_digest(other).error().code, ErrorCode::kBadValue) << other;
  }
}

TEST(SignedImage, LiesBesideItsSignature) {
  std::string folder = testing::TempDir() + "writ_signed_image_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/p.writc";
  const Policy policy = compiled();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(policy.image().data()), static_cast<std::streamsize>(policy.image().size()));
  const auto detail = [&] {
    const Result<Policy> taken = verifier().from_file(path, at(1000));
    return taken ? "taken" : std::string(taken.error().detail());
  };
  EXPECT_TRUE(says(detail(), "p.writc.sig: No such file"));
  EXPECT_TRUE(ImageVerifier::of_digest(*image_sha256(policy))->from_file(path, at(1000)));
  std::ofstream(path + ".sig") << *sign_image(policy, keys(), at(1000)) << "\n";
  EXPECT_EQ(detail(), "taken");
  std::fstream(path, std::ios::binary | std::ios::in | std::ios::out).seekp(-1, std::ios::end) << "x";
  EXPECT_TRUE(says(detail(), "not the one that was signed"));
  std::ofstream(path, std::ios::app) << "x";
  EXPECT_NE(detail(), "taken");
  EXPECT_FALSE(verifier().from_file(folder, at(1000)));
  EXPECT_EQ(verifier().from_sealed(-1, *sign_image(policy, keys(), at(1000)), at(1000)).error().code,
            ErrorCode::kUnreadable);
  std::filesystem::remove_all(folder);
}

}  // namespace
