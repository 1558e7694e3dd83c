// Every stage of a policy on its way from text to program, as `writ dump` prints it, compared with what a person has
// read. WRIT_UPDATE=1 writes the goldens anew: NAME.golden beside NAME.writ, billing.golden in policies/billing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "src/policy/compile.h"
#include "tests/support/paths.h"

namespace writ {
namespace {

namespace fs = std::filesystem;

const fs::path kPolicies = fs::path(test::source_folder()) / "policies";

struct Golden {
  std::string name;
  std::vector<std::string> paths;
  fs::path file;
  friend void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.name; }
};

std::vector<Golden> goldens() {
  std::vector<Golden> found;
  for (const auto& entry : fs::directory_iterator(kPolicies / "language")) {
    if (entry.path().extension() != ".writ") continue;
    fs::path file = entry.path();
    found.push_back({file.stem().string(), {file.string()}, file.replace_extension(".golden")});
  }
  const fs::path billing = kPolicies / "billing";
  found.push_back({"billing_policy", {billing.string()}, billing / "billing.golden"});
  std::sort(found.begin(), found.end(), [](const Golden& a, const Golden& b) { return a.name < b.name; });
  return found;
}

// How often a zone changes its offset is up to the zone data of the machine.
std::string without_transitions(const std::string& dump) {
  return std::regex_replace(dump, std::regex(", [0-9]+ transitions\n"), "\n");
}

// So is where sections lie, and how large they are; the tables behind are not.
std::string without_sizes(const std::string& dump) {
  const std::size_t sections = dump.find("\nsections ");
  const std::size_t tables = dump.find("\n\n", sections);
  EXPECT_NE(tables, std::string::npos);
  return dump.substr(tables + 2);
}

std::string dump_stages(const std::vector<PolicyText>& texts) {
  const policy::Compiled typed = policy::compile(texts, policy::Stage::kTyped);
  const policy::Compiled whole = policy::compile(texts, policy::Stage::kProgram, true);
  if (typed.typed == nullptr || whole.program == nullptr) return "does not compile\n" + render(whole.diagnostics);
  std::string out = "==== ast\n";
  for (const policy::Ast& ast : whole.asts)
    out += dump_text(ast);
  out += "\n==== typed\n" + without_transitions(dump_text(*typed.typed));
  out += "\n==== tree\n" + dump_text(*whole.tree);
  out += "\n==== program\n" + without_sizes(dump_text(*whole.program));
  return out;
}

std::string first_difference(const std::string& got, const std::string& wanted) {
  std::size_t at = 0;
  std::size_t line = 1;
  std::size_t begin = 0;
  for (; at < got.size() && at < wanted.size() && got[at] == wanted[at]; ++at) {
    if (got[at] == '\n') {
      ++line;
      begin = at + 1;
    }
  }
  const auto show = [begin](const std::string& text) {
    return begin >= text.size() ? std::string("(its end)") : text.substr(begin, text.find('\n', begin) - begin);
  };
  return "line " + std::to_string(line) + "\n  golden: " + show(wanted) + "\n  now:    " + show(got);
}

class Stages : public testing::TestWithParam<Golden> {};

TEST_P(Stages, AreAsTheGoldenSays) {
  const Golden& golden = GetParam();
  std::vector<Diagnostic> unreadable;
  const std::vector<PolicyText> texts = policy::read_texts(golden.paths, unreadable);
  ASSERT_TRUE(unreadable.empty()) << unreadable;
  const std::string got = dump_stages(texts);
  ASSERT_TRUE(got.starts_with("==== ast")) << got;
  if (std::getenv("WRIT_UPDATE") != nullptr) {
    std::ofstream(golden.file, std::ios::binary) << got;
    return;
  }
  std::ifstream file(golden.file, std::ios::binary);
  ASSERT_TRUE(file) << golden.file << " is not there: WRIT_UPDATE=1 writes it";
  const std::string wanted{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(got == wanted) << golden.file << " differs at " << first_difference(got, wanted)
                             << "\nWRIT_UPDATE=1 writes it anew";
}

INSTANTIATE_TEST_SUITE_P(Policies, Stages, testing::ValuesIn(goldens()),
                         [](const auto& policy) { return policy.param.name; });

// A golden whose policy is gone would be kept for ever.
TEST(Stages, EveryGoldenHasItsPolicy) {
  for (const auto& entry : fs::directory_iterator(kPolicies / "language")) {
    if (entry.path().extension() != ".golden") continue;
    fs::path policy = entry.path();
    EXPECT_TRUE(fs::exists(policy.replace_extension(".writ"))) << entry.path();
  }
}

}  // namespace
}  // namespace writ
