// deny: a refusal costs what a grant costs, so that nobody tells by a clock what stands in a policy.
//
//   deny/condition   refused because no condition holds, against allowed, of the same resources: bench/world.h, 1,000
//                    rules and 1,000 users
//   deny/statement   refused because a deny applies, against allowed: one allow and one deny for each of 1,000
//                    resources, and a context key that says which
//
// The floor is Writ itself where it allows. Every statement that could matter is evaluated whatever the others say, and
// comparisons do not branch on what is compared.
#include <string>
#include <vector>

#include "bench/sides.h"
#include "bench/workloads.h"
#include "bench/world.h"

namespace writ::bench {
namespace {

// Requests repeated in turn until there are enough of them.
std::vector<Request> repeated(const std::vector<Request>& some) {
  if (some.empty()) give_up("deny: none of that kind");
  std::vector<Request> all;
  for (std::size_t i = 0; i < kRequests; ++i)
    all.push_back(some[i % some.size()]);
  return all;
}

void compare(Session& session, const std::string& name, const Engine& engine, const std::vector<Request>& allowed,
             const std::vector<Request>& refused) {
  session.progress(name);
  const std::vector<Request> sides[2] = {repeated(allowed), repeated(refused)};
  const auto block = [&](std::size_t side) {
    return [&engine, &requests = sides[side]](std::size_t first, std::size_t rounds) {
      return chained(first, rounds, kRequests, [&](std::size_t i) { return allows(engine, requests[i]); });
    };
  };
  const Comparison comparison = session.compare(name, block(0), block(1));
  session.put({name, "ratio_to_allow", comparison.ratio(), Goal{1.05, std::nullopt},
               "allowed ns: " + spread(comparison.floor) + "; refused ns: " + spread(comparison.writ)});
}

void by_condition(Session& session) {
  const World world = World::make(1000, 1000);
  const Traffic traffic = Traffic::make(world, false);
  const Policy policy = world_policy(world);
  const Engine engine(policy, world_entities(world, policy));
  const std::vector<Facts> facts = world_facts(world, policy);
  std::vector<Request> allowed;
  std::vector<Request> refused;
  for (const WorldRequest& from : traffic.requests) {
    Request request;
    request.user = traffic.user(from);
    request.scope = traffic.scope(from);
    request.time = kNow;
    request.facts = &facts[from.context];
    if (request.scope.ends_with('z')) continue;  // no rule speaks of it
    (allows(engine, request) ? allowed : refused).push_back(request);
  }
  compare(session, "deny/condition", engine, allowed, refused);
}

void by_statement(Session& session) {
  std::string text = "entity user\nentity doc\nactions read for doc\ncontext { level: int }\n";
  Texts texts;
  texts.add("u1");
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string scope = "read:doc_" + std::to_string(i);
    text.append("allow ").append(scope).append("\ndeny ").append(scope).append(" if level >= 5 because \"no\"\n");
    texts.add(scope);
  }
  const Policy policy = compiled(std::move(text));
  const Engine engine(policy, Entities::none(policy));
  Facts low(policy);
  Facts high(policy);
  if (!low.set_context("level", Value::integer(4)) || !high.set_context("level", Value::integer(5))) give_up("deny");
  std::vector<Request> sides[2];
  for (std::size_t i = 0; i < 1000; ++i) {
    Request request;
    request.user = texts[0];
    request.scope = texts[1 + i * 7 % 1000];
    request.time = kNow;
    for (const Facts* facts : {&low, &high}) {
      request.facts = facts;
      if (allows(engine, request) != (facts == &low)) give_up("deny/statement: not as it is meant");
      sides[facts == &low ? 0 : 1].push_back(request);
    }
  }
  compare(session, "deny/statement", engine, sides[0], sides[1]);
}

}  // namespace

void deny(Session& session) {
  by_condition(session);
  by_statement(session);
}

}  // namespace writ::bench
