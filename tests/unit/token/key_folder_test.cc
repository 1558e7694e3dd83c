#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "src/token/key_ring.h"
#include "writ/keys.h"
#include "writ/verifier.h"

namespace {

using namespace writ;
namespace fs = std::filesystem;

Time at(std::int64_t seconds) {
  return Time{seconds * 1'000'000};
}

class KeyFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "writ-keys-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    scratch_ = name;
    folder_ = name + "/keys";
  }
  void TearDown() override { fs::remove_all(scratch_); }

  KeySet save(Algorithm algorithm, std::int64_t now = 1000) {
    Result<KeySet> keys = KeySet::generate(algorithm, at(now));
    EXPECT_TRUE(keys);
    const Result<void> saved = keys->save(folder_, at(now));
    EXPECT_TRUE(saved) << saved.error().detail();
    return *keys;
  }
  std::string file_of(const KeySet& keys) const { return folder_ + '/' + keys.list()[0].id + ".jwk"; }
  std::string refused() const {
    const Result<KeySet> keys = KeySet::from_folder(folder_);
    return keys ? "taken" : std::string(keys.error().detail());
  }

  std::string scratch_;
  std::string folder_;
};

mode_t mode_of(const std::string& path) {
  struct stat state {};
  EXPECT_EQ(::stat(path.c_str(), &state), 0);
  return state.st_mode & 07777U;
}

TEST_F(KeyFolder, WhatIsSavedIsReadBack) {
  for (const Algorithm algorithm :
       {Algorithm::kEdDSA, Algorithm::kES256, Algorithm::kRS256, Algorithm::kPS256, Algorithm::kHS256}) {
    const KeySet keys = save(algorithm);
    EXPECT_EQ(mode_of(folder_), 0700U);
    EXPECT_EQ(mode_of(file_of(keys)), 0600U);
    const Result<KeySet> again = KeySet::from_folder(folder_);
    ASSERT_TRUE(again) << again.error().detail();
    const token::Jwk* const key = again->ring().find(keys.list()[0].id);
    ASSERT_NE(key, nullptr);
    EXPECT_TRUE(key->key.can_sign());
    EXPECT_EQ(key->key.algorithm(), algorithm);
    EXPECT_EQ(key->signs_from, 1000);
  }
  EXPECT_EQ(KeySet::from_folder(folder_)->size(), 5U);
}

TEST_F(KeyFolder, OpenToOthersItIsNotTaken) {
  const KeySet keys = save(Algorithm::kEdDSA);
  for (const mode_t mode : {0640, 0604, 0620}) {
    ASSERT_EQ(::chmod(file_of(keys).c_str(), mode), 0);
    EXPECT_NE(refused().find("chmod 600"), std::string::npos) << mode;
  }
  ASSERT_EQ(::chmod(file_of(keys).c_str(), 0400), 0);
  EXPECT_EQ(refused(), "taken");
  ASSERT_EQ(::chmod(folder_.c_str(), 0770), 0);
  EXPECT_NE(refused().find("chmod go-w"), std::string::npos);
  EXPECT_FALSE(keys.save(folder_, at(1000)));
}

TEST_F(KeyFolder, NothingOfAFolderWithOneBrokenFile) {
  save(Algorithm::kEdDSA);
  const std::string other = folder_ + "/other.jwk";
  std::ofstream(other) << "{}";
  ASSERT_EQ(::chmod(other.c_str(), 0600), 0);
  EXPECT_NE(refused().find("other.jwk: JWK: kty is missing"), std::string::npos) << refused();
  fs::remove(other);
  std::ofstream(folder_ + "/notes.txt") << "not a key";
  EXPECT_EQ(refused(), "taken");
}

TEST_F(KeyFolder, AFileIsNamedAfterItsKey) {
  const KeySet keys = save(Algorithm::kEdDSA);
  fs::rename(file_of(keys), folder_ + "/renamed.jwk");
  EXPECT_NE(refused().find("not named after"), std::string::npos);
}

TEST_F(KeyFolder, DeadKeysAreRemoved) {
  const KeySet first = save(Algorithm::kEdDSA);
  const Result<KeySet> rotated = first.rotated(Algorithm::kEdDSA, at(2000));
  ASSERT_TRUE(rotated);
  ASSERT_TRUE(rotated->save(folder_, at(2000)));
  EXPECT_EQ(KeySet::from_folder(folder_)->size(), 2U);
  ASSERT_TRUE(rotated->save(folder_, at(2000 + kDefaultTokenLife + kMaxLeeway)));
  const Result<KeySet> left = KeySet::from_folder(folder_);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->size(), 1U);
  EXPECT_EQ(left->ring().find(first.list()[0].id), nullptr);
}

TEST_F(KeyFolder, WhatIsThereIsNotLostWhenAnotherSaves) {
  const KeySet mine = save(Algorithm::kEdDSA);
  const KeySet other = save(Algorithm::kEdDSA);
  ASSERT_TRUE(mine.save(folder_, at(1000)));
  EXPECT_EQ(KeySet::from_folder(folder_)->size(), 2U);
}

TEST_F(KeyFolder, ASavedIdIsAPlainName) {
  const Result<KeySet> hostile = KeySet::from_jwk(
      R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",)"
      R"("kid":"../../out"})");
  ASSERT_TRUE(hostile);
  EXPECT_FALSE(hostile->save(folder_, at(1000)));
  EXPECT_FALSE(fs::exists(scratch_ + "/out.jwk"));
}

TEST_F(KeyFolder, AFileWithAPrivateKeyIsClosedToOthers) {
  const std::string path = file_of(save(Algorithm::kEdDSA));
  EXPECT_TRUE(KeySet::from_file(path));
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  const Result<KeySet> open = KeySet::from_file(path);
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().detail().find("chmod 600"), std::string_view::npos);
  std::ofstream(path) << R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
  EXPECT_TRUE(KeySet::from_file(path));
}

TEST_F(KeyFolder, UnreadableIsSaid) {
  EXPECT_NE(refused().find("No such file"), std::string::npos);
  const Result<KeySet> file = KeySet::from_file(scratch_);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kUnreadable);
}

}  // namespace
