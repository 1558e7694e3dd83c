// TestReport -> text, JSON, JUnit XML.
#include "src/cli/run_tests.h"
#include "src/json/writer.h"

namespace writ::cli {
namespace {

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string plural(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

std::string render_tests(const TestReport& report, bool colours) {
  const std::string ok = colours ? "\x1b[32mok\x1b[0m  " : "ok  ";
  const std::string bad = colours ? "\x1b[31mFAIL\x1b[0m" : "FAIL";
  std::string out;
  for (const TestResult& test : report.tests) {
    out += (test.passed() ? ok : bad) + " " + test.title + "  (" + test.file + ":" + std::to_string(test.line) + ")\n";
    for (const ExpectationResult& expectation : test.expectations) {
      if (expectation.passed) continue;
      out += "     " + expectation.file + ":" + std::to_string(expectation.line) + ": " + expectation.expected + "\n";
      for (const std::string& difference : expectation.differs) out += "       " + difference + "\n";
    }
  }
  out += plural(report.tests.size(), "test") + ", " + plural(report.expectations(), "expectation") + ", " +
         (report.failed() == 0 ? std::string("all pass") : std::to_string(report.failed()) + " failed") + "\n";
  return out;
}

std::string render_coverage(const TestReport& report) {
  std::string out = "coverage\n";
  std::size_t exercised = 0;
  for (const CoveredStatement& statement : report.statements) {
    const bool whole = statement.seen_applying && (statement.seen_not_applying || statement.unconditional);
    if (whole) {
      ++exercised;
    } else {
      out += "  " + statement.id + " (" + statement.kind + "): never seen to " +
             (statement.seen_applying ? "not apply" : "apply") + "\n";
    }
  }
  std::size_t both = 0;
  for (const CoveredCondition& condition : report.conditions) {
    if (condition.seen_true && condition.seen_false) {
      ++both;
    } else {
      out += "  " + condition.statement + ": `" + condition.text + "` is never " +
             (condition.seen_true ? "false" : condition.seen_false ? "true" : "known") + "\n";
    }
  }
  out += "  " + std::to_string(exercised) + " of " + plural(report.statements.size(), "statement") +
         " seen both ways, " + std::to_string(both) + " of " + plural(report.conditions.size(), "condition") + "\n";
  return out;
}

std::string tests_json(const TestReport& report) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("tests").begin_array();
  for (const TestResult& test : report.tests) {
    out.begin_object().member("title", std::string_view(test.title)).member("file", std::string_view(test.file));
    out.member("line", static_cast<std::int64_t>(test.line)).member("passed", test.passed());
    out.key("expectations").begin_array();
    for (const ExpectationResult& expectation : test.expectations) {
      out.begin_object().member("line", static_cast<std::int64_t>(expectation.line));
      out.member("expected", std::string_view(expectation.expected)).member("passed", expectation.passed);
      out.key("differs").begin_array();
      for (const std::string& difference : expectation.differs) out.string(difference);
      out.end_array().end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().key("coverage").begin_object().key("statements").begin_array();
  for (const CoveredStatement& statement : report.statements) {
    out.begin_object().member("id", std::string_view(statement.id)).member("kind", std::string_view(statement.kind));
    out.member("applied", statement.seen_applying).member("not_applied", statement.seen_not_applying).end_object();
  }
  out.end_array().key("conditions").begin_array();
  for (const CoveredCondition& condition : report.conditions) {
    out.begin_object().member("statement", std::string_view(condition.statement));
    out.member("condition", std::string_view(condition.text));
    out.member("true", condition.seen_true).member("false", condition.seen_false).end_object();
  }
  out.end_array().end_object();
  out.member("failed", static_cast<std::int64_t>(report.failed())).end_object();
  return text;
}

std::string tests_junit(const TestReport& report) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"writ\" tests=\"" +
                    std::to_string(report.tests.size()) + "\" failures=\"" + std::to_string(report.failed()) + "\">\n";
  for (const TestResult& test : report.tests) {
    out += "  <testcase classname=\"" + xml(test.file) + "\" name=\"" + xml(test.title) + "\"";
    if (test.passed()) {
      out += "/>\n";
      continue;
    }
    out += ">\n";
    for (const ExpectationResult& expectation : test.expectations) {
      if (expectation.passed) continue;
      std::string differences;
      for (const std::string& difference : expectation.differs) differences += xml(difference) + "\n";
      out += "    <failure message=\"" + xml(expectation.file) + ":" + std::to_string(expectation.line) + ": " +
             xml(expectation.expected) + "\">" + differences + "</failure>\n";
    }
    out += "  </testcase>\n";
  }
  return out + "</testsuite>\n";
}

}  // namespace writ::cli
