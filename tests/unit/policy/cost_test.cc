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
  EXPECT_EQ(cost.pairs[0].look_ups, 1U);
  EXPECT_EQ(cost.pairs[0].entries, 2U);
  EXPECT_EQ(cost.pairs[0].visits, 5U);  // ==, and an attribute of an entity on either side
  EXPECT_EQ(cost.pairs[0].visits_per_agent, 0U);
}

TEST(Cost, TakesTheWorstIdThereIs) {
  const Cost cost = cost_of(
      "allow read:doc_*\nallow read:doc_a-*\nallow read:doc_b-* if doc.level == user.level\n"
      "allow read:doc_b-c-*\nallow read:doc_7\nallow read:doc_8 if doc.level == 1\n");
  ASSERT_EQ(cost.pairs.size(), 1U);
  EXPECT_EQ(cost.pairs[0].look_ups, 4U);  // all, two lengths of prefixes, the id
  EXPECT_EQ(cost.pairs[0].entries, 4U);   // one of each
  EXPECT_EQ(cost.pairs[0].visits, 5U + 4U);
}

TEST(Cost, WhatIsJudgedForEachAgentIsCountedApart) {
  const Cost cost = cost_of("allow read:doc_*\ntrust any agent with read:doc_* if agent.level == 1\n");
  ASSERT_EQ(cost.pairs.size(), 1U);
  EXPECT_EQ(cost.pairs[0].visits, 4U);
  EXPECT_EQ(cost.pairs[0].visits_per_agent, 4U);
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
