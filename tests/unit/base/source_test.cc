#include "src/base/source.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace writ {
namespace {

// Where lines begin, one by one.
std::vector<std::uint32_t> line_starts(const std::string& text) {
  std::vector<std::uint32_t> starts = {0};
  for (std::uint32_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') starts.push_back(i + 1);
  return starts;
}

void hold(const std::string& text) {
  const Source source("a.writ", text);
  const std::vector<std::uint32_t> starts = line_starts(text);
  ASSERT_EQ(source.line_count(), starts.size());
  for (std::uint32_t number = 1; number <= starts.size(); ++number) {
    ASSERT_EQ(source.line_begin(number), starts[number - 1]) << number;
    const std::size_t end = number < starts.size() ? starts[number] - 1 : text.size();
    ASSERT_EQ(source.line(number), text.substr(starts[number - 1], end - starts[number - 1])) << number;
  }
  std::uint32_t line = 1;
  for (std::uint32_t offset = 0; offset <= text.size(); ++offset) {
    while (line < starts.size() && starts[line] <= offset)
      ++line;
    ASSERT_EQ(source.line_at(offset), line) << offset;
  }
}

TEST(Source, KnowsItsLines) {
  hold("");
  hold("\n");
  hold("one");
  hold("one\ntwo\n");
  hold(std::string(5'000, '\n'));
  hold(std::string(1'024, 'x'));
  hold(std::string(1'023, 'x') + "\n" + std::string(3'000, 'y') + "\n\nz");
  std::mt19937_64 random(1);
  for (const unsigned often : {2U, 40U, 900U, 5'000U}) {
    std::string text;
    for (int i = 0; i < 10'000; ++i)
      text += random() % often == 0 ? '\n' : 'a';
    hold(text);
  }
}

TEST(Source, LeavesOutTheCarriageReturn) {
  const Source source("a.writ", "one\r\ntwo");
  EXPECT_EQ(source.line(1), "one");
  EXPECT_EQ(source.line(2), "two");
  EXPECT_EQ(source.line(0), "");
  EXPECT_EQ(source.line(3), "");
}

TEST(Source, CountsColumnsInCodePoints) {
  const Source source("a.writ", "x\nGrün y");
  EXPECT_EQ(source.position(2).line, 2U);
  EXPECT_EQ(source.position(2).column, 1U);
  EXPECT_EQ(source.position(8).column, 6U);
}

}  // namespace
}  // namespace writ
