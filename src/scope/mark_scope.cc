// Tested by tests/unit/scope/mark_scope_test.cc and, against the grammar, by scope_grammar_test.cc.
#include "src/scope/mark_scope.h"

#include "src/base/padded.h"
#include "src/scope/bare.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace writ {

ScopeMarks mark_scope_portably(std::string_view text) noexcept {
  ScopeMarks marks;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const char c = text[i];
    if (c == ':') marks.colons |= bit;
    if (c == '.') marks.dots |= bit;
    if (c == '_') marks.underscores |= bit;
    if (is_bare_char(c)) marks.bare |= bit;
  }
  return marks;
}

#ifdef __SSE2__

namespace {

// Bytes are compared as signed ones; all that is looked for is ASCII, and the others are less than any of it.
__m128i between(__m128i bytes, char low, char high) noexcept {
  return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(low - 1))),
                       _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(high + 1)), bytes));
}

__m128i equal(__m128i bytes, char c) noexcept {
  return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

std::uint64_t bits(__m128i bytes) noexcept {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
}

// Marks 16 bytes, of which the first stands at `at`.
inline void mark(__m128i bytes, std::size_t at, ScopeMarks& marks) noexcept {
  const __m128i letters = between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i middle = between(bytes, '-', '9');  // - . / and digits stand together
  const __m128i underscores = equal(bytes, '_');
  const __m128i rare = _mm_or_si128(_mm_or_si128(equal(bytes, '~'), equal(bytes, '@')),
                                    _mm_or_si128(equal(bytes, '+'), equal(bytes, '=')));
  const __m128i bare = _mm_or_si128(_mm_or_si128(letters, middle), _mm_or_si128(rare, underscores));
  marks.colons |= bits(equal(bytes, ':')) << at;
  marks.dots |= bits(equal(bytes, '.')) << at;
  marks.underscores |= bits(underscores) << at;
  marks.bare |= bits(bare) << at;
}

}  // namespace

ScopeMarks mark_scope(std::string_view text) noexcept {
  ScopeMarks marks;
  const std::size_t size = text.size();
  if (size < 16) {
    // Padded with zeros, which are nothing that is looked for.
    const PaddedWords words = padded_words(text);
    mark(_mm_set_epi64x(static_cast<long long>(words.high), static_cast<long long>(words.low)), 0, marks);
    return marks;
  }
  const auto load = [&](std::size_t at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)); };
  for (std::size_t at = 0; at + 16 < size; at += 16)
    mark(load(at), at, marks);
  mark(load(size - 16), size - 16, marks);  // some of them for a second time
  return marks;
}

#else

ScopeMarks mark_scope(std::string_view text) noexcept {
  return mark_scope_portably(text);
}

#endif

}  // namespace writ
