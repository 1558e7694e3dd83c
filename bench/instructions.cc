// instructions: what a decision takes at 10, 1,000, 100,000 and 1,000,000 rules, counted by callgrind: the same in
// every run, so that it shows what times hide in cache misses: whether the work grows with the rules.
//
//   instructions/RULES      of one decision, the call included, and of the one written by hand for the same requests
//   instructions/variation  how much the largest of these is above the smallest, in per cent
//
// The world is that of bench/world.h with 1,000 users, uniform. tests/instructions checks the same in every test run.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

#include "bench/count_decisions.h"
#include "bench/workloads.h"

namespace writ::bench {

void instructions(Session& session) {
  double least = 1e9;
  double most = 0;
  for (const std::size_t rules : kRuleCounts) {
    if (session.quick() && rules > 1000) continue;
    const std::string name = "instructions/" + std::to_string(rules);
    session.progress(name);
    const std::optional<DecisionCount> counted = count_decisions(rules);
    if (!counted) {
      session.put({name, "instructions", 0, std::nullopt, "not counted: there is no valgrind here"});
      return;
    }
    least = std::min(least, counted->writ);
    most = std::max(most, counted->writ);
    char said[96];
    std::snprintf(said, sizeof(said), "floor %.1f, ratio %.2f", counted->floor, counted->writ / counted->floor);
    session.put({name, "instructions", counted->writ, Goal{350, 300}, said});
  }
  session.put({"instructions/variation", "per_cent", (most / least - 1) * 100, Goal{5, std::nullopt}, {}});
}

}  // namespace writ::bench
