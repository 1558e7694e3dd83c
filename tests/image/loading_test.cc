// Where an image may come from: bytes, a file, sealed memory; and that nobody changes it once it is a policy.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "writ/engine.h"

namespace writ {
namespace {

Policy compiled() {
  const PolicyText text{"a.writ", "entity doc\nactions read for doc\nallow read:doc_1 to user:ann\n"};
  const Compilation compilation = compile_texts({&text, 1});
  return compilation.policy.value();
}

bool allows(const Policy& policy) {
  const Engine engine(policy, Entities::none(policy));
  Request request;
  request.user = "user:ann";
  request.scope = "read:doc_1";
  const Result<Decision> decision = engine.decide(request);
  return decision && decision->allowed();
}

class MemoryFile {
 public:
  explicit MemoryFile(std::span<const std::byte> bytes) : descriptor_(memfd_create("image", MFD_ALLOW_SEALING)) {
    if (write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  void seal(int seals) const { ASSERT_EQ(fcntl(descriptor_, F_ADD_SEALS, seals), 0); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

TEST(LoadImage, FromBytesThatChangeAfterwards) {
  const Policy policy = compiled();
  std::vector<std::byte> bytes(policy.image().begin(), policy.image().end());
  const Result<Policy> taken = Policy::from_image(bytes);
  std::fill(bytes.begin(), bytes.end(), std::byte{0xFF});
  ASSERT_TRUE(taken);
  EXPECT_TRUE(allows(*taken));
  EXPECT_EQ(taken->digest(), policy.digest());
}

TEST(LoadImage, FromAFileThatChangesAfterwards) {
  const Policy policy = compiled();
  const std::string path = testing::TempDir() + "image_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(policy.image().data()), static_cast<std::streamsize>(policy.image().size()));
  const Result<Policy> taken = Policy::from_file(path);
  std::filesystem::resize_file(path, 0);
  const Result<Policy> empty = Policy::from_file(path);
  std::remove(path.c_str());
  ASSERT_TRUE(taken);
  EXPECT_TRUE(allows(*taken));
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::kBadImage);
}

// Mostly a hole: it takes no room on the disk, and must take none in memory.
TEST(LoadImage, FromAFileThatIsLongerThanAnyMemory) {
  const Policy policy = compiled();
  const std::string path = testing::TempDir() + "image_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(policy.image().data()), static_cast<std::streamsize>(policy.image().size()));
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40U);
  const Result<Policy> taken = Policy::from_file(path);
  std::remove(path.c_str());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kBadImage);
  EXPECT_EQ(taken.error().detail(), "cut short, or longer than it says");
}

TEST(LoadImage, FromWhatIsNoFile) {
  for (const std::string& path : {std::string("/nowhere/image"), testing::TempDir()}) {
    const Result<Policy> taken = Policy::from_file(path);
    ASSERT_FALSE(taken) << path;
    EXPECT_EQ(taken.error().code, ErrorCode::kUnreadable) << path;
  }
}

TEST(LoadImage, FromSealedMemoryWhoseDescriptorIsClosed) {
  const Policy policy = compiled();
  std::optional<Policy> taken;
  {
    const MemoryFile file(policy.image());
    file.seal(F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
    Result<Policy> mapped = Policy::from_sealed(file.descriptor());
    ASSERT_TRUE(mapped) << mapped.error().detail();
    taken = *mapped;
    const char byte = 0;
    EXPECT_EQ(pwrite(file.descriptor(), &byte, 1, 100), -1);
    EXPECT_NE(ftruncate(file.descriptor(), 0), 0);
  }
  EXPECT_TRUE(allows(*taken));
  EXPECT_EQ(taken->digest(), policy.digest());
}

// What somebody could still change is not mapped.
TEST(LoadImage, FromMemoryThatIsNotSealed) {
  const Policy policy = compiled();
  for (const int seals : {0, F_SEAL_WRITE, F_SEAL_SHRINK | F_SEAL_GROW}) {
    const MemoryFile file(policy.image());
    file.seal(seals);
    const Result<Policy> taken = Policy::from_sealed(file.descriptor());
    ASSERT_FALSE(taken) << seals;
    EXPECT_EQ(taken.error().code, ErrorCode::kUnreadable) << seals;
  }
  EXPECT_FALSE(Policy::from_sealed(-1));
}

// ---------------------------------------------------------------------------------------------- entities

Policy with_owners() {
  const PolicyText text{"a.writ",
                        "entity doc { owner: user }\nactions read for doc\nallow read:doc_* if doc.owner == user\n"};
  const Compilation compilation = compile_texts({&text, 1});
  return compilation.policy.value();
}

Entities owned_by(const Policy& policy, const std::string& owner) {
  return *Entities::from_json(policy, R"({"type":"doc","id":"1","attributes":{"owner":"user:)" + owner + "\"}}");
}

bool allows(const Policy& policy, const Entities& entities) {
  const Engine engine(policy, entities);
  Request request;
  request.user = "user:ann";
  request.scope = "read:doc_1";
  const Result<Decision> decision = engine.decide(request);
  return decision && decision->allowed();
}

TEST(EntitiesInImage, ComeWithThePolicyFromWhereverItComes) {
  const Policy alone = with_owners();
  const Result<Policy> both = owned_by(alone, "ann").into_image(alone);
  ASSERT_TRUE(both);
  const std::string path = testing::TempDir() + "image_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(both->image().data()), static_cast<std::streamsize>(both->image().size()));
  const MemoryFile file(both->image());
  file.seal(F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
  for (const Result<Policy>& taken :
       {Policy::from_image(both->image()), Policy::from_file(path), Policy::from_sealed(file.descriptor())}) {
    ASSERT_TRUE(taken) << taken.error().detail();
    EXPECT_EQ(taken->digest(), alone.digest());
    ASSERT_TRUE(Entities::are_in_image_of(*taken));
    const Result<Entities> entities = Entities::from_image(*taken);
    ASSERT_TRUE(entities) << entities.error().detail();
    EXPECT_TRUE(allows(*taken, *entities));
    // Data and policy need not stay together.
    const Policy stripped = Entities::strip(*taken);
    EXPECT_TRUE(allows(stripped, *entities));
    EXPECT_TRUE(std::ranges::equal(stripped.image(), alone.image()));
  }
  std::filesystem::resize_file(path, both->image().size() - 1);
  EXPECT_FALSE(Policy::from_file(path));
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40U);
  EXPECT_FALSE(Policy::from_file(path));
  std::remove(path.c_str());
}

TEST(EntitiesInImage, AreReplacedByOthers) {
  const Policy alone = with_owners();
  const Policy of_bob = *owned_by(alone, "bob").into_image(alone);
  const Policy of_ann = *owned_by(alone, "ann").into_image(of_bob);
  EXPECT_FALSE(allows(of_bob, *Entities::from_image(of_bob)));
  EXPECT_TRUE(allows(of_ann, *Entities::from_image(of_ann)));
  EXPECT_TRUE(std::ranges::equal(of_ann.image(), owned_by(alone, "ann").into_image(alone)->image()));
}

TEST(EntitiesInImage, AreNotMadeUp) {
  const Policy alone = with_owners();
  EXPECT_FALSE(Entities::are_in_image_of(alone));
  const Result<Entities> none = Entities::from_image(alone);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kMissingMember);
  const Result<Policy> of_others = Entities::none(compiled()).into_image(alone);
  ASSERT_FALSE(of_others);
  EXPECT_EQ(of_others.error().code, ErrorCode::kSchemaMismatch);
  // Nobody is not the same as nothing: whoever compiled it said that there are none.
  const Policy with_none = *Entities::none(alone).into_image(alone);
  EXPECT_TRUE(Entities::from_image(with_none));
}

}  // namespace
}  // namespace writ
