#include <gtest/gtest.h>

#include <sstream>

#include "src/diagnostics/report.h"

namespace writ {
namespace {

Diagnostic at(std::uint32_t column, std::uint32_t length, std::string line) {
  Diagnostic d;
  d.name = "n";
  d.file = "f.writ";
  d.line = 7;
  d.column = column;
  d.length = length;
  d.message = "m";
  d.source_line = std::move(line);
  return d;
}

TEST(Render, AsInTheDesign) {
  Diagnostic d = at(33, 5, "allow read:invoice_* if invoice.onwer == user");
  d.file = "billing.writ";
  d.line = 14;
  d.name = "unknown-attribute";
  d.message = "invoice has no attribute `onwer`";
  d.help = "did you mean `owner`?";
  EXPECT_EQ(render(d),
            "billing.writ:14:33: error[unknown-attribute]: invoice has no attribute `onwer`\n"
            "   14 | allow read:invoice_* if invoice.onwer == user\n"
            "      |                                 ^^^^^\n"
            "      = help: did you mean `owner`?\n");
}

TEST(Render, WarningsSeveralAndStreams) {
  Diagnostic d = at(1, 1, "x");
  d.severity = Severity::kWarning;
  const std::string one = "f.writ:7:1: warning[n]: m\n    7 | x\n      | ^\n";
  EXPECT_EQ(render(d), one);
  EXPECT_EQ(render(std::vector<Diagnostic>{d, d}), one + one);
  std::ostringstream out;
  out << d << std::vector<Diagnostic>{d};
  EXPECT_EQ(out.str(), one + one);
}

TEST(Render, WideLineNumbersPushTheGutter) {
  Diagnostic d = at(1, 1, "x");
  d.line = 1234567;
  d.help = "h";
  EXPECT_EQ(render(d), "f.writ:1234567:1: error[n]: m\n 1234567 | x\n         | ^\n         = help: h\n");
}

TEST(Render, TabsStandBelowTabs) {
  EXPECT_EQ(render(at(4, 2, "\ta\tbc")), "f.writ:7:4: error[n]: m\n    7 | \ta\tbc\n      | \t \t^^\n");
}

TEST(Render, CaretsStayOnTheLine) {
  EXPECT_EQ(render(at(2, 100, "abc")), "f.writ:7:2: error[n]: m\n    7 | abc\n      |  ^^\n");
  EXPECT_EQ(render(at(4, 1, "abc")), "f.writ:7:4: error[n]: m\n    7 | abc\n      |    ^\n");
  EXPECT_EQ(render(at(400, 1, "abc")), "f.writ:7:400: error[n]: m\n    7 | abc\n      |    ^\n");
  EXPECT_EQ(render(at(1, 0, "")), "f.writ:7:1: error[n]: m\n    7 | \n      | ^\n");
}

TEST(Render, NothingReachesTheTerminalThatCommandsIt) {
  using namespace std::string_literals;
  Diagnostic d = at(1, 1, "a\x1B[31m\0\x7F\u0085\u202E\xFF\xC3(\u20AC\u00e4"s);
  d.file = "f\x1B.writ";
  d.message = "\u202Em";
  d.help = "\x07h";
  EXPECT_EQ(render(d), "f?.writ:7:1: error[n]: ?m\n    7 | a?[31m?????\?(\u20AC\u00e4\n      | ^\n      = help: ?h\n");
}

TEST(Render, LongLinesAreAWindow) {
  const std::string line(1000, 'x');
  const std::string middle = render(at(500, 3, line));
  EXPECT_EQ(middle, "f.writ:7:500: error[n]: m\n    7 | ..." + std::string(160, 'x') + "...\n      | " +
                        std::string(63, ' ') + "^^^\n");
  EXPECT_EQ(render(at(1, 1, line)), "f.writ:7:1: error[n]: m\n    7 | " + std::string(160, 'x') + "...\n      | ^\n");
  EXPECT_EQ(render(at(1000, 1, line)), "f.writ:7:1000: error[n]: m\n    7 | ..." + std::string(61, 'x') + "\n      | " +
                                           std::string(63, ' ') + "^\n");
  EXPECT_EQ(render(at(10, 1000, line)), "f.writ:7:10: error[n]: m\n    7 | " + std::string(160, 'x') + "...\n      | " +
                                            std::string(9, ' ') + std::string(151, '^') + "\n");
  Diagnostic part = at(5000, 2, "abcdef");
  part.source_column = 4998;
  EXPECT_EQ(render(part), "f.writ:7:5000: error[n]: m\n    7 | ...abcdef\n      |      ^^\n");
}

}  // namespace
}  // namespace writ
