// The commands. Each takes its options and says what it found on the console; what it returns is the exit status.
#pragma once

#include "src/cli/console.h"
#include "src/cli/options.h"

namespace writ::cli {

int run_check(const CheckOptions& options, Console& console);
int run_fmt(const FmtOptions& options, Console& console);
int run_test(const TestOptions& options, Console& console);
int run_decide(const DecideOptions& options, Console& console);
int run_explain(const ExplainOptions& options, Console& console);
int run_dump(const DumpOptions& options, Console& console);
int run_compile(const CompileOptions& options, Console& console);

}  // namespace writ::cli
