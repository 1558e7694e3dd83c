// From what each statement comes to, the answer. Whoever went through the statements, the order of the verdict is here.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/evaluate.h"

namespace writ::reference {

// What one statement comes to for one cell. Statements are told by their canonical number.
struct Said {
  std::size_t statement = 0;
  policy::RuleKind kind = policy::RuleKind::kAllow;
  bool limits = false;          // it is a limit, or has clauses
  Outcome applies;              // of a trust: whether it is one for some agent
  std::vector<Outcome> trusts;  // of a trust: for each agent of the chain
};

// What all statements come to for one cell, gathered in any order.
struct Tally {
  explicit Tally(std::size_t chain);
  void add(const Said& said);
  std::int64_t valid_until() const;

  std::set<std::size_t> denies, requires_, limits, allows;  // that apply
  std::set<std::size_t> certain_limits;                     // those of the limits that are known to
  bool allowed = false;
  std::vector<bool> trusted;  // each agent of the chain
  std::set<std::string> missing_of_denies, missing_of_allows, missing_of_requires;
  std::vector<std::set<std::string>> missing_of_trusts;

 private:
  std::int64_t others_until_ = kForever;
  std::int64_t allowed_until_ = std::numeric_limits<std::int64_t>::min();
  std::vector<std::int64_t> trusted_until_;
};

// `cells`: one for each cell of the request.
Answer answer(const Policy& policy, const Request& request, const std::vector<Tally>& cells,
              std::int64_t default_lifetime);

}  // namespace writ::reference
