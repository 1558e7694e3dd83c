// src/policy/FORMAT.md against the structs it describes.
#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "src/policy/cost.h"
#include "src/policy/image_digest.h"
#include "src/policy/program.h"
#include "tests/support/paths.h"

namespace writ::policy {
namespace {

std::string page() {
  std::ifstream in(test::source_folder() + "/src/policy/FORMAT.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The first two columns of the table that follows the heading.
std::vector<std::pair<std::string, std::string>> table_under(const std::string& heading) {
  const std::string text = page();
  std::istringstream lines(text.substr(std::min(text.find("\n## " + heading + "\n") + 1, text.size())));
  std::vector<std::pair<std::string, std::string>> rows;
  std::string line;
  while (std::getline(lines, line)) {
    if (line.starts_with("## ") && line != "## " + heading) break;
    if (!line.starts_with("| ")) continue;
    const std::size_t first = line.find(" | "), second = line.find(" | ", first + 3);
    rows.emplace_back(line.substr(2, first - 2), line.substr(first + 3, second - first - 3));
  }
  return rows;
}

TEST(Format, NamesTheSectionsInOrderWithTheirRecords) {
  const auto rows = table_under("Sections");
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(Section::kCount) + 1);  // and the table's head
  for (std::size_t i = 0; i < static_cast<std::size_t>(Section::kCount); ++i) {
    const auto section = static_cast<Section>(i);
    const std::size_t bytes = record_bytes(section);
    EXPECT_EQ(rows[i + 1].first, section_name(section));
    // The zone version is one reference to a text, whatever stands there.
    const std::string of_record = section == Section::kVersion ? "8" : bytes == 0 ? "-" : std::to_string(bytes);
    EXPECT_EQ(rows[i + 1].second, of_record) << section_name(section);
  }
}

TEST(Format, PlacesTheHeader) {
  const std::vector<std::size_t> places = {
      offsetof(ImageHeader, magic),          offsetof(ImageHeader, version),  offsetof(ImageHeader, section_count),
      offsetof(ImageHeader, bytes),          offsetof(ImageHeader, seed),     offsetof(ImageHeader, digest),
      offsetof(ImageHeader, variable_count), offsetof(ImageHeader, reserved), offsetof(ImageHeader, sections)};
  const auto rows = table_under("Header");
  ASSERT_EQ(rows.size(), places.size() + 1);
  for (std::size_t i = 0; i < places.size(); ++i)
    EXPECT_EQ(rows[i + 1].first, std::to_string(places[i]));
}

TEST(Format, PlacesTheHeaderOfEntities) {
  const std::vector<std::size_t> places = {offsetof(EntitiesHeader, magic),      offsetof(EntitiesHeader, bytes),
                                           offsetof(EntitiesHeader, digest),     offsetof(EntitiesHeader, program),
                                           offsetof(EntitiesHeader, body_bytes), sizeof(EntitiesHeader)};
  const auto rows = table_under("Entities");
  ASSERT_EQ(rows.size(), places.size() + 1);
  for (std::size_t i = 0; i < places.size(); ++i)
    EXPECT_EQ(rows[i + 1].first, std::to_string(places[i]));
}

TEST(Format, SaysItsVersionAndTheSizeOfAChunk) {
  const std::string text = page();
  EXPECT_NE(text.find("\nVersion " + std::to_string(kImageVersion) + "."), std::string::npos);
  EXPECT_EQ(kChunkBytes, 65'536U);
  EXPECT_NE(text.find("chunks of 65,536 bytes"), std::string::npos);
}

}  // namespace
}  // namespace writ::policy
