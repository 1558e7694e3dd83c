// Test blocks -> TestReport.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/policy/compile.h"

namespace writ::cli {

struct ExpectationResult {
  std::string file;
  std::uint32_t line = 0;
  std::string expected;  // the expectation as written
  bool passed = false;
  std::vector<std::string> differs;  // "lifetime: expected 10m, got 60s", ...
};

struct TestResult {
  std::string title;
  std::string file;
  std::uint32_t line = 0;
  std::vector<ExpectationResult> expectations;
  bool passed() const;
};

// A statement, and in which ways the tests have seen it come out.
struct CoveredStatement {
  std::string id;
  std::string kind;
  std::string text;
  bool seen_applying = false;
  bool seen_not_applying = false;
  bool unconditional = false;  // it cannot come out otherwise where it is looked at
};

struct CoveredCondition {
  std::string statement;
  std::string text;
  bool seen_true = false;
  bool seen_false = false;
};

struct TestReport {
  std::vector<TestResult> tests;
  std::vector<CoveredStatement> statements;
  std::vector<CoveredCondition> conditions;  // the conditions that statements are made of
  std::size_t failed() const;
  std::size_t expectations() const;
};

// Precondition: compiled with its tree, without errors.
TestReport run_tests(const policy::Compiled& compiled);

std::string render_tests(const TestReport& report, bool colours);
std::string render_coverage(const TestReport& report);
std::string tests_json(const TestReport& report);
std::string tests_junit(const TestReport& report);

}  // namespace writ::cli
