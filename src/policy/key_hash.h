// KeyHasher: what says, with its pilot, which place a key with an id has among the lines.
//
// An id that stands alone is hashed as the scope that asks for it, `action:type_id`, so that its line can be asked for
// before the scope has been taken apart. Where that is too long to be hashed in a few steps, it is hashed as a prefix
// is: by itself, under a seed of its pair's own.
// Tested by tests/unit/policy/key_hash_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "src/base/hash.h"
#include "src/scope/schema.h"

namespace writ::policy {

inline constexpr std::size_t kMostOfScope = 32;

// The first 16 bytes of a scope and the last 16; of a shorter one all of it, padded with zeros, and zeros.
struct ScopeWords {
  PaddedWords first;
  PaddedWords last;
};

// Precondition: text.size() <= kMostOfScope. Reads nothing outside of it.
inline ScopeWords scope_words(std::string_view text) noexcept {
  ScopeWords words;
  if (text.size() < sizeof words.first) {
    words.first = padded_words(text);
    return words;
  }
  std::memcpy(&words.first, text.data(), sizeof words.first);
  std::memcpy(&words.last, text.data() + text.size() - sizeof words.last, sizeof words.last);
  return words;
}

// What the words are mixed with; made once for a seed.
struct ScopeSeeds {
  ScopeSeeds() = default;
  explicit ScopeSeeds(std::uint64_t seed) noexcept
      : first{hash_mix(seed, 1), hash_mix(seed, 2)},
        last{hash_mix(seed, 3), hash_mix(seed, 4)},
        end(hash_mix(seed, 5) | 1U) {}

  PaddedWords first;
  PaddedWords last;
  std::uint64_t end = 0;
};

inline std::uint64_t hash_scope(const ScopeWords& words, std::size_t size, const ScopeSeeds& seeds) noexcept {
  const std::uint64_t first = hash::fold(words.first.low ^ seeds.first.low, words.first.high ^ seeds.first.high);
  const std::uint64_t last = hash::fold(words.last.low ^ seeds.last.low, words.last.high ^ seeds.last.high);
  return hash::fold(first ^ last ^ size, seeds.end);
}

// Of a prefix, and of an id with a scope that is longer.
inline std::uint64_t hash_apart(std::uint32_t pair, CellKind kind, std::string_view id, std::uint64_t seed) noexcept {
  const std::uint64_t own = (std::uint64_t{pair} << 8U) | static_cast<std::uint64_t>(kind);
  return hash_bytes(id, (seed + own) * 0x9E3779B97F4A7C15ULL);
}

// The keys of one pair, one after the other.
class KeyHasher {
 public:
  KeyHasher(const Schema& schema, ActionId action, TypeId type, std::uint32_t pair, std::uint64_t seed) noexcept
      : KeyHasher(schema.actions[action], schema.types[type].name, pair, seed) {}

  std::uint64_t operator()(CellKind kind, std::string_view id) noexcept {
    const std::size_t size = named_ + id.size();
    if (kind != CellKind::kExact || size > kMostOfScope) return hash_apart(pair_, kind, id, seed_);
    if (!id.empty()) std::memcpy(text_ + named_, id.data(), id.size());
    return hash_scope(scope_words({text_, size}), size, seeds_);
  }

 private:
  KeyHasher(std::string_view action, std::string_view type, std::uint32_t pair, std::uint64_t seed) noexcept
      : named_(action.size() + type.size() + 2), pair_(pair), seed_(seed) {
    if (named_ > kMostOfScope) return;
    seeds_ = ScopeSeeds(seed);
    std::memcpy(text_, action.data(), action.size());
    text_[action.size()] = ':';
    std::memcpy(text_ + action.size() + 1, type.data(), type.size());
    text_[named_ - 1] = '_';
  }

  std::size_t named_;  // bytes of "action:type_"
  std::uint32_t pair_;
  std::uint64_t seed_;
  ScopeSeeds seeds_;
  char text_[kMostOfScope] = {};
};

}  // namespace writ::policy
