// instructions: whether a decision still takes the instructions that recorded.txt says, and the same at 10 rules as at
// a million. Counted by callgrind, not timed: the same in every run of one compiler and C library. Where these are
// others than the recorded ones, the record says nothing about them and only the variation is checked. Usage:
// instructions RECORDED. Exit status: 0 good, 1 too many or too different, 2 it could not be counted.
#include <gnu/libc-version.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>

#include "bench/count_decisions.h"

namespace writ::bench {
namespace {

constexpr double kMostMore = 1.05;

std::string built_by() {
#ifdef __clang__
  return std::string("clang ") + __clang_version__ + " glibc " + gnu_get_libc_version();
#else
  return std::string("gcc ") + __VERSION__ + " glibc " + gnu_get_libc_version();
#endif
}

// The line of that name, without the name.
std::optional<std::string> recorded(const char* file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
  return std::nullopt;
}

// Against the record; true where there is nothing to hold against it.
bool keeps_to(const char* file, double most) {
  const std::optional<std::string> builder = recorded(file, "built-by");
  const std::optional<std::string> bound = recorded(file, "instructions");
  if (!builder || !bound) {
    std::fprintf(stderr, "instructions: %s must have a line built-by and a line instructions\n", file);
    return false;
  }
  if (*builder != built_by()) {
    std::printf("recorded for %s, this is %s: the number is not compared\n", builder->c_str(), built_by().c_str());
    return true;
  }
  const double allowed = std::stod(*bound);
  std::printf("recorded %.0f, measured %.0f\n", allowed, most);
  if (most <= allowed * kMostMore) return true;
  std::fprintf(stderr, "instructions: more than 5 %% above the record: make it cheaper, or record it and say why\n");
  return false;
}

int run(const char* file) {
  double least = 1e9;
  double most = 0;
  for (const std::size_t rules : kRuleCounts) {
    const std::optional<DecisionCount> counted = count_decisions(rules);
    if (!counted) {
      std::fprintf(stderr, "instructions: cannot count: is there a valgrind?\n");
      return 2;
    }
    std::printf("%8zu rules: %.1f instructions a decision, written by hand %.1f\n", rules, counted->writ,
                counted->floor);
    least = std::min(least, counted->writ);
    most = std::max(most, counted->writ);
  }
  std::printf("variation %.2f %%\n", (most / least - 1) * 100);
  const bool even = most <= least * kMostMore;
  if (!even) std::fprintf(stderr, "instructions: they grow with the rules by more than 5 %%\n");
  return keeps_to(file, most) && even ? 0 : 1;
}

}  // namespace
}  // namespace writ::bench

int main(int count, char** words) {
  using namespace writ::bench;
  if (is_counted_run(count, words)) return run_counted(words);
  if (count != 2) {
    std::fprintf(stderr, "instructions: usage: instructions RECORDED\n");
    return 2;
  }
  return run(words[1]);
}
