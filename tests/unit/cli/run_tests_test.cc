#include "src/cli/run_tests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "src/json/reader.h"

namespace writ::cli {
namespace {

constexpr std::string_view kRules = R"(entity user { level: int = 0 }
entity doc { owner: user }
actions read, write for doc
context { tainted: bool }
allow read:doc_*
allow write:doc_* if doc.owner == user
deny write:doc_* if tainted because "tainted"
require user.level >= 2 before write:doc_* ask "acr:mfa"
limit write:doc_* for 60s, once
)";

TestReport report_of(const std::string& tests) {
  const PolicyText text{"doc.writ", std::string(kRules) + tests};
  const policy::Compiled compiled = policy::compile({&text, 1}, policy::Stage::kProgram, true);
  EXPECT_NE(compiled.program, nullptr) << compiled.diagnostics;
  return run_tests(compiled);
}

// What the only expectation of a test was told.
std::vector<std::string> differs(const std::string& expectation) {
  const TestReport report =
      report_of("test \"t\" {\n  at 2026-03-02T09:00:00Z\n  user ann { level: 2 }\n" +
                std::string("  doc 1 { owner: user:ann }\n  context { tainted: false }\n  ") + expectation + "\n}\n");
  EXPECT_EQ(report.tests.size(), 1U);
  EXPECT_EQ(report.expectations(), 1U);
  EXPECT_EQ(report.tests[0].passed(), report.tests[0].expectations[0].differs.empty());
  EXPECT_EQ(report.tests[0].expectations[0].line, 15U);
  return report.tests[0].expectations[0].differs;
}

using Lines = std::vector<std::string>;

TEST(RunTests, WhatIsNotWrittenIsNotAsserted) {
  EXPECT_EQ(differs("allow write:doc_1 to ann"), Lines());
  EXPECT_EQ(differs("allow write:doc_1 to ann for 60s"), Lines());
  EXPECT_EQ(differs("allow write:doc_1 to ann once"), Lines());
  EXPECT_EQ(differs("deny write:doc_2 to ann"), Lines());
}

TEST(RunTests, WhatIsWrittenIsCompared) {
  EXPECT_EQ(differs("allow write:doc_1 to ann for 10m"), Lines{"lifetime: expected 10m, got 1m"});
  EXPECT_EQ(differs("allow read:doc_1 to ann once"), Lines{"expected `once`"});
  EXPECT_EQ(differs("deny write:doc_2 to ann because \"tainted\""),
            Lines{"because: expected \"tainted\", got \"nothing allows it\""});
}

TEST(RunTests, AWrongVerdictSaysWhatCameOut) {
  const Lines lines = differs("deny write:doc_1 to ann");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("expected deny, got allow")) << lines[0];
  const Lines refused = differs("allow write:doc_2 to ann");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_NE(refused[0].find("because \"nothing allows it\", refused by user"), std::string::npos) << refused[0];
  EXPECT_NE(refused[0].find("not known: \"doc.owner\""), std::string::npos) << refused[0];
}

TEST(RunTests, CoverageNamesWhatWasNeverSeen) {
  const TestReport report = report_of(R"(test "t" {
  at 2026-03-02T09:00:00Z
  user ann { level: 2 }
  doc 1 { owner: user:ann }
  context { tainted: false }
  allow write:doc_1 to ann
}
)");
  const std::string text = render_coverage(report);
  EXPECT_EQ(text,
            "coverage: 1 of 5 statements seen both ways, 0 of 3 conditions\n"
            "  never applied   doc.writ:5  allow read:doc_*\n"
            "  always applied  doc.writ:6  allow write:doc_* if doc.owner == user\n"
            "  never applied   doc.writ:7  deny write:doc_* if tainted because \"tainted\"\n"
            "  never applied   doc.writ:8  require user.level >= 2 before write:doc_* ask \"acr:mfa\"\n"
            "  never false     doc.writ:6  doc.owner == user\n"
            "  never true      doc.writ:7  tainted\n"
            "  never false     doc.writ:8  2 <= user.level\n");
}

TEST(RunTests, ATestWhoseEntitiesDoNotFitFails) {
  const TestReport report = report_of("test \"t\" {\n  at 2026-03-02T09:00:00Z\n  allow read:doc_1 to ann\n}\n");
  EXPECT_EQ(report.failed(), 0U);
}

TEST(RenderTests, JsonCanBeRead) {
  const TestReport report =
      report_of("test \"\\\"<&>\\u{7f} \\n\" {\n  at 2026-03-02T09:00:00Z\n  deny read:doc_1 to ann\n}\n");
  EXPECT_EQ(report.failed(), 1U);
  json::Document document;
  ASSERT_TRUE(json::read(tests_json(report), document));
}

TEST(RenderTests, JunitHoldsNothingThatIsNoXml) {
  const TestReport report =
      report_of("test \"\\\"<&>\\u{1} \\u{ffff}\\n\" {\n  at 2026-03-02T09:00:00Z\n  deny read:doc_1 to ann\n}\n");
  const std::string text = tests_junit(report);
  EXPECT_NE(text.find("name=\"&quot;&lt;&amp;&gt;\xEF\xBF\xBD \xEF\xBF\xBD&#10;\""), std::string::npos) << text;
  EXPECT_NE(text.find("<testsuite name=\"writ\" tests=\"1\" failures=\"1\""), std::string::npos) << text;
}

TEST(RenderTests, NoTestsAreSaidToBeNone) {
  EXPECT_EQ(render_tests(report_of(""), false), "no test blocks\n");
}

}  // namespace
}  // namespace writ::cli
