// Instructions an operation takes: the same in every run, where times are not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace writ::bench {

// Counted by valgrind's callgrind in two runs of this program as `--count OPERATION N`, with `few` and `many` times:
// what they differ by is the operations' alone. None where there is no valgrind.
std::optional<double> instructions(const std::string& operation, std::size_t few = 5, std::size_t many = 55);

}  // namespace writ::bench
