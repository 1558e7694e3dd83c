// Images that are not what they were: cut, flipped, and forged with right digests. Whatever happens to an image, it is
// refused or answers as some policy would; sanitizers see to the rest (`./run asan -R image`).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "src/policy/image_digest.h"
#include "src/policy/program.h"
#include "tests/support/forged.h"
#include "tests/support/paths.h"

namespace writ {
namespace {

using policy::ImageHeader;
using test::Forged;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A construct of the language each.
std::vector<std::filesystem::path> constructs() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(test::source_folder() + "/policies/language")) {
    if (entry.path().extension() == ".writ") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string construct(std::string_view name) {
  return text_of(test::source_folder() + "/policies/language/" + std::string(name) + ".writ");
}

void flip(std::vector<std::byte>& image, std::size_t bit) {
  image[bit / 8] ^= std::byte{1} << (bit % 8);
}

// With right digests again, where it is still laid out so that it can have some.
void reseal(std::vector<std::byte>& image) {
  policy::seal_image(image);
}

TEST(HostileImage, EveryFlippedBitIsNoticed) {
  for (const std::string_view name : {"any_all", "weekday_clock"}) {
    const Forged forged(construct(name));
    std::vector<std::byte> image = forged.image();
    ASSERT_TRUE(forged.try_out(image));
    for (std::size_t bit = 0; bit < image.size() * 8; ++bit) {
      flip(image, bit);
      const Result<Policy> policy = Policy::from_image(image);
      ASSERT_FALSE(policy) << name << ", bit " << bit;
      const ErrorCode code = policy.error().code;
      ASSERT_TRUE(code == ErrorCode::kBadImage || code == ErrorCode::kUnsupported) << name << ", bit " << bit;
      flip(image, bit);
    }
  }
}

TEST(HostileImage, EveryFlippedBitWithRightDigestsIsRefusedOrSomePolicy) {
  for (const std::string_view name : {"any_all", "in_network"}) {
    const Forged forged(construct(name));
    std::size_t taken = 0;
    for (std::size_t bit = 0; bit < forged.image().size() * 8; ++bit) {
      std::vector<std::byte> image = forged.image();
      flip(image, bit);
      reseal(image);
      taken += forged.try_out(image) ? 1 : 0;
    }
    EXPECT_GT(taken, 100U) << name;  // otherwise nothing was tried but the refusals
  }
}

// A key of everything is made one of an id, of which there would have to be a line.
TEST(HostileImage, AnIdHasToHaveAPlace) {
  const Forged forged("entity user\nentity agent\nentity doc\nactions read for doc\nallow read:doc_*\n");
  std::vector<std::byte> image = forged.image();
  ASSERT_TRUE(Policy::from_image(image));
  const auto section = [&](policy::Section which) {
    const auto* const header = reinterpret_cast<const policy::ImageHeader*>(image.data());
    return image.data() + header->sections[static_cast<std::size_t>(which)].offset;
  };
  auto* const pair = reinterpret_cast<policy::PairRecord*>(section(policy::Section::kPairs));
  auto* const key = reinterpret_cast<policy::KeyRecord*>(section(policy::Section::kKeys));
  ASSERT_EQ(pair->all, pair->keys);
  key->kind = static_cast<std::uint32_t>(CellKind::kExact);
  pair->all = policy::kNoNode;
  pair->exact_first = pair->keys;
  pair->exact_count = 1;
  reseal(image);
  const Result<Policy> policy = Policy::from_image(image);
  ASSERT_FALSE(policy);
  EXPECT_NE(policy.error().detail().find("a line"), std::string_view::npos) << policy.error().detail();
}

constexpr const char* kSmallPolicy =
    "entity group: staff, managers\nentity user in group { tags: set of string = [], held: set of scope = [], at: ip? "
    "}\n"
    "entity doc { owner: user, info: {pages: int, title: string?}? }\nactions read, write for doc\n"
    "allow read:doc_* to group:staff if user.held covers scope\nallow write:doc_* if doc.owner == user\n";
constexpr const char* kSmallData = R"([
    {"type": "user", "id": "1", "parents": ["group:staff", "group:managers"],
     "attributes": {"tags": ["a", "b"], "held": ["read:doc_*", "*:doc_7"], "at": "10.0.0.1"}},
    {"type": "user", "id": "2", "parents": ["group:staff"], "attributes": {"held": ["*:doc_7"]}},
    {"type": "doc", "id": "1", "attributes": {"owner": "user:1", "info": {"pages": 7}}}])";

