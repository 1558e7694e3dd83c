// Truth: one of three values, and the instant up to which it holds.
#pragma once

#include <algorithm>
#include <cstdint>

#include "src/engine/query.h"

namespace writ {

enum class Three : std::uint8_t { kFalse, kTrue, kUnknown };

struct Truth {
  Three value = Three::kFalse;
  std::int64_t until = kForever;  // microseconds since 1970; kForever where time plays no part

  bool is_true() const noexcept { return value == Three::kTrue; }
  bool is_false() const noexcept { return value == Three::kFalse; }
  bool is_unknown() const noexcept { return value == Three::kUnknown; }
};

constexpr Truth truth_of(bool b) noexcept {
  return {b ? Three::kTrue : Three::kFalse, kForever};
}
constexpr Truth unknown_until(std::int64_t until = kForever) noexcept {
  return {Three::kUnknown, until};
}

constexpr Truth negate(Truth t) noexcept {
  if (t.value == Three::kUnknown) return t;
  return {t.value == Three::kTrue ? Three::kFalse : Three::kTrue, t.until};
}

// Gathers the operands of an `and` or an `or`, in any order. `decisive` is the value that decides it alone: false for
// `and`, true for `or`. Decided, it holds until the last of the deciding operands lets go; otherwise until the first of
// all changes.
class Gather {
 public:
  explicit constexpr Gather(Three decisive) noexcept : decisive_(decisive) {}

  constexpr void add(Truth t) noexcept {
    if (t.value == decisive_) {
      decided_until_ = decided_ ? std::max(decided_until_, t.until) : t.until;
      decided_ = true;
    } else if (t.value == Three::kUnknown) {
      unknown_ = true;
    }
    earliest_ = std::min(earliest_, t.until);
  }
  // No further operand can change the result.
  constexpr bool settled() const noexcept { return decided_ && decided_until_ == kForever; }
  constexpr Truth result() const noexcept {
    if (decided_) return {decisive_, decided_until_};
    if (unknown_) return {Three::kUnknown, earliest_};
    return {decisive_ == Three::kTrue ? Three::kFalse : Three::kTrue, earliest_};
  }

 private:
  Three decisive_;
  bool decided_ = false;
  bool unknown_ = false;
  std::int64_t decided_until_ = 0;
  std::int64_t earliest_ = kForever;
};

}  // namespace writ
