#include "src/policy/conjuncts.h"

#include <gtest/gtest.h>

#include <string>

#include "src/policy/compile.h"

namespace writ::policy {
namespace {

// The tests of the one statement "allow read:doc_* ...", one letter each for what it looks at, and how it may compare.
std::string tests_of(const std::string& rest) {
  const PolicyText text{"p.writ",
                        "entity group\nentity user in group { level: int, due: time }\nentity agent\n"
                        "entity doc { level: int, name: string, open: bool, rank: decimal, due: time, owner: user }\n"
                        "actions read for doc\ncontext { level: int, spell: duration }\n"
                        "allow read:doc_*" +
                            rest + "\n"};
  const Compiled compiled = compile({&text, 1});
  EXPECT_NE(compiled.program, nullptr) << compiled.diagnostics;
  if (compiled.program == nullptr) return {};
  EXPECT_EQ(compiled.program->entries.size(), 1U);
  const EntryRecord& entry = compiled.program->entries[0];
  if (entry.condition == kNoNode) return "always";
  std::string out;
  for (const TestRecord& test : compiled.program->tests.subspan(entry.tests, entry.test_count)) {
    static constexpr const char* kOf[] = {"node", "context", "user", "resource", "user is", "user here", "user in"};
    out += (out.empty() ? "" : ", ") + std::string(kOf[test.of]);
    const bool number = static_cast<TestOf>(test.of) == TestOf::kContext ||
                        static_cast<TestOf>(test.of) == TestOf::kUser ||
                        static_cast<TestOf>(test.of) == TestOf::kResource;
    if (!number) continue;
    out += ' ';
    if ((test.orders & 1U) != 0) out += '<';
    if ((test.orders & 2U) != 0) out += '=';
    if ((test.orders & 4U) != 0) out += '>';
    out += " " + std::to_string(test.number);
  }
  return out;
}

TEST(Conjuncts, AComparisonOfANumberWithAConstantIsATest) {
  EXPECT_EQ(tests_of(" if doc.level < 5"), "resource < 5");
  EXPECT_EQ(tests_of(" if doc.level <= 5"), "resource <= 5");
  EXPECT_EQ(tests_of(" if doc.level > 5"), "resource > 5");
  EXPECT_EQ(tests_of(" if 5 > doc.level"), "resource < 5");
  EXPECT_EQ(tests_of(" if 5 <= doc.level"), "resource => 5");
  EXPECT_EQ(tests_of(" if doc.level == -3"), "resource = -3");
  EXPECT_EQ(tests_of(" if user.level >= 2"), "user => 2");
  EXPECT_EQ(tests_of(" if level == 2"), "context = 2");
  EXPECT_EQ(tests_of(" if doc.rank < 1.5"), "resource < 15000");
  EXPECT_EQ(tests_of(" if doc.open"), "resource = 1");
}

TEST(Conjuncts, ANegationIsTheOtherOrders) {
  EXPECT_EQ(tests_of(" if not doc.open"), "resource <> 1");
  EXPECT_EQ(tests_of(" if doc.level != 5"), "resource <> 5");
  EXPECT_EQ(tests_of(" if not (doc.level < 5)"), "resource => 5");
}

TEST(Conjuncts, WhatDoesNotFitIsANode) {
  EXPECT_EQ(tests_of(" if doc.level < 2147483648"), "node");  // past 32 bits
  EXPECT_EQ(tests_of(" if doc.level < 2147483647"), "resource < 2147483647");
  EXPECT_EQ(tests_of(" if doc.level > -2147483648"), "resource > -2147483648");
  EXPECT_EQ(tests_of(" if doc.level > -2147483649"), "node");
  EXPECT_EQ(tests_of(" if doc.level < user.level"), "node");
  EXPECT_EQ(tests_of(" if doc.owner.level == 2"), "node");  // of neither the user nor the resource
  EXPECT_EQ(tests_of(" if doc.name == \"x\""), "node");
  EXPECT_EQ(tests_of(" if doc.level == 1 or doc.level == 2"), "node");
  EXPECT_EQ(tests_of(" if time < doc.due"), "node");
  EXPECT_EQ(tests_of(" if doc.due < 2026-03-02T09:00:00Z"), "node");  // past 32 bits, too
  EXPECT_EQ(tests_of(" if spell < 1h"), "node");                      // of microseconds
  EXPECT_EQ(tests_of(" if spell < 30m"), "context < 1800000000");
}

TEST(Conjuncts, WhatMovesWithTimeIsANode) {
  EXPECT_EQ(tests_of(" if time - doc.due < 5m"), "node");
}

TEST(Conjuncts, PeopleAreTests) {
  EXPECT_EQ(tests_of(" to user:ann"), "user is");
  EXPECT_EQ(tests_of(" to group:staff"), "user in");
  EXPECT_EQ(tests_of(" if user != user:ann"), "node");
  EXPECT_EQ(tests_of(" to user:ann, group:staff"), "node");
}

TEST(Conjuncts, AnAndIsARunOfThem) {
  EXPECT_EQ(tests_of(" to group:staff if doc.level < 5 and doc.open and doc.name == \"x\""),
            "user in, resource < 5, resource = 1, node");
  EXPECT_EQ(tests_of(""), "always");
}

}  // namespace
}  // namespace writ::policy
