#include "src/policy/statement_spans.h"

#include <gtest/gtest.h>

#include <vector>

namespace writ::policy {
namespace {

TEST(StatementSpans, GivesBackWhatWasAdded) {
  const std::vector<StatementSpan> added = {{0, 40},  {0, 254},    {0, 255},    {254, 1},
                                            {255, 1}, {2, 70'000}, {90'000, 0}, {3, 9}};
  StatementSpans spans;
  for (const StatementSpan span : added)
    spans.add(span);
  for (std::uint32_t i = 0; i < added.size(); ++i) {
    EXPECT_EQ(spans.of(i).column, added[i].column) << i;
    EXPECT_EQ(spans.of(i).size, added[i].size) << i;
  }
}

}  // namespace
}  // namespace writ::policy
