// The engine and the reference over the same policy text, data and requests.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/policy/compile.h"
#include "tests/reference/evaluate.h"
#include "tests/reference/generate.h"
#include "writ/engine.h"

namespace writ::test {

// What both sides said of one request.
struct Compared {
  bool agree = true;
  std::string difference;  // where they do not: both answers, line by line
  bool error = false;      // neither understood it
  reference::Verdict verdict = reference::Verdict::kDeny;
};

class Twins {
 public:
  // Empty if the policy does not compile (then `diagnostics` says why), or if both sides refuse the data. Throws
  // std::runtime_error if only one of them refuses it.
  static std::unique_ptr<Twins> make(const reference::Case& from, std::string* diagnostics = nullptr,
                                     const EngineOptions& options = {});
  static std::unique_ptr<Twins> make(const std::vector<PolicyText>& texts, const std::string& data,
                                     std::vector<Diagnostic>* diagnostics = nullptr, const EngineOptions& options = {});

  // The tree, decide() and explain() against the reference.
  Compared compare(std::string_view request) const;

  // What one side says of a request, with every reason; `error` where it does not understand it. `at`: in place of the
  // request's own time. The engine's is that of explain(); throws std::logic_error where decide() says otherwise.
  reference::Answer engine_answer(std::string_view request, std::optional<std::int64_t> at = {}) const;
  reference::Answer reference_answer(std::string_view request, std::optional<std::int64_t> at = {}) const;

  const Engine& engine() const { return *engine_; }
  const Policy& policy() const { return *policy_; }
  const reference::Policy& reference_policy() const { return *reference_policy_; }
  const reference::Data& reference_data() const { return reference_data_; }

 private:
  policy::Compiled compiled_;  // the reference reads its Asts and walks its tree
  std::optional<Policy> policy_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<reference::Policy> reference_policy_;
  reference::Data reference_data_;
  std::int64_t default_lifetime_ = 0;
};

// An answer of either side, line by line, for people.
std::string show(const reference::Answer& answer);

}  // namespace writ::test
