// scope string -> ScopeMarks: which of its bytes may stand where, all of them at once.
// Tested by tests/unit/scope/short_scope_test.cc and, against the grammar, by scope_grammar_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "src/base/padded.h"
#include "src/scope/bare.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace writ {

inline constexpr std::size_t kMostMarked = 64;

// Bit i is byte i.
struct ScopeMarks {
  std::uint64_t colons = 0;
  std::uint64_t underscores = 0;
  friend bool operator==(const ScopeMarks&, const ScopeMarks&) = default;
};

namespace marking {

// A byte at a time: what is done where there are no vectors.
inline ScopeMarks mark_portably(std::string_view text) noexcept {
  ScopeMarks marks;
  for (std::size_t i = 0; i < text.size(); ++i) {
    marks.colons |= std::uint64_t{text[i] == ':'} << i;
    marks.underscores |= std::uint64_t{text[i] == '_'} << i;
  }
  return marks;
}

inline bool all_bare_portably(const PaddedWords& words, std::size_t size) noexcept {
  char bytes[sizeof words];
  std::memcpy(bytes, &words, sizeof words);
  return all_bare({bytes, size});
}

#ifdef __SSE2__

// Bytes are compared as signed ones; all that is looked for is ASCII, and the others are less than any of it.
inline __m128i between(__m128i bytes, char low, char high) noexcept {
  return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(low - 1))),
                       _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(high + 1)), bytes));
}

inline __m128i equal(__m128i bytes, char c) noexcept {
  return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

inline std::uint64_t bits(__m128i bytes) noexcept {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
}

// Marks 16 bytes, of which the first stands at `at`.
inline void mark(__m128i bytes, std::size_t at, ScopeMarks& marks) noexcept {
  marks.colons |= bits(equal(bytes, ':')) << at;
  marks.underscores |= bits(equal(bytes, '_')) << at;
}

inline __m128i vector_of(const PaddedWords& words) noexcept {
  return _mm_set_epi64x(static_cast<long long>(words.high), static_cast<long long>(words.low));
}

#endif

}  // namespace marking

#ifdef __SSE2__

// Of up to 16 bytes, padded with zeros.
inline ScopeMarks mark_words(const PaddedWords& words) noexcept {
  ScopeMarks marks;
  marking::mark(marking::vector_of(words), 0, marks);  // zeros are nothing that is looked for
  return marks;
}

// Precondition: text.size() <= kMostMarked. Reads nothing outside of it.
inline ScopeMarks mark_scope(std::string_view text) noexcept {
  ScopeMarks marks;
  const std::size_t size = text.size();
  if (size < 16) return mark_words(padded_words(text));
  const auto load = [&](std::size_t at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)); };
  marking::mark(load(0), 0, marks);
  for (std::size_t at = 16; at + 16 < size; at += 16)
    marking::mark(load(at), at, marks);
  marking::mark(load(size - 16), size - 16, marks);  // some of them for a second time
  return marks;
}

// Whether each of that many bytes is one that ids are made of.
inline bool all_bare_words(const PaddedWords& words, std::size_t size) noexcept {
  const __m128i bytes = marking::vector_of(words);
  const __m128i letters = marking::between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i middle = marking::between(bytes, '-', '9');  // - . / and digits stand together
  const __m128i some = _mm_or_si128(marking::equal(bytes, '~'), marking::equal(bytes, '@'));
  const __m128i others = _mm_or_si128(marking::equal(bytes, '+'), marking::equal(bytes, '='));
  const __m128i rare = _mm_or_si128(_mm_or_si128(some, others), marking::equal(bytes, '_'));
  const std::uint64_t bare = marking::bits(_mm_or_si128(_mm_or_si128(letters, middle), rare));
  return (~bare << (64 - size)) == 0;
}

#else

inline ScopeMarks mark_scope(std::string_view text) noexcept {
  return marking::mark_portably(text);
}
inline ScopeMarks mark_words(const PaddedWords& words) noexcept {
  char bytes[sizeof words];
  std::memcpy(bytes, &words, sizeof words);
  return marking::mark_portably({bytes, sizeof bytes});
}
inline bool all_bare_words(const PaddedWords& words, std::size_t size) noexcept {
  return marking::all_bare_portably(words, size);
}

#endif

}  // namespace writ
