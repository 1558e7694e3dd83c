// ShortScope: a scope of up to 64 bytes, as most are, taken apart without a loop over its bytes and held in words, so
// that whoever looks names and ids up need not load them again. Tested by tests/unit/scope/short_scope_test.cc and,
// against the grammar, by scope_grammar_test.cc.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "src/base/padded.h"
#include "src/base/wide.h"
#include "src/scope/mark_scope.h"

namespace writ {

inline constexpr std::size_t kMostOfName = 32;

struct ShortScope {
  PaddedWords name[2];   // "action:type", padded with zeros
  PaddedWords id_words;  // of an id of up to kMostPadded bytes; otherwise of no meaning
  std::string_view id;   // without the star
  std::uint8_t name_size = 0;
  bool has_id = false;  // a `_` stands behind the name
  bool star = false;    // the id ends in one
};

namespace short_scope {

// 16 bytes from `at` on, of which those past the end are zero. Precondition: at <= text.size().
inline PaddedWords words_from(std::string_view text, std::size_t at) noexcept {
  PaddedWords words;
  if (at + sizeof words <= text.size()) {
    std::memcpy(&words, text.data() + at, sizeof words);
    return words;
  }
  std::size_t unwanted = at;
  if (text.size() < sizeof words) {
    words = padded_words(text);
  } else {
    std::memcpy(&words, text.data() + text.size() - sizeof words, sizeof words);
    unwanted = at - (text.size() - sizeof words);
  }
  if (unwanted >= sizeof words) return {};
  const UnsignedWide both = (static_cast<UnsignedWide>(words.high) << 64U | words.low) >> (8 * unwanted);
  return {static_cast<std::uint64_t>(both), static_cast<std::uint64_t>(both >> 64U)};
}

// The `size` bytes before the end, or before the star there, padded with zeros. Precondition: size <= kMostPadded, and
// there are so many.
[[gnu::always_inline]] inline PaddedWords last_words(std::string_view text, std::size_t size, bool star) noexcept {
  if (star || text.size() < sizeof(PaddedWords)) {
    return padded_words({text.data() + text.size() - size - (star ? 1 : 0), size});
  }
  if (size == 0) return {};
  PaddedWords last;
  std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
  const UnsignedWide both = (static_cast<UnsignedWide>(last.high) << 64U | last.low) >> (8 * (sizeof last - size));
  return {static_cast<std::uint64_t>(both), static_cast<std::uint64_t>(both >> 64U)};
}

}  // namespace short_scope

// Whether an id is empty or made of what ids in scopes are made of. `words`: its own, where it is short.
inline bool is_bare(std::string_view id, const PaddedWords& words) noexcept {
  if (id.size() <= kMostPadded) return id.empty() || all_bare_words(words, id.size());
  for (std::size_t at = 0; at + kMostPadded < id.size(); at += kMostPadded) {
    if (!all_bare_words(short_scope::words_from(id, at), kMostPadded)) return false;
  }
  return all_bare_words(short_scope::words_from(id, id.size() - kMostPadded), kMostPadded);
}
inline bool has_bare_id(const ShortScope& scope) noexcept {
  return is_bare(scope.id, scope.id_words);
}

// The spelling `action:type_id`. False for what is longer, spelled otherwise, or no scope at all. Whether its names are
// made of what names may be made of is not asked, for they are to be compared with those of declared ones; nor is it of
// the id, which may be found to be one that is known: has_bare_id(). Reads nothing outside of the text.
inline bool take_apart_shortly(std::string_view text, ShortScope& scope) noexcept {
  const std::size_t size = text.size();
  if (size > kMostMarked) return false;
  std::size_t name_size = size;
  const PaddedWords first = short_scope::words_from(text, 0);
  // Where the name ends is told by the first 16 bytes, mostly.
  ScopeMarks marks = mark_words(first);
  if (marks.colons == 0 || marks.underscores >> std::countr_zero(marks.colons) == 0) {
    if (size > sizeof first) marks = mark_scope(text);
    if (marks.colons == 0) return false;
  }
  const std::uint64_t underscores = marks.underscores & (~std::uint64_t{0} << std::countr_zero(marks.colons));
  scope.has_id = underscores != 0;
  if (scope.has_id) name_size = static_cast<std::size_t>(std::countr_zero(underscores));
  if (name_size > kMostOfName) return false;
  scope.name_size = static_cast<std::uint8_t>(name_size);
  scope.name[0] = first_bytes(first, name_size);
  if (name_size > kMostPadded)
    scope.name[1] = first_bytes(short_scope::words_from(text, kMostPadded), name_size - kMostPadded);
  if (!scope.has_id) return true;
  const std::size_t begin = name_size + 1;
  scope.star = text[size - 1] == '*' && begin != size;
  const std::size_t id_size = size - begin - (scope.star ? 1 : 0);
  scope.id = {text.data() + begin, id_size};
  if (id_size <= kMostPadded) scope.id_words = short_scope::last_words(text, id_size, scope.star);
  return id_size != 0 || scope.star;
}

// The same of the spelling `type_id.action`. A function of its own, so that whoever has the other one at hand can keep
// it in registers.
bool take_apart_turned(std::string_view text, ShortScope& scope) noexcept;

}  // namespace writ
