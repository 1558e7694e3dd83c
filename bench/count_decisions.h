// How many instructions a decision takes in a world of so many rules and 1,000 users (bench/world.h), and how many the
// one written by hand for the same requests.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace writ::bench {

inline constexpr std::size_t kRuleCounts[] = {10, 1000, 100'000, 1'000'000};

struct DecisionCount {
  double floor = 0;
  double writ = 0;
};

// Compiles the world's policy into an image in a file of its own, and has both counted in runs of this program, which
// gives such words to run_counted(). None where there is no valgrind.
std::optional<DecisionCount> count_decisions(std::size_t rules);

// Is what count_decisions() runs: `--decisions floor|writ RULES IMAGE`.
bool is_counted_run(int count, char** words);
int run_counted(char** words);

}  // namespace writ::bench
