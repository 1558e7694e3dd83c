// decide: one decision at a time, against the floor on the same requests (bench/world.h says how they are made).
//
//   decide/RULESxUSERS               uniform requests, each depends on the answer before it: latency
//   decide/RULESxUSERS/independent   the same requests, none waits for another: throughput
//   decide/RULESxUSERS/zipf          latency where few rules and users get most of the requests
//
// What is warm: everything the machine's caches hold. Tables of a million lines do not fit; requests follow each other
// in memory. Before anything is timed, both have given every request the same answer.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

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
  Verdict by_policy(const Traffic& traffic, const WorldRequest& from) const {
    Request request;
    request.user = traffic.user(from);
    request.scope = traffic.scope(from);
    request.time = Time{1'772'442'000'000'000};
    request.facts = &facts[from.context];
    const Result<Decision> decision = engine.decide(request);
    return decision ? decision->verdict : Verdict::kStepUp;
  }

  const World& world;
  Floor floor;
  Policy policy;
  Engine engine;
  std::vector<Facts> facts;
};

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
      });
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
      const Traffic zipf = Traffic::make(world, true);
      must_agree(sides, zipf);
      session.put(name + "/zipf", compare<true>(session, name, sides, zipf));
    }
  }
}

}  // namespace writ::bench
