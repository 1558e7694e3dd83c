// Every error and warning has a file in policies/invalid that shows it, with its exact rendering beside it, and a row
// in the language reference. WRIT_UPDATE=1 writes the renderings anew, for a person to read.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "src/policy/compile.h"
#include "tests/support/paths.h"
#include "writ/diagnostic.h"

namespace writ {
namespace {

namespace fs = std::filesystem;

const fs::path kTop = test::source_folder();
const fs::path kFolder = kTop / "policies" / "invalid";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Diagnostic> diagnose(std::vector<PolicyText> texts) {
  return policy::compile(texts).diagnostics;
}

// `unknown-name` for unknown-name.writ and unknown-name-2.writ.
std::string name_of(const fs::path& path) {
  return std::regex_replace(path.stem().string(), std::regex("-[0-9]+$"), "");
}

std::vector<fs::path> files(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// What no file of a readable size can show; Bounds below does.
const std::set<std::string> kShownByTests = {"duplicate-file", "source-too-large", "too-many-errors", "unreadable"};

// The names in the sources that make diagnostics: every string literal that looks like one.
std::set<std::string> names_in_sources() {
  const std::regex literal("\"([a-z]+(-[a-z0-9]+)+|syntax|disarmed|unreadable)\"");
  const std::set<std::string> others = {"dump_typed.cc", "dump_ast.cc", "dump_tree.cc"};
  std::set<std::string> names;
  for (const fs::path& path : files(kTop / "src" / "policy", ".cc")) {
    if (others.contains(path.filename().string())) continue;
    const std::string text = read(path);
    for (auto at = std::sregex_iterator(text.begin(), text.end(), literal); at != std::sregex_iterator(); ++at) {
      names.insert((*at)[1]);
    }
  }
  return names;
}

TEST(Invalid, EachFileRendersAsItDid) {
  const bool update = std::getenv("WRIT_UPDATE") != nullptr;
  for (const fs::path& path : files(kFolder, ".writ")) {
    const std::vector<Diagnostic> found = diagnose({{path.filename().string(), read(path)}});
    const std::string rendering = render(found);
    fs::path golden = path;
    golden.replace_extension(".diag");
    if (update) std::ofstream(golden, std::ios::binary) << rendering;
    EXPECT_EQ(read(golden), rendering) << path;
    const auto named = [&](const Diagnostic& diagnostic) { return diagnostic.name == name_of(path); };
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), named)) << path << " does not show what it is named after";
  }
}

TEST(Invalid, EachRenderingHasItsFile) {
  for (const fs::path& path : files(kFolder, ".diag")) {
    fs::path source = path;
    EXPECT_TRUE(fs::exists(source.replace_extension(".writ"))) << path;
  }
}

TEST(Invalid, EachNameInTheSourcesHasAFileAndEachFileAName) {
  std::set<std::string> shown = kShownByTests;
  for (const fs::path& path : files(kFolder, ".writ"))
    shown.insert(name_of(path));
  EXPECT_EQ(shown, names_in_sources());
}

TEST(Invalid, EachNameIsInTheReferenceAndNoOther) {
  const std::string reference = read(kTop / "grammar" / "README.md");
  const std::size_t begin = reference.find("\n## Errors and warnings\n");
  ASSERT_NE(begin, std::string::npos);
  const std::string section = reference.substr(begin, reference.find("\n## ", begin + 1) - begin);
  const std::regex row("\n\\| `([a-z0-9-]+)` \\|");
  std::set<std::string> documented;
  for (auto at = std::sregex_iterator(section.begin(), section.end(), row); at != std::sregex_iterator(); ++at) {
    EXPECT_TRUE(documented.insert((*at)[1]).second) << (*at)[1] << " is there twice";
  }
  EXPECT_EQ(documented, names_in_sources());
}

TEST(Invalid, OrderAndSplittingChangeNothing) {
  for (const fs::path& path : files(kFolder, ".writ")) {
    const PolicyText text{path.filename().string(), read(path)};
    const PolicyText other{"another.writ", "# nothing\n"};
    EXPECT_EQ(render(diagnose({text, other})), render(diagnose({other, text}))) << path;
  }
}

TEST(Bounds, TwoFilesOfOneName) {
  const std::vector<Diagnostic> found = diagnose({{"a.writ", ""}, {"a.writ", ""}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().name, "duplicate-file");
}

TEST(Bounds, AFileThatIsNotThere) {
  std::vector<Diagnostic> found;
  const std::vector<std::string> paths{(kFolder / "no-such-file.writ").string()};
  policy::read_texts(paths, found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().name, "unreadable");
}

// The one is mostly a hole and takes no room on the disk, the other has no end; neither is read any further than that.
TEST(Bounds, AFilePast256MiB) {
  const fs::path sparse = fs::temp_directory_path() / ("writ-large-" + std::to_string(::getpid()) + ".writ");
  std::ofstream(sparse) << "entity doc\n";
  fs::resize_file(sparse, kMaxSourceBytes + 1);
  for (const std::string& path : {sparse.string(), std::string("/dev/zero")}) {
    std::vector<Diagnostic> found;
    EXPECT_TRUE(policy::read_texts(std::vector<std::string>{path}, found).empty());
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().message, "the file is larger than 256 MiB");
  }
  fs::remove(sparse);
}

TEST(Bounds, AThousandErrors) {
  std::string text;
  for (int i = 0; i < 1'200; ++i)
    text += "permit\n";
  const std::vector<Diagnostic> found = diagnose({{"a.writ", text}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.back().name, "too-many-errors");
}

TEST(Bounds, ASourcePast256MiB) {
  std::string text;
  while (text.size() <= kMaxSourceBytes)
    text += "# a line of a comment that goes on for a while, as comments sometimes do\n";
  const std::vector<Diagnostic> found = diagnose({{"a.writ", text}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().name, "source-too-large");
}

}  // namespace
}  // namespace writ
