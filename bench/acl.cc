// acl: an access control list: one statement for each resource, which names one user, as peers are measured with.
//
//   acl/N   N statements "allow read:data_I to user:uJ", 10 to 1,000,000 of them, J at random out of 1,000
//
// Three of four requests are by the user named. The floor has one table, from the scope to the user's name, and knows
// nothing of any user but its name. The users are in Writ's data. What is warm: what fits in the caches.
#include <random>
#include <string>

#include "bench/by_hand.h"
#include "bench/sides.h"
#include "bench/workloads.h"

namespace writ::bench {
namespace {

constexpr std::size_t kUsers = 1000;

std::string user_name(std::size_t user) {
  return "u" + std::to_string(user);
}

void acl(Session& session, std::size_t rules, std::optional<double> most_ns) {
  const std::string name = "acl/" + std::to_string(rules);
  session.progress(name);
  std::mt19937_64 random(11);
  std::vector<std::string> owner;
  std::string text = "entity user\nentity data\nactions read for data\n";
  NamedTable<std::string> by_scope(rules);
  for (std::size_t i = 0; i < rules; ++i) {
    owner.push_back(user_name(random() % kUsers));
    const std::string scope = "read:data_" + std::to_string(i);
    text.append("allow ").append(scope).append(" to user:").append(owner.back()).append("\n");
    by_scope[scope] = owner.back();
  }
  const Policy policy = compiled(std::move(text));
  std::vector<std::string> names;
  std::vector<EntityRecord> records;
  names.reserve(kUsers);
  for (std::size_t i = 0; i < kUsers; ++i)
    records.push_back({{"user", names.emplace_back(user_name(i))}, {}, {}});
  const Engine engine(policy, entities_of(policy, records));
  Texts texts;
  for (std::size_t i = 0; i < kRequests; ++i) {
    const std::size_t rule = random() % rules;
    texts.add(random() % 4 == 0 ? user_name(random() % kUsers) : owner[rule]);
    texts.add("read:data_" + std::to_string(rule));
  }
  std::vector<Request> requests(kRequests);
  for (std::size_t i = 0; i < kRequests; ++i) {
    requests[i].user = texts[2 * i];
    requests[i].scope = texts[2 * i + 1];
    requests[i].time = kNow;
  }
  const auto by_hand = [&](std::size_t i) {
    const Request& request = requests[i];
    const std::size_t hash = by_scope.hash(request.scope);
    by_scope.prefetch(hash);
    if (!bytes_by_hand(request.scope)) return false;
    const std::string* const user = by_scope.find(hash, request.scope);
    return user != nullptr && *user == request.user;
  };
  put_with_ns(session, name, compare_sides(session, name, engine, requests, by_hand), most_ns);
}

}  // namespace

void acl(Session& session) {
  acl(session, 10, 60);
  acl(session, 1'000, std::nullopt);
  if (session.quick()) return;
  acl(session, 100'000, std::nullopt);
  acl(session, 1'000'000, 350);
}

}  // namespace writ::bench
