#include "tests/differential/comparing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "tests/support/shrink.h"

namespace writ::test {

using reference::Case;

namespace {

bool disagree(const Case& small) {
  try {
    const auto twins = Twins::make(small);
    return twins != nullptr && !twins->compare(small.requests.at(0)).agree;
  } catch (const std::exception&) {
    return false;
  }
}

// The lines that errors stand on, from 0.
std::set<std::size_t> lines_in_error(const Case& from) {
  const PolicyText text{"case.writ", from.policy_text()};
  std::set<std::size_t> lines;
  for (const Diagnostic& said : policy::compile({&text, 1}).diagnostics) {
    if (said.severity == Severity::kError) lines.insert(said.line - 1);
  }
  return lines;
}

}  // namespace

Case compiling(Case from) {
  // A line that is left out may be a define that others use.
  for (int round = 0; round < 4; ++round) {
    const std::set<std::size_t> wrong = lines_in_error(from);
    if (wrong.empty()) break;
    for (auto line = wrong.rbegin(); line != wrong.rend(); ++line) {
      from.policy.erase(from.policy.begin() + static_cast<std::ptrdiff_t>(*line));
    }
  }
  return from;
}

Comparing::~Comparing() {
  std::cout << name_ << ": " << compared_ << " comparisons over " << policies_ << " policies (" << statements_
            << " statements, " << refused_statements_ << " refused by the checker, data refused " << refused_data_
            << " times): allow " << verdicts_[reference::Verdict::kAllow] << ", deny "
            << verdicts_[reference::Verdict::kDeny] << ", step up " << verdicts_[reference::Verdict::kStepUp]
            << ", not understood " << errors_ << ", disagreements " << disagreements_ << "\n";
}

void Comparing::count_policy(const Case& policy) {
  ++policies_;
  statements_ += policy.policy.size();
}

void Comparing::compare(const Twins& twins, const Case& from, const std::string& request) {
  const Compared compared = twins.compare(request);
  ++compared_;
  if (compared.error) {
    ++errors_;
  } else {
    ++verdicts_[compared.verdict];
  }
  if (!compared.agree) report(from, request);
}

void Comparing::compare_all(Case from) {
  std::unique_ptr<Twins> twins;
  try {
    twins = Twins::make(from);
    if (twins == nullptr) {
      const std::size_t all = from.policy.size();
      from = compiling(std::move(from));
      refused_statements_ += all - from.policy.size();
      twins = Twins::make(from);
    }
  } catch (const std::runtime_error& one_sided) {
    ++disagreements_;
    ADD_FAILURE() << one_sided.what() << "\n" << show(from);
    return;
  }
  if (twins == nullptr) {
    ++refused_data_;
    return;
  }
  count_policy(from);
  for (const std::string& request : from.requests) {
    if (gave_up()) return;
    compare(*twins, from, request);
  }
}

void Comparing::report(const Case& from, const std::string& request) {
  Case failing = from;
  failing.requests = {request};
  failing = shrink(failing, disagree);
  const auto twins = Twins::make(failing);
  const std::string name = name_ + "-" + std::to_string(++disagreements_);
  save(failing, "differential-failures", name);
  ADD_FAILURE() << show(failing) << (twins ? twins->compare(failing.requests[0]).difference : "")
                << "saved as differential-failures/" << name << ".writ\n";
}

}  // namespace writ::test
