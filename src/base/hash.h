// The seeded hash of every table: XXH3. A match of hashes is never taken for a match of keys.
#pragma once

#include <cstdint>
#include <string_view>

namespace writ {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept;

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
inline std::uint64_t hash_entity(std::uint16_t type, std::string_view id, std::uint64_t seed) noexcept {
  return hash_bytes(id, seed ^ (std::uint64_t{type} * 0x9E3779B97F4A7C15ULL));
}

}  // namespace writ
