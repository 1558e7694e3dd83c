// scope string -> ScopeMarks: which of its bytes may stand where, all of them at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace writ {

inline constexpr std::size_t kMostMarked = 64;

// Bit i is byte i.
struct ScopeMarks {
  std::uint64_t colons = 0;
  std::uint64_t dots = 0;
  std::uint64_t underscores = 0;
  std::uint64_t bare = 0;  // what ids are made of
  friend bool operator==(const ScopeMarks&, const ScopeMarks&) = default;
};

// Precondition: text.size() <= kMostMarked. Reads nothing outside of it.
ScopeMarks mark_scope(std::string_view text) noexcept;
// The same a byte at a time; what mark_scope() is where there are no vectors.
ScopeMarks mark_scope_portably(std::string_view text) noexcept;

}  // namespace writ
