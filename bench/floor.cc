#include "bench/floor.h"

#include <emmintrin.h>
#include <sys/mman.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace writ::bench {
namespace {

constexpr std::uint64_t kSeed = 0x1234;

std::uint64_t hash_of(std::string_view text) noexcept {
  return XXH3_64bits_withSeed(text.data(), text.size(), kSeed) | 1U;
}

std::uint32_t bits(__m128i low, __m128i high) noexcept {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) | static_cast<std::uint32_t>(_mm_movemask_epi8(high))
                                                                  << 16U;
}

__m128i between(__m128i x, char low, char high) noexcept {
  return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(static_cast<char>(low - 1))),
                       _mm_cmplt_epi8(x, _mm_set1_epi8(static_cast<char>(high + 1))));
}

__m128i allowed(__m128i x) noexcept {
  const __m128i lower = _mm_or_si128(x, _mm_set1_epi8(0x20));
  return _mm_or_si128(
      between(lower, 'a', 'z'),
      _mm_or_si128(between(x, '-', '.'), _mm_or_si128(between(x, '0', ':'), _mm_cmpeq_epi8(x, _mm_set1_epi8('_')))));
}

// Whether it is "action:type_id", of at most 32 bytes, every byte one that may stand there.
bool well_formed(std::string_view scope) noexcept {
  if (scope.size() > 32 || scope.size() < 5) return false;
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(scope.data()));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(scope.data() + 16));
  const auto live = static_cast<std::uint32_t>((std::uint64_t{1} << scope.size()) - 1);
  const auto equal = [&](char c) {
    return bits(_mm_cmpeq_epi8(low, _mm_set1_epi8(c)), _mm_cmpeq_epi8(high, _mm_set1_epi8(c))) & live;
  };
  const std::uint32_t colons = equal(':');
  const std::uint32_t underscores = equal('_');
  if (colons == 0 || underscores == 0 || (colons & (colons - 1)) != 0) return false;
  const auto colon = static_cast<std::size_t>(std::countr_zero(colons));
  const auto underscore = static_cast<std::size_t>(std::countr_zero(underscores));
  const std::uint32_t fine = bits(allowed(low), allowed(high)) & live;
  return fine == live && underscore > colon + 1 && underscore + 1 < scope.size() && colon != 0;
}

}  // namespace

template <class Line>
void Floor::Table<Line>::reserve(std::size_t count) {
  std::size_t size = 16;
  while (size * 2 < count * 3)
    size *= 2;
  mask = size - 1;
  constexpr std::size_t kHugePage = std::size_t{2} << 20U;
  const std::size_t bytes = (size * sizeof(Line) + kHugePage - 1) / kHugePage * kHugePage;
  void* const memory = std::aligned_alloc(kHugePage, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  madvise(memory, bytes, MADV_HUGEPAGE);
  lines = static_cast<Line*>(memory);
  for (std::size_t i = 0; i < size; ++i)
    new (lines + i) Line();
}

template <class Line>
Line& Floor::Table<Line>::take(std::uint64_t hash) {
  std::size_t at = hash >> 16U & mask;
  while (lines[at].hash != 0)
    at = (at + 1) & mask;
  lines[at].hash = hash;
  return lines[at];
}

Floor::Floor(const World& world) {
  users_.reserve(world.users.size());
  rules_.reserve(world.rules.size());
  for (const WorldUser& from : world.users) {
    User& user = users_.take(hash_of(from.name));
    for (const std::uint32_t role : from.roles)
      user.roles[role / 64] |= std::uint64_t{1} << role % 64;
    user.name_size = static_cast<std::uint32_t>(from.name.size());
    std::memcpy(user.name, from.name.data(), from.name.size());
  }
  for (const WorldRule& from : world.rules) {
    Rule& rule = rules_.take(hash_of(from.scope));
    rule.roles[0] = static_cast<std::uint8_t>(from.role);
    rule.scope_size = static_cast<std::uint8_t>(from.scope.size());
    std::memcpy(rule.scope, from.scope.data(), from.scope.size());
    for (std::size_t i = 0; i < from.tests.size(); ++i) {
      rule.tests[i] = {from.tests[i].key, static_cast<std::uint16_t>(from.tests[i].comparison), from.tests[i].number};
    }
  }
}

const Floor::User* Floor::user(std::uint64_t hash, std::string_view name) const noexcept {
  for (std::size_t at = hash >> 16U & users_.mask;; at = (at + 1) & users_.mask) {
    const User& user = users_.lines[at];
    if (user.hash == hash && std::string_view(user.name, user.name_size) == name) return &user;
    if (user.hash == 0) return nullptr;
  }
}

const Floor::Rule* Floor::rule(std::uint64_t hash, std::string_view scope) const noexcept {
  for (std::size_t at = hash >> 16U & rules_.mask;; at = (at + 1) & rules_.mask) {
    const Rule& rule = rules_.lines[at];
    if (rule.hash == hash && std::string_view(rule.scope, rule.scope_size) == scope) return &rule;
    if (rule.hash == 0) return nullptr;
  }
}

std::uint32_t Floor::test(const Rule& rule, const User& user, const Numbers& numbers) noexcept {
  const std::uint32_t role = rule.roles[0];
  auto holds = static_cast<std::uint32_t>(user.roles[role / 64] >> role % 64 & 1U);
  for (const Test& test : rule.tests) {
    const std::uint32_t number = numbers[test.key];
    const std::uint32_t order =
        1U << (static_cast<unsigned>(number >= test.number) + static_cast<unsigned>(number > test.number));
    holds &= static_cast<std::uint32_t>((order & test.mask) != 0);
  }
  return holds;
}

FloorAnswer Floor::decide(std::string_view name, std::string_view scope, const Numbers& numbers) const noexcept {
  const std::uint64_t user_hash = hash_of(name);
  const std::uint64_t rule_hash = hash_of(scope);
  __builtin_prefetch(&users_.lines[user_hash >> 16U & users_.mask]);
  __builtin_prefetch(&rules_.lines[rule_hash >> 16U & rules_.mask]);
  if (!well_formed(scope)) return FloorAnswer::kMalformed;
  const User* const of_user = user(user_hash, name);
  const Rule* const of_scope = rule(rule_hash, scope);
  if (of_user == nullptr || of_scope == nullptr) return FloorAnswer::kDeny;
  return static_cast<FloorAnswer>(test(*of_scope, *of_user, numbers));
}

std::uint32_t Floor::decide(std::span<const std::string_view> names, std::span<const std::string_view> scopes,
                            std::span<const Numbers* const> numbers) const noexcept {
  constexpr std::size_t kMost = 32;
  std::uint64_t user_hashes[kMost];
  std::uint64_t rule_hashes[kMost];
  for (std::size_t i = 0; i < names.size(); ++i) {
    user_hashes[i] = hash_of(names[i]);
    rule_hashes[i] = hash_of(scopes[i]);
    __builtin_prefetch(&users_.lines[user_hashes[i] >> 16U & users_.mask]);
    __builtin_prefetch(&rules_.lines[rule_hashes[i] >> 16U & rules_.mask]);
  }
  std::uint32_t allowed = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!well_formed(scopes[i])) continue;
    const User* const of_user = user(user_hashes[i], names[i]);
    const Rule* const of_scope = rule(rule_hashes[i], scopes[i]);
    if (of_user != nullptr && of_scope != nullptr) allowed += test(*of_scope, *of_user, *numbers[i]);
  }
  return allowed;
}

}  // namespace writ::bench
