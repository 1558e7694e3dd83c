// explain: every reason of one decision, for a log or for people, while the policy has 1,000,000 statements.
//
//   explain/N   explain() of requests drawn at random in a world of N rules and 1,000 users (bench/world.h)
//   message/N   a scope that is none, and what was probably meant by it
//
// There is nothing by hand to compare it with: the floor decides and knows no reasons. The goal is that nobody waits: a
// millisecond.
#include <string>

#include "bench/sides.h"
#include "bench/workloads.h"
#include "bench/world.h"

namespace writ::bench {
namespace {

constexpr double kAtOnce = 1e6;  // ns

void put(Session& session, const std::string& name, const Series& series) {
  session.put({name, "p99_ns", series.p99(), Goal{kAtOnce, std::nullopt}, spread(series)});
}

}  // namespace

void explain(Session& session) {
  const std::size_t rules = session.quick() ? 1'000 : 1'000'000;
  const std::string suffix = "/" + std::to_string(rules);
  session.progress("explain" + suffix);
  const World world = World::make(rules, 1'000);
  const Traffic traffic = Traffic::make(world, false);
  const Policy policy = world_policy(world);
  const Engine engine(policy, world_entities(world, policy));
  const std::vector<Facts> facts = world_facts(world, policy);
  const auto ask = [&](std::size_t at, std::string_view scope) {
    const WorldRequest& from = traffic.requests[at & traffic.mask];
    Request request;
    request.user = traffic.user(from);
    request.scope = scope.empty() ? traffic.scope(from) : scope;
    request.time = kNow;
    request.facts = &facts[from.context];
    return engine.explain(request);
  };
  // One a block: the slowest counts.
  put(session, "explain" + suffix,
      session.measure(
          "explain",
          [&](std::size_t first, std::size_t) {
            const Result<Explanation> told = ask(first, {});
            return told ? told->steps.size() : std::size_t{0};
          },
          1));
  if (ask(0, "raed:invoice_1")) give_up("explain: a misspelt scope is taken");
  put(session, "message" + suffix,
      session.measure(
          "message",
          [&](std::size_t first, std::size_t) { return ask(first, "raed:invoice_1").error().detail().size(); }, 1));
}

}  // namespace writ::bench
