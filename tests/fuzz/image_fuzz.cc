// Edits of images that are then given right digests: whatever verify() lets through decides, explains and is printed
// without touching what is not its own. The input is the number of a policy and edits of six bytes each: where (4), how
// (1: put, flip, copy from elsewhere) and what (1). So it stays of use when the format changes.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "src/policy/image_digest.h"
#include "tests/support/forged.h"
#include "tests/support/paths.h"

namespace {

using writ::test::Forged;

// The last one has entities in its image.
constexpr const char* kPolicy =
    "entity group: staff, managers\nentity folder in folder\n"
    "entity user in group { tags: set of string = [], held: set of scope = [], at: ip?, of: set of {a: user, b: int?} "
    "= [] "
    "}\nentity doc in folder { owner: user, title: string }\nactions read, write for doc\n"
    "allow read:doc_* to group:staff if user.held covers scope\nallow write:doc_* if doc.owner == user\n";
constexpr const char* kData = R"([
    {"type": "user", "id": "1", "parents": ["group:staff", "group:managers"],
     "attributes": {"tags": ["a", "b"], "held": ["read:doc_*", "*:doc_7", "*"], "at": "10.0.0.1"}},
    {"type": "user", "id": "2", "parents": ["group:staff"],
     "attributes": {"held": ["*:doc_7"], "of": [{"a": "user:1"}, {"a": "user:1", "b": 7}]}},
    {"type": "folder", "id": "a"}, {"type": "folder", "id": "b", "parents": ["folder:a"]},
    {"type": "doc", "id": "1", "parents": ["folder:b"], "attributes": {"owner": "user:1", "title": "one"}}])";

const std::vector<std::unique_ptr<Forged>>& subjects() {
  static const std::vector<std::unique_ptr<Forged>> all = [] {
    std::vector<std::unique_ptr<Forged>> made;
    for (const char* name :
         {"any_all", "weekday_clock", "in_network", "contains_covers", "records", "clauses", "above"}) {
      std::ifstream in(writ::test::source_folder() + "/policies/language/" + name + ".writ", std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      if (!text.empty()) made.push_back(std::make_unique<Forged>(text));
    }
    made.push_back(std::make_unique<Forged>(kPolicy, kData));
    return made;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kEdit = 6;
  if (size == 0) return 0;
  const Forged& subject = *subjects()[data[0] % subjects().size()];
  std::vector<std::byte> image = subject.image();
  for (std::size_t at = 1; at + kEdit <= size; at += kEdit) {
    std::uint32_t place = 0;
    std::memcpy(&place, data + at, sizeof(place));
    std::byte& byte = image[place % image.size()];
    const std::uint8_t what = data[at + 5];
    switch (data[at + 4] % 3) {
      case 0:
        byte = std::byte{what};
        break;
      case 1:
        byte ^= std::byte{what};
        break;
      default:
        byte = image[(place + what) % image.size()];
        break;
    }
  }
  writ::policy::seal_image(image);
  subject.try_out(image);
  return 0;
}
