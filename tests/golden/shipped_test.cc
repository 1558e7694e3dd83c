// What holds for every policy that is shipped: it compiles, it stands in its canonical form, the same texts give the
// same bytes in whatever order they come, and the same meaning however they are laid out. (That their test blocks pass
// is said by tests/policies.cmake, which runs them as a user would.)
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <span>
#include <string>
#include <vector>

#include "src/policy/compile.h"
#include "src/policy/parse.h"
#include "src/policy/print.h"
#include "src/policy/program.h"
#include "tests/support/paths.h"

namespace writ {
namespace {

namespace fs = std::filesystem;

const fs::path kPolicies = fs::path(test::source_folder()) / "policies";

bool is_invalid(const fs::path& path) {
  return std::find(path.begin(), path.end(), fs::path("invalid")) != path.end();
}

// Every `.writ` file but those that show an error.
std::vector<fs::path> all_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(kPolicies)) {
    if (entry.path().extension() == ".writ" && !is_invalid(entry.path())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A folder is one policy, except where each file is one of its own.
std::vector<std::string> all_policies() {
  std::vector<std::string> policies;
  for (const fs::path& file : all_files()) {
    const fs::path relative = file.lexically_relative(kPolicies);
    const bool alone = *relative.begin() == "language" || *relative.begin() == "suites";
    const std::string path = alone ? file.string() : (kPolicies / *relative.begin()).string();
    if (policies.empty() || policies.back() != path) policies.push_back(path);
  }
  return policies;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Shipped, ArePresent) {
  EXPECT_GT(all_policies().size(), 100U);
}

std::string formatted(const std::string& name, const std::string& text) {
  const auto source = std::make_shared<const Source>(name, text);
  Report report({source});
  const policy::Ast ast = policy::parse(source, 0, report);
  EXPECT_FALSE(report.has_errors()) << name << "\n" << text << report.take();
  return policy::print(ast);
}

TEST(Shipped, AreInTheirCanonicalForm) {
  for (const fs::path& path : all_files()) {
    const std::string text = read(path);
    EXPECT_TRUE(formatted(path.string(), text) == text) << path << ": `writ fmt` would change it";
  }
}

// All that a decision looks at; what stands on which line is no part of it.
std::vector<std::byte> essence(const Policy& policy) {
  std::vector<std::byte> bytes;
  const policy::Program& program = policy.program();
  const auto add = [&bytes](auto records) {
    const auto raw = std::as_bytes(records);
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  };
  add(program.schema_image());
  add(program.nodes);
  add(program.kids);
  add(program.slots);
  add(program.demands);
  add(program.pairs);
  add(program.keys);
  add(program.entries);
  add(program.texts);
  return bytes;
}

// `writ fmt` on what no author has formatted: all of a statement on one line, in any number of spaces.
TEST(Shipped, MeanTheSameHoweverTheyAreWritten) {
  for (const std::string& path : all_policies()) {
    std::vector<Diagnostic> unreadable;
    std::vector<PolicyText> texts = policy::read_texts({&path, 1}, unreadable);
    const Compilation before = compile_texts(texts);
    for (PolicyText& text : texts) {
      const std::string formed = text.text;
      text.text = std::regex_replace(formed, std::regex("\n {4,}"), " ");
      EXPECT_EQ(formatted(text.name, text.text), formed);
    }
    const Compilation after = compile_texts(texts);
    ASSERT_TRUE(before.policy && after.policy) << path << "\n" << after.diagnostics;
    EXPECT_TRUE(essence(*before.policy) == essence(*after.policy)) << path;
  }
}

TEST(Shipped, GiveTheSameBytesInAnyOrder) {
  for (const std::string& path : all_policies()) {
    std::vector<Diagnostic> unreadable;
    std::vector<PolicyText> texts = policy::read_texts({&path, 1}, unreadable);
    ASSERT_TRUE(unreadable.empty()) << unreadable;
    const Compilation first = compile_texts(texts);
    ASSERT_TRUE(first.policy) << path << "\n" << first.diagnostics;
    std::reverse(texts.begin(), texts.end());
    const Compilation second = compile_texts(texts);
    ASSERT_TRUE(second.policy);
    EXPECT_TRUE(std::ranges::equal(first.policy->image(), second.policy->image())) << path;
    EXPECT_EQ(first.policy->digest(), second.policy->digest());
    const Result<Policy> taken = Policy::from_image(first.policy->image());
    ASSERT_TRUE(taken) << path << ": " << taken.error().detail();
    EXPECT_EQ(taken->digest(), first.policy->digest());
  }
}

}  // namespace
}  // namespace writ
