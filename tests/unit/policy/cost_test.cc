#include "src/policy/cost.h"

#include <gtest/gtest.h>

#include <string>

#include "src/policy/compile.h"

namespace writ::policy {
namespace {

Cost cost_of(const std::string& rules) {
  const PolicyText text{
      "p.writ",
      "entity user { level: int = 0 }\nentity agent { level: int = 0 }\nentity doc { level: int = 0 }\n"
      "actions read, write for doc\nactions list for type doc\n" +
          rules};
  const Compiled compiled = compile({&text, 1});
  EXPECT_NE(compiled.program, nullptr) << compiled.diagnostics;
  return cost(*compiled.program);
}

TEST(Cost, CountsEntriesAndTheNodesOfTheirConditions) {
  const Cost cost = cost_of("allow read:doc_*\nallow read:doc_* if doc.level == user.level\n");
  ASSERT_EQ(cost.pairs.size(), 1U);
  EXPECT_EQ(cost.pairs[0].action, "read");
  EXPECT_EQ(cost.pairs[0].type, "doc");
  EXPECT_EQ(cost.pairs[0].one.look_ups, 1U);
  EXPECT_EQ(cost.pairs[0].one.entries, 2U);
  EXPECT_EQ(cost.pairs[0].one.visits, 5U);  // ==, and an attribute of an entity on either side
  EXPECT_EQ(cost.pairs[0].one.visits_per_agent, 0U);
}

TEST(Cost, TakesTheWorstIdThereIs) {
  const Cost cost = cost_of(
      "allow read:doc_*\nallow read:doc_a-*\nallow read:doc_b-* if doc.level == user.level\n"
      "allow read:doc_b-c-*\nallow read:doc_7\nallow read:doc_8 if doc.level == 1\n");
  ASSERT_EQ(cost.pairs.size(), 1U);
  EXPECT_EQ(cost.pairs[0].one.look_ups, 4U);  // all, two lengths of prefixes, the id
  EXPECT_EQ(cost.pairs[0].one.entries, 4U);   // one of each
  EXPECT_EQ(cost.pairs[0].one.visits, 5U + 4U);
}

TEST(Cost, WhatIsJudgedForEachAgentIsCountedApart) {
  const Cost cost = cost_of("allow read:doc_*\ntrust any agent with read:doc_* if agent.level == 1\n");
  ASSERT_EQ(cost.pairs.size(), 1U);
  EXPECT_EQ(cost.pairs[0].one.visits, 4U);
  EXPECT_EQ(cost.pairs[0].one.visits_per_agent, 4U);
}

TEST(Cost, ASetGoesThroughEveryKeyThatLiesInIt) {
  const Cost cost = cost_of(
      "allow read:doc_*\nallow read:doc_a-*\nallow read:doc_b-*\nallow read:doc_7\nallow read:doc_8\n"
      "deny read:doc_8 if doc.level == 1 because \"no\"\n");
  ASSERT_EQ(cost.pairs.size(), 1U);
  EXPECT_EQ(cost.pairs[0].one.entries, 1U + 1U + 2U);
  EXPECT_EQ(cost.pairs[0].set.entries, 6U);
  EXPECT_EQ(cost.pairs[0].set.look_ups, 1U + 1U + 4U);  // everything, one length, and the keys with an id
}

TEST(Cost, StepsAreOfAChainOfEight) {
  const Cost cost = cost_of("trust any agent with read:doc_* if agent.level == 1\n");
  ASSERT_EQ(cost.pairs.size(), 1U);
  EXPECT_EQ(cost.pairs[0].one.steps(), 1U + 1U + 8U * 4U);
}

std::string names(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics)
    out += d.name + " " + std::to_string(d.line) + "; ";
  return out;
}

TEST(Budget, RefusesWhatTakesMoreSteps) {
  const PolicyText text{"p.writ",
                        "entity doc { level: int = 0, size: int = 0 }\nactions read, write for doc\n"
                        "allow read:doc_* if doc.level == 1\n"
                        "allow write:doc_* if doc.level == 1 and doc.size == 2 or doc.size == 3\n"};
  CompileBudget budget;
  budget.steps = 20;
  EXPECT_TRUE(compile_texts({&text, 1}, budget).policy);
  budget.steps = 10;
  const Compilation refused = compile_texts({&text, 1}, budget);
  EXPECT_FALSE(refused.policy);
  EXPECT_EQ(names(refused.diagnostics), "over-budget 4; ");  // not line 3, which alone would do
}

TEST(Budget, RefusesConditionsBeforeTheyAreBuilt) {
  std::string text = "entity doc { level: int = 0 }\nactions read for doc\ndefine d0(x: int) = x == doc.level\n";
  for (int i = 1; i <= 10; ++i) {
    const std::string last = "d" + std::to_string(i - 1);
    text += "define d" + std::to_string(i) + "(x: int) = " + last + "(x + 1) or " + last + "(x * 8)\n";
  }
  for (int i = 0; i < 100; ++i)
    text += "allow read:doc_" + std::to_string(i) + " if d10(" + std::to_string(i) + ")\n";
  const PolicyText file{"p.writ", text};
  CompileBudget budget;
  budget.image_bytes = 1'000'000;
  const Compilation refused = compile_texts({&file, 1}, budget);
  EXPECT_FALSE(refused.policy);
  ASSERT_EQ(refused.diagnostics.size(), 1U) << refused.diagnostics;
  EXPECT_EQ(refused.diagnostics[0].name, "over-budget");
  EXPECT_GT(refused.diagnostics[0].line, 14U);
  EXPECT_LT(refused.diagnostics[0].line, 60U);  // long before the last
  budget.image_bytes = 100'000'000;
  EXPECT_TRUE(compile_texts({&file, 1}, budget).policy);
}

TEST(Budget, RefusesAnImageThatIsTooLarge) {
  const PolicyText text{"p.writ", "entity doc\nactions read for doc\nallow read:doc_*\n"};
  CompileBudget budget;
  budget.image_bytes = 500;
  const Compilation refused = compile_texts({&text, 1}, budget);
  EXPECT_EQ(names(refused.diagnostics), "over-budget 1; ");
}

TEST(Budget, WhatIsPromisedIsWhatIsPrinted) {
  const PolicyText text{"p.writ",
                        "entity doc { level: int = 0 }\nactions read for doc\nallow read:doc_* if doc.level == 1\n"
                        "allow read:doc_7\n"};
  const Compilation compiled = compile_texts({&text, 1});
  ASSERT_TRUE(compiled.policy);
  const Cost printed = cost(compiled.policy->program());
  EXPECT_EQ(compiled.policy->most_steps(), printed.pairs[0].one.steps());
  EXPECT_EQ(compiled.policy->most_steps_of_a_set(), printed.pairs[0].set.steps());
}

TEST(Cost, TheSectionsAreTheImage) {
  const auto unit = [](const SectionSize& section) { return section.name == "lines" ? kImageAlignment : 8U; };
  const Cost cost = cost_of("allow *\n");
  EXPECT_EQ(cost.pairs.size(), 3U);
  std::uint64_t sum = cost.header_bytes;
  for (const SectionSize& section : cost.sections)
    sum = (sum + unit(section) - 1) / unit(section) * unit(section) + section.bytes;
  EXPECT_EQ((sum + 7U) / 8U * 8U, cost.image_bytes);
  EXPECT_EQ(cost.statements, 1U);
}

}  // namespace
}  // namespace writ::policy
