// rbac: Casbin's own benchmark of roles (casbin/casbin, rbac_b_test.go): role R may read data R / 10, user U has role
// U / 10.
//
//   rbac/small    1,000 users, 100 roles
//   rbac/medium   10,000 users, 1,000 roles
//   rbac/large    100,000 users, 10,000 roles
//
// So each resource has ten statements, one for each role. Casbin always asks for the same; here users are drawn at
// random, and half of the requests are for what the user may read. The floor has a table from users to the number of
// their role and one from scopes to the numbers of ten roles. What is warm: what fits in the caches.
#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "bench/by_hand.h"
#include "bench/sides.h"
#include "bench/workloads.h"

namespace writ::bench {
namespace {

struct Roles {
  std::array<std::uint32_t, 10> may{};
};

std::string numbered(const char* name, std::size_t number) {
  return name + std::to_string(number);
}

Policy policy_of(std::size_t roles) {
  std::string text = "entity role\nentity user in role\nentity data\nactions read for data\n";
  for (std::size_t role = 0; role < roles; ++role) {
    text.append(numbered("allow read:data_", role / 10)).append(numbered(" to role:role", role)).append("\n");
  }
  return compiled(std::move(text));
}

Entities people(const Policy& policy, std::size_t users, std::size_t roles) {
  std::vector<std::string> names;
  names.reserve(users + roles);
  std::vector<EntityName> parents;
  parents.reserve(users);
  std::vector<EntityRecord> records;
  for (std::size_t role = 0; role < roles; ++role)
    records.push_back({{"role", names.emplace_back(numbered("role", role))}, {}, {}});
  for (std::size_t user = 0; user < users; ++user) {
    parents.push_back({"role", names[user / 10]});
    records.push_back({{"user", names.emplace_back(numbered("user", user))}, {&parents.back(), 1}, {}});
  }
  return entities_of(policy, records);
}

void rbac(Session& session, const std::string& name, std::size_t users, std::optional<double> most_ns) {
  session.progress(name);
  const std::size_t roles = users / 10;
  const Policy policy = policy_of(roles);
  const Engine engine(policy, people(policy, users, roles));
  NamedTable<std::uint32_t> role_of(users);
  for (std::size_t user = 0; user < users; ++user)
    role_of[numbered("user", user)] = static_cast<std::uint32_t>(user / 10);
  NamedTable<Roles> readers(roles / 10);
  for (std::size_t role = 0; role < roles; ++role)
    readers[numbered("read:data_", role / 10)].may[role % 10] = static_cast<std::uint32_t>(role);
  std::mt19937_64 random(13);
  Texts texts;
  for (std::size_t i = 0; i < kRequests; ++i) {
    const std::size_t user = random() % users;
    texts.add(numbered("user", user));
    texts.add(numbered("read:data_", random() % 2 == 0 ? user / 100 : random() % (roles / 10)));
  }
  std::vector<Request> requests(kRequests);
  for (std::size_t i = 0; i < kRequests; ++i) {
    requests[i].user = texts[2 * i];
    requests[i].scope = texts[2 * i + 1];
    requests[i].time = kNow;
  }
  const auto by_hand = [&](std::size_t i) {
    const Request& request = requests[i];
    const std::size_t of_user = role_of.hash(request.user);
    const std::size_t of_scope = readers.hash(request.scope);
    role_of.prefetch(of_user);
    readers.prefetch(of_scope);
    if (!bytes_by_hand(request.scope)) return false;
    const std::uint32_t* const role = role_of.find(of_user, request.user);
    const Roles* const of_data = readers.find(of_scope, request.scope);
    if (role == nullptr || of_data == nullptr) return false;
    bool may = false;
    for (const std::uint32_t one : of_data->may)
      may |= one == *role;
    return may;
  };
  put_with_ns(session, name, compare_sides(session, name, engine, requests, by_hand), most_ns);
}

}  // namespace

void rbac(Session& session) {
  rbac(session, "rbac/small", 1'000, 60);
  if (session.quick()) return;
  rbac(session, "rbac/medium", 10'000, std::nullopt);
  rbac(session, "rbac/large", 100'000, 250);
}

}  // namespace writ::bench
