// Instructions an operation takes: the same in every run, where times are not. Counted by valgrind's callgrind.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace writ::bench {

// Counted in two runs of this program as `--count OPERATION N`, with `few` and `many` times: what they differ by is the
// operations' alone. None where there is no valgrind.
std::optional<double> instructions(const std::string& operation, std::size_t few = 5, std::size_t many = 55);

// Counted in one run of this program with these words, between CALLGRIND_START_INSTRUMENTATION and _STOP_: what is made
// ready before runs ten times as fast as what is counted.
std::optional<double> instructions_inside(const std::vector<std::string>& words);

}  // namespace writ::bench
