// Vocabulary: what may be done, by the names of action and type: one look-up for the two. Holds those names that are
// short enough to be compared without a loop; the others are found by Schema::find_type() and find_action().
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "src/base/padded.h"
#include "src/scope/cell.h"

namespace writ {

struct Word {
  PaddedWords action_name;
  PaddedWords type_name;
  std::uint8_t action_size = 0;
  std::uint8_t type_size = 0;
  ActionId action = kNoId;
  TypeId type = kNoId;   // kNoId: a free place
  bool on_type = false;  // the action is on the type itself
  bool single = false;   // of the type there is one resource
  bool closed = false;   // the type lists its ids
};

// Immutable once filled.
class Vocabulary {
 public:
  void fill(std::span<const Word> words);

  // nullptr: not here, though it may be declared. Allocates nothing.
  const Word* find(std::string_view action, std::string_view type) const noexcept {
    if (places_.empty() || action.size() > kMostPadded || type.size() > kMostPadded) return nullptr;
    const PaddedWords action_name = padded_words(action);
    const PaddedWords type_name = padded_words(type);
    const std::size_t mask = places_.size() - 1;
    for (std::size_t at = hash(action_name, type_name) & mask;; at = (at + 1) & mask) {
      const Word& word = places_[at];
      if (word.action_name == action_name && word.type_name == type_name && word.action_size == action.size() &&
          word.type_size == type.size()) {
        return &word;
      }
      if (word.type == kNoId) return nullptr;
    }
  }

 private:
  // Names are declared by the policy's author, so nobody can choose them for their hashes.
  static std::uint64_t hash(const PaddedWords& action, const PaddedWords& type) noexcept {
    std::uint64_t sum = (action.low ^ type.high) * 0x9E3779B97F4A7C15ULL;
    sum ^= (type.low ^ action.high) * 0xD6E8FEB86659FD93ULL;
    sum ^= sum >> 29U;
    sum *= 0xBF58476D1CE4E5B9ULL;
    return sum >> 32U;
  }

  std::vector<Word> places_;  // a power of two, at most half full; empty where there are too many to be worth it
};

}  // namespace writ
