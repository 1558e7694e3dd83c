// writ test.
#include <unistd.h>

#include "src/cli/command.h"
#include "src/cli/run_tests.h"
#include "src/cli/terminal.h"
#include "src/cli/write_file.h"

namespace writ::cli {

int run_test(const TestOptions& options) {
  const std::optional<policy::Compiled> compiled = compile_paths(options.paths, policy::Stage::kProgram, true);
  if (!compiled) return kUnusable;
  show(compiled->diagnostics);
  if (compiled->program == nullptr) return kFound;
  const TestReport report = run_tests(*compiled);
  if (options.json) {
    print_line(tests_json(report));
  } else {
    print(render_tests(report, colours(STDOUT_FILENO)));
    if (options.coverage) print(render_coverage(report));
  }
  if (!options.junit.empty() && !write_file(options.junit, tests_junit(report))) return kUnusable;
  return finish(report.failed() == 0 ? kDone : kFound);
}

}  // namespace writ::cli
