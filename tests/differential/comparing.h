// Counting and reporting, for all that compares the engine with the reference.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/reference/generate.h"
#include "tests/support/run_length.h"
#include "tests/support/twins.h"

namespace writ::test {

// A case without the statements that do not compile.
reference::Case compiling(reference::Case from);

// Compares requests, and shrinks, prints and saves what the two sides disagree about. Gives up printing after a few.
class Comparing {
 public:
  explicit Comparing(std::string name) : name_(std::move(name)) {}
  ~Comparing();  // prints what was counted
  Comparing(const Comparing&) = delete;
  Comparing& operator=(const Comparing&) = delete;

  void count_policy(const reference::Case& policy);
  void compare(const Twins& twins, const reference::Case& from, const std::string& request);
  // All of a case's requests. Statements that do not compile are left out first.
  void compare_all(reference::Case from);
  bool gave_up() const { return disagreements_ >= 5; }
  std::uint64_t count() const { return compared_; }

 private:
  void report(const reference::Case& from, const std::string& request);

  std::string name_;
  std::uint64_t policies_ = 0;
  std::uint64_t statements_ = 0;
  std::uint64_t refused_statements_ = 0;
  std::uint64_t refused_data_ = 0;
  std::uint64_t compared_ = 0;
  std::uint64_t errors_ = 0;
  std::uint64_t disagreements_ = 0;
  std::map<reference::Verdict, std::uint64_t> verdicts_;
};

}  // namespace writ::test
