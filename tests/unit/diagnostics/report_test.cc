#include "src/diagnostics/report.h"

#include <gtest/gtest.h>

namespace writ {
namespace {

std::shared_ptr<const Source> source(std::string name, std::string text) {
  return std::make_shared<const Source>(std::move(name), std::move(text));
}

TEST(Report, PlacesAreLinesAndColumnsInCodePoints) {
  Report report({source("a.writ", "one\n\u00e4\u00e4 two\r\n\nlast")});
  report.error({0, {9, 12}}, "e", "m", "h");
  report.warning({0, {18, 18}}, "w", "at the end");
  const std::vector<Diagnostic> found = report.take();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].line, 2U);
  EXPECT_EQ(found[0].column, 4U);
  EXPECT_EQ(found[0].length, 3U);
  EXPECT_EQ(found[0].source_line, "\u00e4\u00e4 two");
  EXPECT_EQ(found[0].help, "h");
  EXPECT_EQ(found[1].severity, Severity::kWarning);
  EXPECT_EQ(found[1].line, 4U);
  EXPECT_EQ(found[1].column, 4U);
  EXPECT_EQ(found[1].length, 1U);
}

TEST(Report, UnderlinesNothingPastTheLine) {
  Report report({source("a.writ", "ab\r\ncd")});
  report.error({0, {1, 6}}, "over two lines", "");
  report.error({0, {3, 4}}, "on the line end", "");
  report.error({0, {6, 6}}, "past the end", "");
  const std::vector<Diagnostic> found = report.take();
  EXPECT_EQ(found[0].length, 1U);
  EXPECT_EQ(found[0].source_line, "ab");
  EXPECT_EQ(found[1].column, 3U);
  EXPECT_EQ(found[1].length, 1U);
  EXPECT_EQ(found[2].line, 2U);
  EXPECT_EQ(found[2].column, 3U);
}

TEST(Report, SortedByPlaceWithoutRepetitions) {
  Report report({source("b.writ", "xxxx\nyyyy"), source("a.writ", "zzzz")});
  report.error({0, {5, 6}}, "late", "m");
  report.error({0, {1, 2}}, "zeta", "m");
  report.error({0, {1, 2}}, "alpha", "m");
  report.error({0, {1, 2}}, "alpha", "m");
  report.error({0, {1, 2}}, "alpha", "other");
  report.error({1, {0, 1}}, "other file", "m");
  EXPECT_EQ(report.error_count(), 6U);
  EXPECT_TRUE(report.has_errors());
  std::string order;
  for (const Diagnostic& d : report.take())
    order += d.name + "/" + d.message + " ";
  EXPECT_EQ(order, "other file/m alpha/m alpha/other zeta/m late/m ");
  EXPECT_FALSE(report.has_errors());
}

TEST(Report, WarningsAreNoErrors) {
  Report report({source("a.writ", "x")});
  report.warning({0, {0, 1}}, "w", "m");
  EXPECT_FALSE(report.has_errors());
}

TEST(Report, LongLinesAreKeptInPart) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += "\u00e4";
  Report report({source("a.writ", text)});
  report.error({0, {100'000, 100'002}}, "middle", "m");
  report.error({0, {0, 2}}, "begin", "m");
  report.error({0, {200'000, 200'000}}, "the end", "m");
  for (const Diagnostic& d : report.take()) {
    EXPECT_LT(d.source_line.size(), 5000U);
    EXPECT_EQ(d.column, d.name == "begin" ? 1U : d.name == "middle" ? 50'001U : 100'001U);
    EXPECT_LE(d.source_column, d.column);
    EXPECT_EQ(d.source_column > 1, d.name != "begin");
    EXPECT_EQ(static_cast<unsigned char>(d.source_line.front()), 0xC3U);
  }
}

}  // namespace
}  // namespace writ
