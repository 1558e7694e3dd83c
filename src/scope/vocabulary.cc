// Tested by tests/unit/scope/vocabulary_test.cc and parse_scope_test.cc.
#include "src/scope/vocabulary.h"

#include <bit>

namespace writ {

void Vocabulary::fill(std::span<const Word> words) {
  constexpr std::size_t kMost = 65'536;
  places_.clear();
  if (words.empty() || words.size() > kMost) return;
  places_.resize(std::bit_ceil(2 * words.size()));
  const std::size_t mask = places_.size() - 1;
  for (const Word& word : words) {
    std::size_t at = hash(word.action_name, word.type_name) & mask;
    while (places_[at].type != kNoId)
      at = (at + 1) & mask;
    places_[at] = word;
  }
}

}  // namespace writ
