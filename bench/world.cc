#include "bench/world.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace writ::bench {
namespace {

constexpr std::array<std::string_view, 5> kActions = {"read", "write", "delete", "approve", "list"};
constexpr std::size_t kLarge = 1'000'000;

[[noreturn]] void give_up(std::string_view what) {
  std::fprintf(stderr, "writ_bench: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(2);
}

std::string numbered(std::string_view name, std::size_t number) {
  return std::string(name).append(std::to_string(number));
}

std::string user_name(std::size_t i) {
  char text[32];
  std::snprintf(text, sizeof(text), "user-%07zu", i);
  return text;
}

std::string scope_of(std::size_t i) {
  return std::string(kActions[i * 7 % 5]) + ":invoice_" + std::to_string(i);
}

// Draws from n, each as likely, or the k-th with a weight of k^-0.99, scattered over n.
class Draw {
 public:
  Draw(std::size_t n, bool zipf) : n_(n) {
    double sum = 0;
    for (std::size_t i = 0; zipf && i < n; ++i) {
      sum += std::pow(static_cast<double>(i + 1), -0.99);
      sums_.push_back(sum);
    }
  }
  std::size_t operator()(std::mt19937_64& random) const {
    if (sums_.empty()) return static_cast<std::size_t>(random() % n_);
    std::uniform_real_distribution<double> uniform(0, sums_.back());
    const auto at = std::lower_bound(sums_.begin(), sums_.end(), uniform(random)) - sums_.begin();
    return std::min(static_cast<std::size_t>(at), n_ - 1) * 2654435761U % n_;
  }

 private:
  std::size_t n_;
  std::vector<double> sums_;
};

std::string_view symbol(Comparison3 comparison) {
  switch (comparison) {
    case Comparison3::kAtMost:
      return " <= ";
    case Comparison3::kEqual:
      return " == ";
    case Comparison3::kAtLeast:
      break;
  }
  return " >= ";
}

}  // namespace

World World::make(std::size_t rules, std::size_t users) {
  World world;
  std::mt19937_64 random(5);
  const auto below = [&random](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  for (std::size_t i = 0; i < users; ++i) {
    const std::uint32_t one = 1 + below(kRoles - 1);
    const std::uint32_t other = 1 + (one + below(kRoles - 2)) % (kRoles - 1);
    world.users.push_back({user_name(i), {0, one, other}});
  }
  for (std::size_t i = 0; i < rules; ++i) {
    WorldRule rule;
    rule.scope = scope_of(i);
    rule.role = below(4) == 0 ? 1 + below(kRoles - 1) : 0;
    rule.tests[0] = {static_cast<std::uint16_t>(below(8)), Comparison3::kAtLeast, below(1000)};
    rule.tests[1] = {static_cast<std::uint16_t>(below(8)), Comparison3::kAtMost, 2000 + below(1000)};
    rule.tests[2] = {static_cast<std::uint16_t>(8 + below(8)), Comparison3::kEqual, below(2)};
    world.rules.push_back(std::move(rule));
  }
  for (std::size_t i = 0; i < kContexts; ++i) {
    Numbers numbers{};
    for (std::size_t k = 0; k < kKeys; ++k)
      numbers[k] = k < 8 ? 500 + below(2000) : below(2);
    world.contexts.push_back(numbers);
  }
  return world;
}

Traffic Traffic::make(const World& world, bool zipf) {
  Traffic traffic;
  std::mt19937_64 random(9);
  const Draw rules(world.rules.size(), zipf);
  const Draw users(world.users.size(), zipf);
  const bool large = std::max(world.rules.size(), world.users.size()) >= kLarge;
  const std::size_t count = large ? std::size_t{1} << 20U : std::size_t{1} << 14U;
  traffic.mask = count - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& user = world.users[users(random)].name;
    std::string scope = world.rules[rules(random)].scope;
    if (random() % 16 == 0) scope.back() = 'z';
    WorldRequest request;
    request.user = static_cast<std::uint32_t>(traffic.text.size());
    request.user_size = static_cast<std::uint8_t>(user.size());
    traffic.text += user;
    request.scope = static_cast<std::uint32_t>(traffic.text.size());
    request.scope_size = static_cast<std::uint8_t>(scope.size());
    traffic.text += scope;
    request.context = static_cast<std::uint16_t>(random() % kContexts);
    traffic.requests.push_back(request);
  }
  traffic.text.append(64, '\0');
  return traffic;
}

Policy world_policy(const World& world) {
  std::string text = "entity group\nentity user in group\nentity agent\nentity invoice\n";
  text += "actions read, write, delete, approve, list for invoice\ncontext { ";
  for (std::size_t k = 0; k < kKeys; ++k)
    text += numbered(k == 0 ? "c" : ", c", k) + ": int";
  text += " }\n";
  for (const WorldRule& rule : world.rules) {
    text.append("allow ").append(rule.scope).append(numbered(" to group:r", rule.role)).append(" if ");
    for (const RuleTest& test : rule.tests) {
      if (&test != &rule.tests.front()) text += " and ";
      text.append(numbered("c", test.key)).append(symbol(test.comparison)).append(std::to_string(test.number));
    }
    text += "\n";
  }
  const PolicyText file{"world.writ", std::move(text)};
  Compilation compiled = compile_texts({&file, 1});
  if (!compiled.policy) give_up(render(compiled.diagnostics));
  return *compiled.policy;
}

Entities world_entities(const World& world, const Policy& policy) {
  std::vector<std::string> roles;
  for (std::size_t i = 0; i < kRoles; ++i)
    roles.push_back(numbered("r", i));
  std::vector<EntityName> parents;
  for (const WorldUser& user : world.users) {
    for (const std::uint32_t role : user.roles)
      parents.push_back({"group", roles[role]});
  }
  std::vector<EntityRecord> records;
  for (const std::string& role : roles)
    records.push_back({{"group", role}, {}, {}});
  for (std::size_t i = 0; i < world.users.size(); ++i)
    records.push_back({{"user", world.users[i].name}, std::span(parents).subspan(3 * i, 3), {}});
  Result<Entities> entities = Entities::from_records(policy, records);
  if (!entities) give_up(entities.error().detail());
  return *entities;
}

std::vector<Facts> world_facts(const World& world, const Policy& policy) {
  std::vector<Facts> all;
  for (const Numbers& numbers : world.contexts) {
    Facts facts(policy);
    for (std::size_t k = 0; k < kKeys; ++k) {
      if (!facts.set_context(numbered("c", k), Value::integer(numbers[k]))) give_up("a context key is not taken");
    }
    all.push_back(std::move(facts));
  }
  return all;
}

}  // namespace writ::bench
