#define XXH_INLINE_ALL
#include "bench/by_hand.h"

#include <emmintrin.h>
#include <xxhash.h>

namespace writ::bench {
namespace {

__m128i between(__m128i x, char low, char high) noexcept {
  return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(static_cast<char>(low - 1))),
                       _mm_cmplt_epi8(x, _mm_set1_epi8(static_cast<char>(high + 1))));
}

__m128i equal(__m128i x, char c) noexcept {
  return _mm_cmpeq_epi8(x, _mm_set1_epi8(c));
}

// Letters, digits, and * + - . / : = @ _ ~
__m128i allowed(__m128i x) noexcept {
  const __m128i letters = between(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i rare = _mm_or_si128(_mm_or_si128(equal(x, '*'), equal(x, '+')),
                                    _mm_or_si128(_mm_or_si128(equal(x, '='), equal(x, '@')), equal(x, '~')));
  return _mm_or_si128(_mm_or_si128(letters, between(x, '-', ':')), _mm_or_si128(rare, equal(x, '_')));
}

}  // namespace

std::uint64_t hash_by_hand(std::string_view text) noexcept {
  return XXH3_64bits_withSeed(text.data(), text.size(), 0x1234) >> 16U;
}

bool bytes_by_hand(std::string_view scope) noexcept {
  for (std::size_t at = 0; at < scope.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(scope.data() + at));
    const std::size_t left = scope.size() - at;
    const unsigned live = left >= 16 ? 0xFFFFU : (1U << left) - 1U;
    if ((static_cast<unsigned>(_mm_movemask_epi8(allowed(bytes))) & live) != live) return false;
  }
  return true;
}

}  // namespace writ::bench
