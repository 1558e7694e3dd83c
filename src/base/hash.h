// The seeded hash of every table. A match of hashes is never taken for a match of keys.
#pragma once

#include <cstdint>
#include <string_view>

#include "src/base/padded.h"
#include "src/base/wide.h"

namespace writ {

namespace hash {
// XXH3.
std::uint64_t of_long(std::string_view bytes, std::uint64_t seed) noexcept;

inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  const auto product = static_cast<UnsignedWide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}
}  // namespace hash

// Of up to 16 bytes by two multiplications, as wyhash does it, but with the seed in both factors: who does not know it
// cannot make one of them zero.
inline std::uint64_t hash_words(const PaddedWords& words, std::size_t size, std::uint64_t seed) noexcept {
  const std::uint64_t other = (seed << 32U | seed >> 32U) + 0x8BB84B93962EACC9ULL;
  const std::uint64_t mixed = hash::fold(words.low ^ seed ^ 0x2D358DCCAA6C78A5ULL, words.high ^ other);
  return hash::fold(mixed ^ size, other ^ 0x4B33A62ED433D4A3ULL);
}

inline std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept {
  return bytes.size() > kMostPadded ? hash::of_long(bytes, seed) : hash_words(padded_words(bytes), bytes.size(), seed);
}

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
Hash128 hash128_bytes(std::string_view bytes) noexcept;

inline std::uint64_t hash_mix(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t x = a ^ (b + 0x9E3779B97F4A7C15ULL + (a << 6U) + (a >> 2U));
  x ^= x >> 32U;
  x *= 0xD6E8FEB86659FD93ULL;
  x ^= x >> 32U;
  return x;
}

// The key of an entity: its type and its id.
inline std::uint64_t entity_seed(std::uint16_t type, std::uint64_t seed) noexcept {
  return seed ^ (std::uint64_t{type} * 0x9E3779B97F4A7C15ULL);
}
inline std::uint64_t hash_entity(std::uint16_t type, std::string_view id, std::uint64_t seed) noexcept {
  return hash_bytes(id, entity_seed(type, seed));
}

}  // namespace writ
