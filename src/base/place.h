// Hashes -> places in a table without collisions, so that a look-up goes straight to its record.
//
// Hashes fall into small buckets. Each bucket has a pilot, a byte chosen when the table is made, which scatters the
// bucket's hashes to places that nobody else has. Less than half a byte an entity: pilots stay near the core, where the
// slots of an ordinary table of that size would be as far away as the records themselves.
#pragma once

#include <cstdint>
#include <span>

#include "src/base/bulk.h"

namespace writ::pilot {

inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;

inline std::uint32_t scale(std::uint32_t fraction, std::uint32_t range) noexcept {
  return static_cast<std::uint32_t>((std::uint64_t{fraction} * range) >> 32U);
}

inline std::uint32_t buckets_of(std::uint32_t capacity) noexcept {
  return capacity / 8 * 3 + 1;  // of 2.4 hashes, on average: with more, 256 pilots do not always do
}

inline std::uint32_t bucket_of(std::uint64_t hash, std::uint32_t capacity) noexcept {
  return scale(static_cast<std::uint32_t>(hash), buckets_of(capacity));
}

inline std::uint32_t place_of(std::uint64_t hash, std::uint8_t pilot, std::uint32_t capacity) noexcept {
  const std::uint64_t scattered = (hash ^ (pilot * 0x9E3779B97F4A7C15ULL)) * 0xD6E8FEB86659FD93ULL;
  return scale(static_cast<std::uint32_t>(scattered >> 32U), capacity);
}

struct Places {
  std::uint32_t capacity = 1;
  Bulk<std::uint8_t> pilots;   // a bucket
  Bulk<std::uint32_t> places;  // a hash, in the order given; kNone: there is none for it
};

// About 8 places of 9 are taken. Hashes that are equal cannot all have one, nor can those that are no hashes but
// chosen; whoever asks keeps these elsewhere. Linear, in expectation.
Places place(std::span<const std::uint64_t> hashes);

}  // namespace writ::pilot
