// decide: one decision at a time, against the floor on the same requests (bench/world.h says how they are made).
//
//   decide/RULESxUSERS               uniform requests, each depends on the answer before it: latency
//   decide/RULESxUSERS/independent   the same requests, none waits for another: throughput
//   decide/RULESxUSERS/zipf          latency where few rules and users get most of the requests
//   decide/RULESxUSERS/handles       latency where the host has looked users and the action up before, of 1,000 users
//   decide/RULESxUSERS/batch         32 requests in one call, which batch is next depends on the answers before it
//
// What is warm: everything the machine's caches hold. Tables of a million lines do not fit; requests follow each other
// in memory. The two sides take turns, and each begins with the caches full of what the other has read: where that is
// more than they hold, turns are long, so that it weighs little. Before anything is timed, both have given every
// request the same answer.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/floor.h"
#include "bench/workloads.h"

namespace writ::bench {
namespace {

// Both sides of one world.
struct Sides {
  explicit Sides(const World& with)
      : world(with),
        floor(world),
        policy(world_policy(world)),
        engine(policy, world_entities(world, policy)),
        facts(world_facts(world, policy)) {}

  FloorAnswer by_hand(const Traffic& traffic, const WorldRequest& request) const {
    return floor.decide(traffic.user(request), traffic.scope(request), world.contexts[request.context]);
  }
  Request request(const Traffic& traffic, const WorldRequest& from) const {
    Request request;
    request.user = traffic.user(from);
    request.scope = traffic.scope(from);
    request.time = Time{1'772'442'000'000'000};
    request.facts = &facts[from.context];
    return request;
  }
  Verdict by_policy(const Traffic& traffic, const WorldRequest& from) const {
    const Result<Decision> decision = engine.decide(request(traffic, from));
    return decision ? decision->verdict : Verdict::kStepUp;
  }

  const World& world;
  Floor floor;
  Policy policy;
  Engine engine;
  std::vector<Facts> facts;
};

constexpr std::size_t kBatch = 32;

// A turn in a large world.
constexpr std::size_t kLongBlock = std::size_t{1} << 15U;

std::size_t turn(const Traffic& traffic) {
  return traffic.requests.size() > kLongBlock ? kLongBlock : Session::kBlock;
}

void must_agree(const Sides& sides, const Traffic& traffic) {
  for (const WorldRequest& request : traffic.requests) {
    const bool by_hand = sides.by_hand(traffic, request) == FloorAnswer::kAllow;
    const Verdict by_policy = sides.by_policy(traffic, request);
    if (by_policy != Verdict::kStepUp && by_hand == (by_policy == Verdict::kAllow)) continue;
    std::fprintf(stderr, "writ_bench: decide: the two do not agree about %s for %s\n",
                 std::string(traffic.scope(request)).c_str(), std::string(traffic.user(request)).c_str());
    std::exit(1);
  }
}

// `wait`: which request is next hangs on the answer, in a way that the machine cannot foresee.
template <bool kWait, class Answer>
std::uint64_t go_through(const Traffic& traffic, std::size_t first, std::size_t count, Answer&& answer) {
  std::uint64_t sum = 0;
  std::size_t at = first;
  for (std::size_t i = 0; i < count; ++i) {
    auto one = static_cast<std::uint32_t>(answer(traffic, traffic.requests[at & traffic.mask]));
    if constexpr (kWait) asm volatile("" : "+r"(one));
    at += 1 + (kWait ? one >> 4U : 0);
    sum += one;
  }
  return sum;
}

template <bool kWait>
Comparison compare(Session& session, const std::string& name, const Sides& sides, const Traffic& traffic) {
  return session.compare(
      name,
      [&](std::size_t first, std::size_t count) {
        return go_through<kWait>(traffic, first, count,
                                 [&](const auto& t, const auto& r) { return sides.by_hand(t, r); });
      },
      [&](std::size_t first, std::size_t count) {
        return go_through<kWait>(traffic, first, count,
                                 [&](const auto& t, const auto& r) { return sides.by_policy(t, r); });
      },
      turn(traffic));
}

// The same requests by handles.
class Known {
 public:
  Known(const Sides& sides, const Traffic& traffic) : sides_(sides) {
    std::unordered_map<std::string_view, std::size_t> numbers;
    for (const WorldUser& user : sides.world.users) {
      numbers[user.name] = users_.size();
      users_.push_back(*sides.engine.find_user(user.name));
    }
    for (const WorldRequest& from : traffic.requests) {
      const std::string_view scope = traffic.scope(from);
      const std::string_view action = scope.substr(0, scope.find(':'));
      if (!actions_.contains(action)) actions_.emplace(action, *sides.engine.find_action(action, "invoice"));
      handles_.push_back({&users_[numbers.at(traffic.user(from))], {}, &actions_.at(action)});
      ids_.push_back(scope.substr(scope.find('_') + 1));
    }
  }
  Verdict decide(const Traffic& traffic, const WorldRequest& from) const {
    const auto at = static_cast<std::size_t>(&from - traffic.requests.data());
    Request request;
    request.handles = &handles_[at];
    request.resource_id = ids_[at];
    request.time = Time{1'772'442'000'000'000};
    request.facts = &sides_.facts[from.context];
    const Result<Decision> decision = sides_.engine.decide(request);
    return decision ? decision->verdict : Verdict::kStepUp;
  }

 private:
  const Sides& sides_;
  std::unordered_map<std::string_view, ActionHandle> actions_;
  std::vector<UserHandle> users_;
  std::vector<Handles> handles_;
  std::vector<std::string_view> ids_;
};

Comparison compare_known(Session& session, const std::string& name, const Sides& sides, const Traffic& traffic) {
  const Known known(sides, traffic);
  for (const WorldRequest& request : traffic.requests) {
    if (known.decide(traffic, request) == sides.by_policy(traffic, request)) continue;
    std::fprintf(stderr, "writ_bench: %s: handles and names do not agree\n", name.c_str());
    std::exit(1);
  }
  return session.compare(
      name,
      [&](std::size_t first, std::size_t count) {
        return go_through<true>(traffic, first, count,
                                [&](const auto& t, const auto& r) { return sides.by_hand(t, r); });
      },
      [&](std::size_t first, std::size_t count) {
        return go_through<true>(traffic, first, count,
                                [&](const auto& t, const auto& r) { return known.decide(t, r); });
      },
      turn(traffic));
}

constexpr std::size_t kMostKnown = 1000;
constexpr std::size_t kLargest = 1'000'000'000'000;

// `answer(i)`: how many of the batch that begins with the i-th request are allowed. `count` decisions.
template <class Answer>
std::uint64_t go_through_batches(const Traffic& traffic, std::size_t first, std::size_t count, Answer&& answer) {
  std::uint64_t sum = 0;
  std::size_t at = first / kBatch * kBatch;
  for (std::size_t i = 0; i < count; i += kBatch) {
    auto allowed = static_cast<std::uint32_t>(answer(at & traffic.mask));
    asm volatile("" : "+r"(allowed));
    at += kBatch + (allowed >> 6U);
    sum += allowed;
  }
  return sum;
}

std::uint32_t batch_by_hand(const Sides& sides, const Traffic& traffic, std::size_t first) {
  std::array<std::string_view, kBatch> users;
  std::array<std::string_view, kBatch> scopes;
  std::array<const Numbers*, kBatch> numbers{};
  for (std::size_t i = 0; i < kBatch; ++i) {
    const WorldRequest& request = traffic.requests[(first + i) & traffic.mask];
    users[i] = traffic.user(request);
    scopes[i] = traffic.scope(request);
    numbers[i] = &sides.world.contexts[request.context];
  }
  return sides.floor.decide(users, scopes, numbers);
}

std::uint32_t batch_by_policy(const Sides& sides, const Traffic& traffic, std::size_t first,
                              std::span<Result<Decision>> answers) {
  std::array<Request, kBatch> requests;
  for (std::size_t i = 0; i < kBatch; ++i)
    requests[i] = sides.request(traffic, traffic.requests[(first + i) & traffic.mask]);
  sides.engine.decide(requests, answers);
  std::uint32_t allowed = 0;
  for (const Result<Decision>& answer : answers)
    allowed += answer && answer->allowed() ? 1U : 0U;
  return allowed;
}

Comparison compare_batches(Session& session, const std::string& name, const Sides& sides, const Traffic& traffic) {
  std::vector<Result<Decision>> answers(kBatch, Decision());
  for (std::size_t first = 0; first < traffic.requests.size(); first += kBatch) {
    if (batch_by_hand(sides, traffic, first) == batch_by_policy(sides, traffic, first, answers)) continue;
    std::fprintf(stderr, "writ_bench: %s: the two do not agree\n", name.c_str());
    std::exit(1);
  }
  return session.compare(
      name,
      [&](std::size_t first, std::size_t count) {
        return go_through_batches(traffic, first, count,
                                  [&](std::size_t at) { return batch_by_hand(sides, traffic, at); });
      },
      [&](std::size_t first, std::size_t count) {
        return go_through_batches(traffic, first, count,
                                  [&](std::size_t at) { return batch_by_policy(sides, traffic, at, answers); });
      },
      turn(traffic));
}

std::optional<Goal> goal_of(std::size_t rules, std::size_t users) {
  if (rules == 1000 && users == 1000) return Goal{1.5, 1.15};
  if (rules == 1'000'000 && users == 1'000'000) return Goal{1.3, 1.15};
  return std::nullopt;
}

}  // namespace

void decide(Session& session) {
  for (const std::size_t rules : {10, 1000, 1'000'000}) {
    for (const std::size_t users : {1000, 1'000'000}) {
      if (session.quick() && (rules > 1000 || users > 1000)) continue;
      const std::string name = "decide/" + std::to_string(rules) + "x" + std::to_string(users);
      session.progress(name);
      const World world = World::make(rules, users);
      const Sides sides(world);
      const Traffic uniform = Traffic::make(world, false);
      must_agree(sides, uniform);
      session.put(name, compare<true>(session, name, sides, uniform), goal_of(rules, users));
      session.put(name + "/independent", compare<false>(session, name, sides, uniform));
      const std::optional<Goal> of_batch = users * rules < kLargest ? std::nullopt : std::optional(Goal{1.3, 1.15});
      if (users <= kMostKnown)
        session.put(name + "/handles", compare_known(session, name + "/handles", sides, uniform));
      session.put(name + "/batch", compare_batches(session, name + "/batch", sides, uniform), of_batch);
      const Traffic zipf = Traffic::make(world, true);
      must_agree(sides, zipf);
      session.put(name + "/zipf", compare<true>(session, name, sides, zipf));
    }
  }
}

}  // namespace writ::bench
