// chain: one to eight agents hand a request on; each must be trusted with it, none may be one that a deny names.
//
//   chain/N   "allow read:invoice_* to group:staff", a trust for each of 100 agents, a deny via one of them; 1,000
//   users,
//             900 of them staff. Half of the requests have an agent that nobody trusts.
//
// The floor has a table of users and one of agents, each with a bit or two. What is warm: everything.
#include <random>
#include <string>
#include <vector>

#include "bench/by_hand.h"
#include "bench/sides.h"
#include "bench/workloads.h"

namespace writ::bench {
namespace {

constexpr std::size_t kUsers = 1000;
constexpr std::size_t kTrusted = 100;

std::string agent_name(std::size_t agent) {
  return "agent:a" + std::to_string(agent);
}

struct Side {
  Side() : users(kUsers), agents(2 * kTrusted), policy(policy_text()), engine(policy, people(policy)) {
    for (std::size_t i = 0; i < kUsers; ++i)
      users["u" + std::to_string(i)] = i % 10 != 0;
    for (std::size_t i = 0; i < 2 * kTrusted; ++i)
      agents[agent_name(i)] = {i < kTrusted, i == 7};
  }
  static Policy policy_text() {
    std::string text =
        "entity group: staff\nentity user in group\nentity agent\nentity invoice\nactions read for invoice\n"
        "allow read:invoice_* to group:staff\ndeny read:invoice_* via agent:a7 because \"recalled\"\n";
    for (std::size_t i = 0; i < kTrusted; ++i)
      text += "trust " + agent_name(i) + " with read:invoice_*\n";
    return compiled(std::move(text));
  }
  static Entities people(const Policy& policy) {
    static constexpr EntityName kStaff{"group", "staff"};
    std::vector<std::string> names;
    names.reserve(kUsers + 2 * kTrusted);
    std::vector<EntityRecord> records;
    for (std::size_t i = 0; i < kUsers; ++i) {
      const std::span<const EntityName> parents(&kStaff, i % 10 != 0 ? 1 : 0);
      records.push_back({{"user", names.emplace_back("u" + std::to_string(i))}, parents, {}});
    }
    for (std::size_t i = 0; i < 2 * kTrusted; ++i)
      records.push_back({{"agent", names.emplace_back("a" + std::to_string(i))}, {}, {}});
    return entities_of(policy, records);
  }

  struct Agent {
    bool trusted = false;
    bool recalled = false;
  };
  NamedTable<bool> users;
  NamedTable<Agent> agents;
  Policy policy;
  Engine engine;
};

void chain(Session& session, const Side& side, std::size_t length) {
  std::mt19937_64 random(17);
  Texts texts;
  for (std::size_t i = 0; i < kRequests; ++i) {
    texts.add("u" + std::to_string(random() % kUsers));
    texts.add("read:invoice_" + std::to_string(random() % 100'000));
    const std::size_t stranger = random() % 2 == 0 ? random() % length : length;
    for (std::size_t k = 0; k < length; ++k)
      texts.add(agent_name(random() % kTrusted + (k == stranger ? kTrusted : 0)));
  }
  const std::size_t each = 2 + length;
  std::vector<std::string_view> views;
  for (std::size_t i = 0; i < texts.size(); ++i)
    views.push_back(texts[i]);
  std::vector<Request> requests(kRequests);
  for (std::size_t i = 0; i < kRequests; ++i) {
    requests[i].user = views[i * each];
    requests[i].scope = views[i * each + 1];
    requests[i].agents = std::span(views).subspan(i * each + 2, length);
    requests[i].time = kNow;
  }
  const auto by_hand = [&](std::size_t i) {
    const Request& request = requests[i];
    if (!bytes_by_hand(request.scope) || !request.scope.starts_with("read:invoice_")) return false;
    const bool* const staff = side.users.find(request.user);
    bool may = staff != nullptr && *staff && request.scope.size() > 13;
    for (const std::string_view name : request.agents) {
      const Side::Agent* const agent = side.agents.find(name);
      may &= agent != nullptr && agent->trusted && !agent->recalled;
    }
    return may;
  };
  const std::string name = "chain/" + std::to_string(length);
  session.put(name, compare_sides(session, name, side.engine, requests, by_hand));
}

}  // namespace

void chain(Session& session) {
  const Side side;
  for (const std::size_t length : {1, 2, 4, 8})
    chain(session, side, length);
}

}  // namespace writ::bench