TEST(HostileImage, EveryFlippedBitOfOneWithEntitiesIsNoticed) {
  const Forged forged(kSmallPolicy, kSmallData);
  std::vector<std::byte> image = forged.image();
  ASSERT_TRUE(forged.try_out(image));
  for (std::size_t bit = 0; bit < image.size() * 8; ++bit) {
    flip(image, bit);
    ASSERT_FALSE(Policy::from_image(image)) << bit;
    flip(image, bit);
  }
}

std::size_t bytes_of_program(const std::vector<std::byte>& image) {
  ImageHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  return header.bytes;
}

TEST(HostileImage, EveryFlippedBitOfEntitiesWithRightDigestsIsRefusedOrSomeData) {
  const Forged forged(kSmallPolicy, kSmallData);
  std::size_t taken = 0;
  for (std::size_t bit = bytes_of_program(forged.image()) * 8; bit < forged.image().size() * 8; ++bit) {
    std::vector<std::byte> image = forged.image();
    flip(image, bit);
    reseal(image);
    taken += forged.try_out(image) ? 1 : 0;
  }
  EXPECT_GT(taken, 100U);
}

// They were read against the declarations of another.
TEST(HostileImage, EntitiesOfAnotherProgramAreRefused) {
  const Forged one(kSmallPolicy, kSmallData);
  const Forged other(std::string(kSmallPolicy) + "deny write:doc_9 because \"closed\"\n", kSmallData);
  std::vector<std::byte> image(one.image().begin(),
                               one.image().begin() + static_cast<std::ptrdiff_t>(bytes_of_program(one.image())));
  const auto entities = other.image().begin() + static_cast<std::ptrdiff_t>(bytes_of_program(other.image()));
  image.insert(image.end(), entities, other.image().end());
  const Result<Policy> policy = Policy::from_image(image);
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().detail(), "damaged: the digests of its entities do not match");
}

