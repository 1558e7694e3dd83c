// Reads WRIT_RUN_LENGTH. Every random test stands on it.
#include "tests/support/run_length.h"

#include <algorithm>
#include <cstdlib>

namespace writ::test {

double run_length() {
  const char* wanted = std::getenv("WRIT_RUN_LENGTH");
  return wanted == nullptr ? 1.0 : std::clamp(std::atof(wanted), 0.001, 1'000'000.0);
}

std::uint64_t drawn(std::uint64_t usual) {
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(usual) * run_length()));
}

}  // namespace writ::test
