// reload: decisions while policy and data are replaced, in a world of 1,000 rules and 1,000 users (bench/world.h).
//
//   reload/protection   what it costs a decision that its state might be replaced: beside the same steps without
//   reload/threads      two threads that decide at once, against one: how much more they get done
//   reload/p99.9        the time of one decision, exceeded by one of 1,000, while another thread replaces policy and
//   data
//                       as fast as it can, against the same without it; policies and data were made before
//
// The floor of the first is no other program but the decision itself, without protection; the others have none. They
// need two processors that nobody else uses.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "bench/sides.h"
#include "bench/workloads.h"
#include "bench/world.h"
#include "src/engine/lane.h"

namespace writ::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kLifetime = 600;

double nanoseconds(Clock::duration taken) {
  return std::chrono::duration<double, std::nano>(taken).count();
}

struct Side {
  explicit Side(const World& with)
      : world(with),
        traffic(Traffic::make(world, false)),
        policy(world_policy(world)),
        entities(world_entities(world, policy)),
        engine(policy, entities),
        lane(policy.program(), entities.snapshot(), 1, kLifetime, nullptr),
        facts(world_facts(world, policy)) {}

  Request request(std::size_t at) const {
    const WorldRequest& from = traffic.requests[at & traffic.mask];
    Request request;
    request.user = traffic.user(from);
    request.scope = traffic.scope(from);
    request.time = kNow;
    request.facts = &facts[from.context];
    return request;
  }
  // What Engine::decide() does, but for what keeps the state from being given back meanwhile.
  bool unprotected(std::size_t at) const {
    const Result<Decision> decision = writ::decide(lane, request(at));
    return decision && decision->allowed();
  }

  const World& world;
  Traffic traffic;
  Policy policy;
  Entities entities;
  Engine engine;
  Lane lane;
  std::vector<Facts> facts;
};

void protection(Session& session, const Side& side) {
  const std::string name = "reload/protection";
  session.progress(name);
  const std::size_t count = side.traffic.mask + 1;
  const Comparison comparison = session.compare(
      name,
      [&](std::size_t first, std::size_t rounds) {
        return chained(first, rounds, count, [&](std::size_t i) { return side.unprotected(i); });
      },
      [&](std::size_t first, std::size_t rounds) {
        return chained(first, rounds, count, [&](std::size_t i) { return allows(side.engine, side.request(i)); });
      });
  session.put({name, "ns", comparison.writ.median() - comparison.floor.median(), Goal{1, std::nullopt},
               "without ns: " + spread(comparison.floor) + "; with ns: " + spread(comparison.writ)});
}

std::uint64_t decide_many(const Side& side, std::size_t first, std::size_t count) {
  std::uint64_t allowed = 0;
  for (std::size_t i = 0; i < count; ++i)
    allowed += allows(side.engine, side.request(first + i)) ? 1U : 0U;
  return allowed;
}

// Until `threads` have each made `count` decisions, all begun together.
double seconds_of(const Side& side, std::size_t threads, std::size_t count) {
  std::atomic<std::size_t> waiting{threads};
  std::vector<Clock::time_point> begun(threads);
  std::vector<Clock::time_point> ended(threads);
  std::vector<std::thread> all;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    all.emplace_back([&, thread] {
      static_cast<void>(decide_many(side, thread * 5000, 1000));
      --waiting;
      while (waiting.load() != 0) {
      }
      begun[thread] = Clock::now();
      volatile std::uint64_t kept = decide_many(side, thread * 5000, count);
      static_cast<void>(kept);
      ended[thread] = Clock::now();
    });
  }
  for (std::thread& thread : all)
    thread.join();
  return nanoseconds(*std::max_element(ended.begin(), ended.end()) - *std::min_element(begun.begin(), begun.end())) *
         1e-9;
}

void threads(Session& session, const Side& side) {
  const std::string name = "reload/threads";
  session.progress(name);
  const std::size_t count = session.quick() ? 1'000 : 200'000;
  Series gains;
  for (int round = 0; round < (session.quick() ? 2 : 31); ++round) {
    const double one = seconds_of(side, 1, count);
    gains.samples.push_back(2 * one / seconds_of(side, 2, count));
  }
  char said[96];
  std::snprintf(said, sizeof(said), "least %.2f, most %.2f; of %u processors", gains.least(), gains.quantile(1),
                std::thread::hardware_concurrency());
  session.put({name, "gain", gains.median(), Goal{1.9, 1.97, true}, said});
}

// Decisions one by one, each with a look at the clock.
void time_each(const Side& side, std::size_t first, std::size_t count, std::vector<double>& samples) {
  std::uint64_t allowed = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Request request = side.request(first + i);
    const Clock::time_point begin = Clock::now();
    allowed += allows(side.engine, request) ? 1U : 0U;
    samples.push_back(nanoseconds(Clock::now() - begin));
  }
  if (allowed == 0) give_up("reload: nothing is allowed");
}

void during_reloads(Session& session, Side& side) {
  const std::string name = "reload/p99.9";
  session.progress(name);
  const Policy others[2] = {side.policy, world_policy(side.world)};
  const Entities data[2] = {side.entities, world_entities(side.world, others[1])};
  const std::size_t count = session.quick() ? 2'000 : 200'000;
  Series alone;
  Series beside;
  std::size_t reloads = 0;
  for (int round = 0; round < (session.quick() ? 1 : 10); ++round) {
    time_each(side, 0, count, alone.samples);
    std::atomic<bool> stop{false};
    std::atomic<std::size_t> replaced{0};
    std::thread writer([&] {
      for (std::size_t i = 0; !stop.load(std::memory_order_relaxed); ++i) {
        if (!side.engine.replace(others[i & 1U], data[i & 1U])) give_up("reload: refused");
        ++replaced;
      }
    });
    while (replaced.load() < 10) {
    }
    time_each(side, 0, count, beside.samples);
    stop = true;
    writer.join();
    reloads += replaced.load();
  }
  char said[160];
  std::snprintf(said, sizeof(said),
                "without ns: median %.0f, p99.9 %.0f; with: median %.0f, p99.9 %.0f; %zu replacements", alone.median(),
                alone.quantile(0.999), beside.median(), beside.quantile(0.999), reloads);
  session.put({name, "ratio", beside.quantile(0.999) / alone.quantile(0.999), Goal{1.1, std::nullopt}, said});
}

}  // namespace

void reload(Session& session) {
  const World world = World::make(1000, 1000);
  Side side(world);
  for (std::size_t i = 0; i <= side.traffic.mask; ++i)
    if (side.unprotected(i) != allows(side.engine, side.request(i))) give_up("reload: the two do not agree");
  protection(session, side);
  threads(session, side);
  during_reloads(session, side);
}

}  // namespace writ::bench
