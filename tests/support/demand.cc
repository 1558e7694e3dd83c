#include "tests/support/demand.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace writ::test {

void demand(bool holds, std::string_view what, std::string_view text) {
  if (holds) return;
  std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
  if (!text.empty()) std::fprintf(stderr, "----\n%.*s\n", static_cast<int>(text.size()), text.data());
  std::abort();
}

Policy compiled(std::string_view text) {
  const PolicyText file{"fuzz.writ", std::string(text)};
  Compilation compilation = compile_texts({&file, 1});
  demand(compilation.policy.has_value(), render(compilation.diagnostics));
  return *compilation.policy;
}

}  // namespace writ::test
