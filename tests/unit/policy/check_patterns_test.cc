#include <gtest/gtest.h>

#include <random>

#include "src/policy/checker.h"
#include "tests/unit/policy/checked.h"

namespace writ::policy {
namespace {

constexpr const char* kWorld = R"(
  entity group
  entity user in group
  entity invoice
  entity list
  entity profile single
  entity team: red, green
  actions read, write for invoice, list
  actions view, rename for list
  actions create for type invoice, list
  actions read for profile
  actions join for team
  actions edits = {view, rename} for list
)";

std::string cells(const std::string& patterns) {
  const Checked policy = checked(kWorld + ("allow " + patterns + "\n"));
  std::string found = policy.lines("cells ");
  if (!found.empty()) found.pop_back();
  for (const Diagnostic& diagnostic : policy.diagnostics) {
    if (diagnostic.severity == Severity::kError) return diagnostic.name;
  }
  return found;
}

TEST(CheckPatterns, Expand) {
  EXPECT_EQ(cells("read:invoice_1"), "read:invoice_1");
  EXPECT_EQ(cells("invoice_1.read"), "read:invoice_1");
  EXPECT_EQ(cells("read:invoice_a/*"), "read:invoice_a/*");
  EXPECT_EQ(cells("read:invoice_\"a b\""), "read:invoice_\"a b\"");
  EXPECT_EQ(cells("read:invoice"), "read:invoice_*");
  EXPECT_EQ(cells("create:invoice"), "create:invoice");
  EXPECT_EQ(cells("*:invoice_*"), "read:invoice_*, write:invoice_*");
  EXPECT_EQ(cells("*:invoice"), "read:invoice_*, write:invoice_*, create:invoice");
  EXPECT_EQ(cells("profile.read"), "read:profile");
  EXPECT_EQ(cells("read:profile_*"), "read:profile");
  EXPECT_EQ(cells("edits:list_7"), "view:list_7, rename:list_7");
  EXPECT_EQ(cells("edits:*"), "view:list_*, rename:list_*");
  EXPECT_EQ(cells("read:*_*"), "read:invoice_*, read:list_*, read:profile");
  EXPECT_EQ(cells("{read,view}:{invoice,list}_*"), "read:invoice_*, read:list_*, view:list_*");
  EXPECT_EQ(cells("join:team_r*"), "join:team_r*");
  EXPECT_EQ(cells("*"),
            "read:invoice_*, write:invoice_*, create:invoice, read:list_*, write:list_*, view:list_*, "
            "rename:list_*, create:list, read:profile, join:team_*");
}

TEST(CheckPatterns, DropWhatIsCovered) {
  EXPECT_EQ(cells("read:invoice_ab, read:invoice_a/*, read:invoice_a/b*, read:invoice_a/b, read:invoice_ab"),
            "read:invoice_a/*, read:invoice_ab");
  EXPECT_EQ(cells("read:invoice_1, read:invoice_*, create:invoice, create:invoice"), "read:invoice_*, create:invoice");
}

TEST(CheckPatterns, Errors) {
  EXPECT_EQ(cells("rename:invoice_*"), "unknown-action");
  EXPECT_EQ(cells("{read,rename}:invoice_*"), "unknown-action");
  EXPECT_EQ(cells("{read,create}:invoice_*"), "type-action-id");
  EXPECT_EQ(cells("read:{invoice,team}_*"), "reaches-nothing");
  EXPECT_EQ(cells("edits:invoice"), "unknown-action");
  EXPECT_EQ(cells("join:team_blue"), "unknown-id");
  EXPECT_EQ(cells("join:team_b*"), "unknown-id");
  EXPECT_EQ(cells("profile_1.read"), "single-type");
  EXPECT_EQ(cells("read:team_*"), "unknown-action");
  EXPECT_EQ(cells("*:agent"), "reaches-nothing");
}

// reduce() against the definition.
TEST(CheckPatterns, ReduceKeepsJustWhatNothingElseCovers) {
  std::mt19937 random(7);
  const std::vector<std::string> ids{"", "a", "aa", "ab", "aab", "b", "ba", "bb", "a/", "a/b", "a0"};
  for (int round = 0; round < 20'000; ++round) {
    std::vector<Cell> all(random() % 9);
    for (Cell& cell : all) {
      cell.action = static_cast<ActionId>(random() % 2);
      cell.type = static_cast<TypeId>(random() % 2);
      cell.kind = static_cast<CellKind>(random() % 4);
      if (cell.kind == CellKind::kExact || cell.kind == CellKind::kPrefix) cell.id = ids[random() % ids.size()];
    }
    std::vector<Cell> reduced = all;
    Checker::reduce(reduced);
    for (std::size_t i = 0; i < reduced.size(); ++i) {
      for (std::size_t j = 0; j < reduced.size(); ++j) {
        EXPECT_EQ(covers(reduced[i], reduced[j]), i == j);
      }
      EXPECT_TRUE(i == 0 || compare(reduced[i - 1], reduced[i]) < 0);
    }
    for (const Cell& cell : all) {
      EXPECT_TRUE(std::any_of(reduced.begin(), reduced.end(), [&](const Cell& one) { return covers(one, cell); }));
    }
  }
}

}  // namespace
}  // namespace writ::policy