TEST(HostileImage, EntitiesCutAnywhere) {
  const Forged forged(kSmallPolicy, kSmallData);
  const std::size_t program = bytes_of_program(forged.image());
  for (std::size_t size = program + 1; size < forged.image().size(); ++size) {
    std::vector<std::byte> image(forged.image().begin(), forged.image().begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_FALSE(Policy::from_image(image)) << size;
    constexpr std::size_t kOfOneChunk = 16;
    if (size < program + sizeof(policy::EntitiesHeader) + kOfOneChunk) continue;
    // And with a header that says so.
    policy::EntitiesHeader header;
    std::memcpy(&header, image.data() + program, sizeof(header));
    header.bytes = size - program;
    header.body_bytes = header.bytes - sizeof(header) - kOfOneChunk;
    std::memcpy(image.data() + program, &header, sizeof(header));
    reseal(image);
    forged.try_out(image);
  }
}

// Numbers that are near a bound, or were a bound elsewhere in the image.
std::uint32_t interesting(const std::vector<std::byte>& image, std::mt19937_64& random) {
  constexpr std::uint32_t kEdges[] = {0,      1,      2,          63,         64,         255,       256,
                                      0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
  if (random() % 2 == 0) return kEdges[random() % std::size(kEdges)];
  std::uint32_t there = 0;
  std::memcpy(&there, image.data() + random() % (image.size() - 4), sizeof(there));
  return there + static_cast<std::uint32_t>(random() % 3) - 1;
}

void forge(std::vector<std::byte>& image, std::mt19937_64& random) {
  for (std::uint64_t edits = 1 + random() % 4; edits > 0; --edits) {
    if (random() % 2 == 0) {
      flip(image, random() % (image.size() * 8));
    } else {
      const std::uint32_t value = interesting(image, random);
      const std::size_t width = std::size_t{1} << (random() % 3);
      std::memcpy(image.data() + random() % (image.size() - 4) / width * width, &value, width);
    }
  }
}

TEST(HostileImage, EveryConstructForgedAtRandom) {
  std::mt19937_64 random(20);
  std::size_t taken = 0;
  for (const std::filesystem::path& path : constructs()) {
    const Forged forged(text_of(path));
    for (int round = 0; round < 400; ++round) {
      std::vector<std::byte> image = forged.image();
      forge(image, random);
      reseal(image);
      taken += forged.try_out(image) ? 1 : 0;
    }
  }
  EXPECT_GT(taken, 1'000U);
}

// What lies in a set is found by halving: out of order, a deny could be passed by.
TEST(HostileImage, KeysOutOfOrderAreRefused) {
  const Forged forged(
      "entity doc\nactions read for doc\nallow read:doc_*\ndeny read:doc_1 because \"1\"\ndeny read:doc_2 because "
      "\"2\"\n");
  std::vector<std::byte> image = forged.image();
  ImageHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  const policy::SectionRef section = header.sections[static_cast<std::size_t>(policy::Section::kKeys)];
  std::vector<policy::KeyRecord> keys(section.bytes / sizeof(policy::KeyRecord));
  std::memcpy(keys.data(), image.data() + section.offset, section.bytes);
  ASSERT_EQ(keys.size(), 3U);
  std::swap(keys[1].id, keys[2].id);
  std::memcpy(image.data() + section.offset, keys.data(), section.bytes);
  reseal(image);
  const Result<Policy> policy = Policy::from_image(image);
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().detail(), "a pair whose keys are not in order");
}

// Many keys, entries and constants, so that tables and runs are longer than their first few.
std::string large_policy() {
  std::string text =
      "entity group\nentity user in group\nentity doc { owner: user, level: int }\nactions read, write for doc\n"
      "context { tainted: bool }\n";
  for (int i = 0; i < 2'000; ++i) {
    const std::string id = std::to_string(i * 7);
    text += "allow read:doc_" + id + " to user:u" + std::to_string(i % 300) + "\n";
    if (i % 4 == 0) text += "allow write:doc_p" + id + "/* to group:g" + id + " if doc.level >= " + id + "\n";
    if (i % 50 == 0) text += "deny write:doc_p" + id + "/x if tainted because \"tainted\"\n";
  }
  return text + "test \"a few\" {\n  user u1\n  doc 7 { owner: user:u1, level: 5 }\n  at 2026-03-02T09:00:00Z\n" +
         "  allow read:doc_7 to u1\n  deny write:doc_p28/x to u1\n  deny read:doc_* to u1\n}\n";
}

TEST(HostileImage, ALargeOneForgedAtRandom) {
  const Forged forged(large_policy());
  ASSERT_GT(forged.image().size(), 2 * policy::kChunkBytes);
  std::mt19937_64 random(21);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::byte> image = forged.image();
    forge(image, random);
    ASSERT_TRUE(image == forged.image() || !Policy::from_image(image)) << round;
    reseal(image);
    if (round % 10 == 0) {
      forged.try_out(image);
    } else {
      const Result<Policy> taken = Policy::from_image(image);
    }
  }
}

// So many that their digests are of several chunks.
std::string large_data() {
  std::string json;
  for (int i = 0; i < 3'000; ++i) {
    const std::string number = std::to_string(i);
    json += R"({"type":"user","id":"u)" + number + R"(","parents":["group:)" + (i % 2 == 0 ? "staff" : "managers") +
            R"("],"attributes":{"tags":["a lengthy tag that makes it large )" + number + R"("],"held":["read:doc_)" +
            std::to_string(i % 700) + R"(","*:doc_p)" + std::to_string(i % 50) + "*\"]}}\n";
  }
  return json;
}

TEST(HostileImage, ManyEntitiesForgedAtRandom) {
  const Forged forged(kSmallPolicy, large_data());
  const std::size_t program = bytes_of_program(forged.image());
  ASSERT_GT(forged.image().size() - program, 2 * policy::kChunkBytes);
  std::mt19937_64 random(22);
  std::size_t taken = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::byte> image = forged.image();
    for (std::uint64_t edits = 1 + random() % 3; edits > 0; --edits)
      flip(image, program * 8 + random() % ((image.size() - program) * 8));
    ASSERT_TRUE(image == forged.image() || !Policy::from_image(image)) << round;
    reseal(image);
    const Result<Policy> policy = Policy::from_image(image);
    if (policy && Entities::are_in_image_of(*policy)) taken += Entities::from_image(*policy) ? 1U : 0U;
  }
  EXPECT_GT(taken, 10U);
}

TEST(HostileImage, CutAnywhere) {
  const Forged forged(construct("clauses"));
  for (std::size_t size = 0; size < forged.image().size(); ++size) {
    std::vector<std::byte> image(forged.image().begin(), forged.image().begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_FALSE(Policy::from_image(image)) << size;
    if (size < sizeof(ImageHeader)) continue;
    // And with a header that says so.
    ImageHeader header;
    std::memcpy(&header, image.data(), sizeof(header));
    header.bytes = size;
    policy::SectionRef& chunks = header.sections[static_cast<std::size_t>(policy::Section::kChunks)];
    chunks.bytes = 16;
    chunks.offset = size - std::min<std::size_t>(size, 16);
    std::memcpy(image.data(), &header, sizeof(header));
    reseal(image);
    forged.try_out(image);
  }
}

// Bytes behind the end are not part of what was verified.
TEST(HostileImage, LongerThanItSays) {
  const Forged forged(construct("clauses"));
  std::vector<std::byte> image = forged.image();
  image.push_back(std::byte{0});
  const Result<Policy> policy = Policy::from_image(image);
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().code, ErrorCode::kBadImage);
}

}  // namespace
}  // namespace writ
