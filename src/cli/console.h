// Console: where the command says what it found, and what it says when it cannot go on.
#pragma once

#include <string_view>
#include <vector>

#include "src/cli/output.h"
#include "writ/diagnostic.h"
#include "writ/result.h"

namespace writ::cli {

// The exit status; a contract.
inline constexpr int kDone = 0;    // and nothing found
inline constexpr int kFound = 1;   // an error in a policy, a failed test, with --exit-status a request not allowed
inline constexpr int kUnable = 2;  // wrong usage, or something that cannot be read or written

// Results go to `out`, messages to `err`. Not thread-safe.
class Console {
 public:
  Output out{1};
  Output err{2};

  // "writ: what", and the status that goes with it.
  int fail(std::string_view what);
  int fail(const Error& error) { return fail(error.detail()); }

  // Diagnostics for people, with colours where `to` shows them.
  static void show(Output& to, const std::vector<Diagnostic>& diagnostics);
};

// The status of a compilation with these diagnostics: kUnable if a file could not be read, kFound if there is an error.
int status_of(const std::vector<Diagnostic>& diagnostics);

}  // namespace writ::cli
