// writ: the command. Options are read here, with CLI11; what they mean is in one file a subcommand.
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <string>

#include "src/cli/command.h"
#include "src/diagnostics/suggest.h"
#include "writ/version.h"

namespace {

using namespace writ::cli;  // NOLINT(google-build-using-namespace): this file is that namespace's front door

struct Example {
  std::string_view command;
  std::string_view text;
};

constexpr std::array kExamples = {
    Example{"check", "writ check policies/billing"},
    Example{"fmt", "writ fmt --check policies/billing"},
    Example{"test", "writ test --coverage policies/billing"},
    Example{"decide", "echo '{\"user\":\"user:alice\",\"scope\":\"read:invoice_123\"}' | writ decide policies/billing "
                      "--data policies/billing/data.json"},
    Example{"explain", "writ explain policies/billing --user user:alice --agent agent:claude --scope read:invoice_123"},
    Example{"dump", "writ dump --stage=tree --format=dot policies/billing | dot -Tsvg > billing.svg"},
    Example{"compile", "writ compile policies/billing -o billing.writc && writ decide billing.writc --requests FILE"},
};

CLI::App* command(CLI::App& app, const std::string& name, const std::string& what, std::vector<std::string>& paths) {
  CLI::App* sub = app.add_subcommand(name, what);
  sub->add_option("paths", paths, "policy files, or folders of them taken together as one policy")->required();
  for (const Example& example : kExamples) {
    if (example.command == name) sub->footer("Example:\n  " + std::string(example.text));
  }
  return sub;
}

// The options of every subcommand, and which of them was called.
struct Front {
  CheckOptions check;
  FormatOptions format;
  TestOptions test;
  DecideOptions decide;
  ExplainOptions explain;
  DumpOptions dump;
  CompileOptions compile;
  std::string help_of;
  int (*chosen)(const Front&) = nullptr;
};

void declare_check(CLI::App& app, Front& front) {
  CLI::App* sub = command(app, "check", "compile, and say everything that is wrong", front.check.paths);
  sub->add_flag("--json", front.check.json, "diagnostics as JSON");
  sub->add_flag("--cost", front.check.cost, "print the bound of a decision and the size of the compiled form");
  sub->add_flag("--werror", front.check.werror, "warnings count as errors");
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_check(f.check); }; });

  sub = command(app, "fmt", "write policies in their one canonical form", front.format.paths);
  sub->add_flag("--check", front.format.check, "only say which files are not in it (exit status 1)");
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_format(f.format); }; });

  sub = command(app, "test", "run the test blocks", front.test.paths);
  sub->add_flag("--coverage", front.test.coverage, "statements and conditions that no test exercises");
  sub->add_flag("--json", front.test.json, "results as JSON");
  sub->add_option("--junit", front.test.junit, "write the results as JUnit XML to this file");
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_test(f.test); }; });
}

void declare_decide(CLI::App& app, Front& front) {
  CLI::App* sub = command(app, "decide", "answer requests, one JSON object a line", front.decide.paths);
  sub->add_option("--data", front.decide.data, "entities, JSON: an array or one object a line");
  sub->add_option("--requests", front.decide.requests, "requests, one a line; - for standard input");
  sub->add_option("--now", front.decide.now, "the time for requests that carry none (default: the clock)");
  sub->add_flag("--explain", front.decide.explain, "also tell why, on standard error");
  sub->add_flag("--public", front.decide.public_part, "only what may be shown to the client");
  sub->add_flag("--exit-status", front.decide.exit_status, "exit with 1 if a request is not allowed");
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_decide(f.decide); }; });

  sub = command(app, "explain", "one decision, and why, for people", front.explain.paths);
  sub->add_option("--data", front.explain.data, "entities, JSON");
  sub->add_option("--user", front.explain.user, "who asks: user:alice")->required();
  sub->add_option("--agent", front.explain.agents, "through which agent; several in order, nearest to the user first");
  sub->add_option("--scope", front.explain.scope, "for what: read:invoice_123")->required();
  sub->add_option("--context", front.explain.context, "context, a JSON object");
  sub->add_option("--audience", front.explain.audience, "where the token is to be used");
  sub->add_option("--now", front.explain.now, "the time (default: the clock)");
  sub->add_flag("--json", front.explain.json, "the line that `writ decide` prints");
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_explain(f.explain); }; });
}

void declare_dump(CLI::App& app, Front& front) {
  CLI::App* sub = command(app, "dump", "print a stage of the compilation", front.dump.paths);
  sub->add_option("--stage", front.dump.stage, "which")->check(CLI::IsMember({"ast", "typed", "tree", "program"}));
  sub->add_option("--format", front.dump.format, "how")->check(CLI::IsMember({"text", "json", "dot"}));
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_dump(f.dump); }; });

  sub = command(app, "compile", "write the compiled form to a file", front.compile.paths);
  sub->add_option("-o,--output", front.compile.output, "the file")->required();
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_compile(f.compile); }; });

  sub = app.add_subcommand("help", "what a command does, with an example");
  sub->add_option("command", front.help_of, "which");
}

CLI::App* find_command(CLI::App& app, std::string_view name) {
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) {
    if (sub->get_name() == name) return sub;
  }
  return nullptr;
}

int help(CLI::App& app, const std::string& name) {
  if (name.empty()) return print(app.help()) ? finish(kDone) : kUnusable;
  CLI::App* sub = find_command(app, name);
  if (sub == nullptr) {
    complain("no command `" + name + "`: writ help lists them");
    return kUnusable;
  }
  return print(sub->help()) ? finish(kDone) : kUnusable;
}

// A word that is no command deserves better than "unexpected argument".
int unknown_command(const std::string& word) {
  std::vector<std::string_view> known{"help"};
  for (const Example& example : kExamples) known.push_back(example.command);
  const std::string nearest = writ::suggest(word, known);
  complain("no command `" + word + "`" + (nearest.empty() ? "" : "; did you mean `" + nearest + "`?") +
           " (writ help lists them)");
  return kUnusable;
}

int run(int argc, char** argv) {
  CLI::App app("Writ decides what an agent may be handed: policies as text, decisions in nanoseconds.", "writ");
  app.set_version_flag("--version", "writ " + std::string(writ::version()));
  Front front;
  declare_check(app, front);
  declare_decide(app, front);
  declare_dump(app, front);
  app.require_subcommand(0, 1);
  if (argc > 1 && argv[1][0] != '-' && find_command(app, argv[1]) == nullptr) return unknown_command(argv[1]);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    app.exit(wanted);
    return finish(kDone);
  } catch (const CLI::ParseError& wrong) {
    complain(std::string(wrong.what()) + " (writ help COMMAND shows how)");
    return kUnusable;
  }
  if (front.chosen != nullptr) return front.chosen(front);
  if (app.got_subcommand("help")) return help(app, front.help_of);
  std::cerr << app.help();
  return kUnusable;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    return run(argc, argv);
  } catch (const std::exception& wrong) {
    complain(wrong.what());  // memory, or a fault of the machine: nothing was decided on half of anything
    return kUnusable;
  }
}
