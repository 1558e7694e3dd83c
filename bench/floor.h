// Floor: a decision without any policy language: what a careful person would write by hand for one fixed set of rules.
//
// One table of users and one of rules, a cache line each, found by a hash of their names whose match is not taken for a
// match of the names; both lines are asked for before the scope is looked at; the scope is validated byte by byte in
// one pass; roles and comparisons without branches. It knows nothing but this: no other spelling, no error but
// "malformed", no reason, no reload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "bench/world.h"

namespace writ::bench {

enum class FloorAnswer : std::uint8_t { kDeny, kAllow, kMalformed };

class Floor {
 public:
  explicit Floor(const World& world);

  // Reads up to 32 bytes from where each text begins.
  FloorAnswer decide(std::string_view user, std::string_view scope, const Numbers& numbers) const noexcept;
  // The same for several, asked for before the first is looked at. How many are allowed.
  std::uint32_t decide(std::span<const std::string_view> users, std::span<const std::string_view> scopes,
                       std::span<const Numbers* const> numbers) const noexcept;

 private:
  struct alignas(64) User {
    std::uint64_t hash = 0;  // 0: free
    std::uint64_t roles[2] = {};
    std::uint32_t name_size = 0;
    char name[36] = {};
  };
  struct Test {
    std::uint16_t key = 0;
    std::uint16_t mask = 0;  // of {<, ==, >}
    std::uint32_t number = 0;
  };
  struct alignas(64) Rule {
    std::uint64_t hash = 0;  // 0: free
    std::uint8_t roles[1] = {};
    std::uint8_t scope_size = 0;
    char scope[30] = {};
    Test tests[3];
  };
  static_assert(sizeof(User) == 64 && sizeof(Rule) == 64);

  const User* user(std::uint64_t hash, std::string_view name) const noexcept;
  const Rule* rule(std::uint64_t hash, std::string_view scope) const noexcept;
  static std::uint32_t test(const Rule& rule, const User& user, const Numbers& numbers) noexcept;

  template <class Line>
  struct Table {
    Line* lines = nullptr;
    std::size_t mask = 0;
    void reserve(std::size_t count);
    Line& take(std::uint64_t hash);
    Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    ~Table() { std::free(lines); }
  };
  Table<User> users_;
  Table<Rule> rules_;
};

}  // namespace writ::bench
