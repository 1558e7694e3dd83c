#include "src/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace writ {
namespace hash {

std::uint64_t of_long(std::string_view bytes, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace hash

Hash128 hash128_bytes(std::string_view bytes) noexcept {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

}  // namespace writ
