// TestReport -> text, JSON, JUnit XML.
#include <algorithm>

#include "src/cli/run_tests.h"
#include "src/cli/terminal.h"
#include "src/json/writer.h"

namespace writ::cli {
namespace {

constexpr std::size_t kMostShown = 100;  // columns of a statement in the table of coverage

// For attributes and text alike. What XML cannot hold is shown as U+FFFD.
std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view three = text.substr(i, 3);
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {  // U+FFFE, U+FFFF
      out += "\xEF\xBF\xBD";
      i += 2;
      continue;
    }
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += c == '\t' ? " " : "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string plural(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// Statements may be written over several lines.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : c;
  }
  return out;
}

std::string shortened(std::string text) {
  if (text.size() <= kMostShown) return text;
  std::size_t end = kMostShown;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;  // not within a character
  text.resize(end);
  return text + "...";
}

struct Row {
  std::string what;
  std::string id;
  std::string text;
};

std::string table(const std::vector<Row>& rows) {
  std::size_t what = 0;
  std::size_t id = 0;
  for (const Row& row : rows) {
    what = std::max(what, row.what.size());
    id = std::max(id, row.id.size());
  }
  std::string out;
  for (const Row& row : rows) {
    out += "  " + row.what + std::string(what - row.what.size() + 2, ' ') + row.id +
           std::string(id - row.id.size() + 2, ' ') + row.text + "\n";
  }
  return out;
}

std::string place(const ExpectationResult& expectation) {
  return expectation.file + ":" + std::to_string(expectation.line);
}

void write_expectation(json::Writer& out, const ExpectationResult& expectation) {
  out.begin_object().member("file", std::string_view(expectation.file));
  out.member("line", static_cast<std::int64_t>(expectation.line));
  out.member("expected", std::string_view(one_line(expectation.expected))).member("passed", expectation.passed);
  out.key("differs").begin_array();
  for (const std::string& difference : expectation.differs)
    out.string(difference);
  out.end_array().end_object();
}

void write_coverage(json::Writer& out, const TestReport& report) {
  out.begin_object().key("statements").begin_array();
  for (const CoveredStatement& statement : report.statements) {
    out.begin_object().member("id", std::string_view(statement.id)).member("kind", std::string_view(statement.kind));
    out.member("applied", statement.seen_applying).member("not_applied", statement.seen_not_applying);
    out.member("unconditional", statement.unconditional).end_object();
  }
  out.end_array().key("conditions").begin_array();
  for (const CoveredCondition& condition : report.conditions) {
    out.begin_object().member("statement", std::string_view(condition.statement));
    out.member("condition", std::string_view(condition.text));
    out.member("true", condition.seen_true).member("false", condition.seen_false).end_object();
  }
  out.end_array().end_object();
}

}  // namespace

std::string render_tests(const TestReport& report, bool colours) {
  std::string out;
  for (const TestResult& test : report.tests) {
    out += test.passed() ? paint(colours, Style::kGreen, "ok  ") : paint(colours, Style::kRed, "FAIL");
    out += " " + test.title + paint(colours, Style::kDim, "  (" + test.file + ":" + std::to_string(test.line) + ")") +
           "\n";
    for (const ExpectationResult& expectation : test.expectations) {
      if (expectation.passed) continue;
      out += "     " + place(expectation) + ": " + one_line(expectation.expected) + "\n";
      for (const std::string& difference : expectation.differs)
        out += "       " + difference + "\n";
    }
  }
  if (report.tests.empty()) return out + "no test blocks\n";
  out += plural(report.tests.size(), "test") + ", " + plural(report.expectations(), "expectation") + ", ";
  if (report.failed() == 0) return out + paint(colours, Style::kGreen, "all pass") + "\n";
  return out + paint(colours, Style::kRed, std::to_string(report.failed()) + " failed") + "\n";
}

std::string render_coverage(const TestReport& report) {
  std::vector<Row> rows;
  for (const CoveredStatement& statement : report.statements) {
    const std::string text = shortened(one_line(statement.text));
    if (!statement.seen_applying) {
      rows.push_back({"never applied", statement.id, text});
    } else if (!statement.seen_not_applying && !statement.unconditional) {
      rows.push_back({"always applied", statement.id, text});
    }
  }
  const std::size_t lacking = rows.size();
  std::size_t conditions = 0;
  for (const CoveredCondition& condition : report.conditions) {
    if (condition.seen_true && condition.seen_false) continue;
    ++conditions;
    const bool neither = !condition.seen_true && !condition.seen_false;
    rows.push_back({neither               ? "never known"
                    : condition.seen_true ? "never false"
                                          : "never true",
                    condition.statement, shortened(condition.text)});
  }
  const auto share = [](std::size_t without, std::size_t of, const std::string& what) {
    return std::to_string(of - without) + " of " + plural(of, what);
  };
  return "coverage: " + share(lacking, report.statements.size(), "statement") + " seen both ways, " +
         share(conditions, report.conditions.size(), "condition") + "\n" + table(rows);
}

std::string tests_json(const TestReport& report) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("tests").begin_array();
  for (const TestResult& test : report.tests) {
    out.begin_object().member("title", std::string_view(test.title)).member("file", std::string_view(test.file));
    out.member("line", static_cast<std::int64_t>(test.line)).member("passed", test.passed());
    out.key("expectations").begin_array();
    for (const ExpectationResult& expectation : test.expectations)
      write_expectation(out, expectation);
    out.end_array().end_object();
  }
  out.end_array().key("coverage");
  write_coverage(out, report);
  out.member("failed", static_cast<std::int64_t>(report.failed())).end_object();
  return text;
}

std::string tests_junit(const TestReport& report) {
  const std::string counts = " tests=\"" + std::to_string(report.tests.size()) + "\" failures=\"" +
                             std::to_string(report.failed()) + "\" errors=\"0\"";
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n<testsuite name=\"writ\"" +
                    counts + ">\n";
  for (const TestResult& test : report.tests) {
    out += "  <testcase classname=\"" + xml(test.file) + "\" name=\"" + xml(test.title) + "\"";
    if (test.passed()) {
      out += "/>\n";
      continue;
    }
    std::string first;
    std::string all;
    for (const ExpectationResult& expectation : test.expectations) {
      if (expectation.passed) continue;
      const std::string what = place(expectation) + ": " + one_line(expectation.expected);
      if (first.empty()) first = what;
      all += what + "\n";
      for (const std::string& difference : expectation.differs)
        all += "  " + difference + "\n";
    }
    out += ">\n    <failure message=\"" + xml(first) + "\">" + xml(all) + "</failure>\n  </testcase>\n";
  }
  return out + "</testsuite>\n</testsuites>\n";
}

}  // namespace writ::cli
