// World: rules, users and requests at random, from which both the floor's tables and Writ's policy and data are made,
// so that both decide the same.
//
// Rule i is about one scope, "read:invoice_17", names one of 128 roles (three of four name the role that everybody has)
// and compares three of sixteen integers that come with the request: >=, <= and ==. User i, "user-0000017", has that
// role and two of the others. One request in sixteen asks for an invoice that no rule speaks of; of the others 30 to 40
// % are allowed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "writ/engine.h"
#include "writ/facts.h"

namespace writ::bench {

inline constexpr std::uint32_t kRoles = 128;
inline constexpr std::size_t kKeys = 16;       // integers that come with a request
inline constexpr std::size_t kContexts = 256;  // different ones

enum class Comparison3 : std::uint8_t { kAtMost = 3, kEqual = 2, kAtLeast = 6 };  // masks of {<, ==, >}

struct RuleTest {
  std::uint16_t key = 0;
  Comparison3 comparison = Comparison3::kEqual;
  std::uint32_t number = 0;
};

struct WorldRule {
  std::string scope;
  std::uint32_t role = 0;
  std::array<RuleTest, 3> tests;
};

struct WorldUser {
  std::string name;
  std::array<std::uint32_t, 3> roles{};
};

using Numbers = std::array<std::uint32_t, kKeys>;

// Who asks for what: texts in World::text, which can be read for 64 bytes past the end of each.
struct WorldRequest {
  std::uint32_t user = 0;
  std::uint32_t scope = 0;
  std::uint8_t user_size = 0;
  std::uint8_t scope_size = 0;
  std::uint16_t context = 0;
};

struct World {
  std::vector<WorldRule> rules;
  std::vector<WorldUser> users;
  std::vector<Numbers> contexts;

  static World make(std::size_t rules, std::size_t users);
};

// Requests for a world: a power of two of them, more than caches hold where the world is larger than they are.
struct Traffic {
  std::string text;
  std::vector<WorldRequest> requests;
  std::size_t mask = 0;

  // `zipf`: few rules and users get most of the requests (exponent 0.99), otherwise all the same.
  static Traffic make(const World& world, bool zipf);
  std::string_view user(const WorldRequest& r) const { return {text.data() + r.user, r.user_size}; }
  std::string_view scope(const WorldRequest& r) const { return {text.data() + r.scope, r.scope_size}; }
};

// What Writ decides a world with.
Policy world_policy(const World& world);
Entities world_entities(const World& world, const Policy& policy);
std::vector<Facts> world_facts(const World& world, const Policy& policy);

}  // namespace writ::bench
