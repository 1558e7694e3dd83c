#define XXH_INLINE_ALL
#include "bench/by_hand.h"

#include <xxhash.h>

#include <array>

namespace writ::bench {
namespace {

constexpr std::array<bool, 256> scope_bytes() {
  std::array<bool, 256> fine{};
  for (unsigned char c = '0'; c <= '9'; ++c)
    fine[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c)
    fine[c] = fine[static_cast<unsigned char>(c - 32)] = true;
  for (const char c : {'.', '_', '~', '@', '/', '+', '=', '-', ':', '*'})
    fine[static_cast<unsigned char>(c)] = true;
  return fine;
}

constexpr std::array<bool, 256> kScopeBytes = scope_bytes();

}  // namespace

std::uint64_t hash_by_hand(std::string_view text) noexcept {
  return XXH3_64bits_withSeed(text.data(), text.size(), 0x1234) >> 16U;
}

bool bytes_by_hand(std::string_view scope) noexcept {
  bool fine = true;
  for (const char c : scope)
    fine &= kScopeBytes[static_cast<unsigned char>(c)];
  return fine;
}

}  // namespace writ::bench
