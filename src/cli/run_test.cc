// writ test.
#include <fstream>
#include <iostream>

#include "src/cli/command.h"
#include "src/cli/run_tests.h"

namespace writ::cli {

int run_test(const TestOptions& options) {
  const std::optional<policy::Compiled> compiled = compile_paths(options.paths, policy::Stage::kProgram, true);
  if (!compiled) return kUnusable;
  std::cerr << compiled->diagnostics;
  if (compiled->program == nullptr) return kFound;
  const TestReport report = run_tests(*compiled);
  if (options.json) {
    print_line(tests_json(report));
  } else {
    print(render_tests(report, colours()));
    if (options.coverage) print(render_coverage(report));
  }
  if (!options.junit.empty()) {
    std::ofstream out(options.junit, std::ios::trunc);
    out << tests_junit(report);
    out.close();
    if (!out) {
      complain(options.junit + ": cannot write the file: check the folder and its permissions");
      return kUnusable;
    }
  }
  return finish(report.failed() == 0 ? kDone : kFound);
}

}  // namespace writ::cli
