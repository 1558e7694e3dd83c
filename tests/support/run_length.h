// How much the tests draw at random.
#pragma once

#include <cstdint>

namespace writ::test {

// 1 for the run that everybody makes. WRIT_RUN_LENGTH=10 makes it ten times as long, and sanitizers, which are slow,
// run with a tenth (./run asan): another seed finds less than another path does, and the paths are all there.
double run_length();

// That share of `usual`, and at least one.
std::uint64_t drawn(std::uint64_t usual);

}  // namespace writ::test
