// Tested by tests/unit/policy/statement_spans_test.cc.
#include "src/policy/statement_spans.h"

#include <algorithm>

namespace writ::policy {

void StatementSpans::add(StatementSpan span) {
  if (span.column < kLong && span.size < kLong) {
    short_.push_back({static_cast<std::uint8_t>(span.column), static_cast<std::uint8_t>(span.size)});
    return;
  }
  long_.push_back({static_cast<std::uint32_t>(short_.size()), span});
  short_.push_back({});
}

StatementSpan StatementSpans::of(std::uint32_t rule) const {
  const Short& own = short_[rule];
  if (own.size != kLong) return {own.column, own.size};
  const auto found = std::lower_bound(long_.begin(), long_.end(), rule,
                                      [](const Long& one, std::uint32_t wanted) { return one.rule < wanted; });
  return found->span;
}

}  // namespace writ::policy
