// writ: the command. Options are read here, with CLI11; what they mean is in one file a subcommand.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <iostream>
#include <string>

#include "src/cli/command.h"
#include "src/cli/help.h"
#include "src/diagnostics/suggest.h"
#include "writ/version.h"

namespace {

using namespace writ::cli;  // NOLINT(google-build-using-namespace): this file is that namespace's front door

// The options of every subcommand, and which of them was called.
struct Front {
  CheckOptions check;
  FormatOptions format;
  TestOptions test;
  DecideOptions decide;
  NegotiateOptions negotiate;
  ListOptions list;
  ExplainOptions explain;
  DumpOptions dump;
  CompileOptions compile;
  KeysOptions keys;
  MintOptions mint;
  VerifyOptions verify;
  InspectOptions inspect;
  int (*chosen)(const Front&) = nullptr;
};

// What each option means stands in help.cc.
CLI::App* command(CLI::App& app, const char* name, std::vector<std::string>& words, const char* word = "PATH") {
  CLI::App* sub = app.add_subcommand(name);
  sub->add_option(word, words)->required();
  sub->allow_extras();  // unknown_option() has more to say about them than CLI11
  return sub;
}

// May be given several times, with one value each, so that it does not swallow the paths behind it.
void repeated(CLI::App* sub, const char* name, std::vector<std::string>& to) {
  sub->add_option(name, to)->allow_extra_args(false);
}

CLI::App* command(CLI::App& app, const char* name, GroundOptions& ground) {
  CLI::App* sub = command(app, name, ground.paths);
  repeated(sub, "--data", ground.data);
  sub->add_option("--now", ground.now);
  sub->add_option("--verify-with", ground.verify_with);
  return sub;
}

void declare_check(CLI::App& app, Front& front) {
  CLI::App* sub = command(app, "check", front.check.paths);
  sub->add_flag("--json", front.check.json);
  sub->add_flag("--cost", front.check.cost);
  sub->add_option("--max-steps", front.check.budget.steps);
  sub->add_option("--max-bytes", front.check.budget.image_bytes);
  sub->add_flag("--werror", front.check.werror);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_check(f.check); }; });

  sub = command(app, "fmt", front.format.paths);
  sub->add_flag("--check", front.format.check);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_format(f.format); }; });

  sub = command(app, "test", front.test.paths);
  sub->add_flag("--coverage", front.test.coverage);
  sub->add_flag("--json", front.test.json);
  sub->add_option("--junit", front.test.junit);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_test(f.test); }; });
}

void declare_decide(CLI::App& app, Front& front) {
  CLI::App* sub = command(app, "decide", front.decide.ground);
  sub->add_option("--requests", front.decide.requests);
  CLI::Option* const explain = sub->add_flag("--explain", front.decide.explain);
  sub->add_flag("--public", front.decide.public_part)->excludes(explain);
  sub->add_flag("--exit-status", front.decide.exit_status);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_decide(f.decide); }; });

  sub = command(app, "negotiate", front.negotiate.ground);
  sub->add_option("--requests", front.negotiate.requests);
  sub->add_flag("--public", front.negotiate.public_part);
  sub->add_flag("--exit-status", front.negotiate.exit_status);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_negotiate(f.negotiate); }; });

  sub = command(app, "list", front.list.ground);
  sub->add_option("--requests", front.list.requests);
  sub->add_option("--after", front.list.after);
  sub->add_option("--limit", front.list.limit)->check(CLI::Range(std::size_t{1}, std::size_t{10'000}));
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_list(f.list); }; });

  sub = command(app, "explain", front.explain.ground);
  sub->add_option("--user", front.explain.user)->required();
  repeated(sub, "--agent", front.explain.agents);
  sub->add_option("--scope", front.explain.scope)->required();
  sub->add_option("--context", front.explain.context);
  sub->add_option("--audience", front.explain.audience);
  sub->add_flag("--json", front.explain.json);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_explain(f.explain); }; });
}

void declare_dump(CLI::App& app, Front& front) {
  CLI::App* sub = command(app, "dump", front.dump.paths);
  sub->add_option("--stage", front.dump.stage)->check(CLI::IsMember({"ast", "typed", "tree", "program"}));
  sub->add_option("--format", front.dump.format)->check(CLI::IsMember({"text", "json", "dot"}));
  sub->add_option("--verify-with", front.dump.verify_with);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_dump(f.dump); }; });

  sub = command(app, "compile", front.compile.paths);
  repeated(sub, "--data", front.compile.data);
  sub->add_option("-o,--output", front.compile.output)->required();
  sub->add_option("--sign", front.compile.sign);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_compile(f.compile); }; });
}

void declare_keys(CLI::App& app, Front& front) {
  CLI::App* sub = command(app, "keys", front.keys.words, "DIR");
  sub->add_option("--alg", front.keys.algorithm);
  sub->add_option("--token-life", front.keys.token_life);
  sub->add_option("--after", front.keys.after);
  sub->add_option("--now", front.keys.now);
  sub->add_flag("--json", front.keys.json);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_keys(f.keys); }; });

  sub = command(app, "verify", front.verify.words, "TOKEN");
  sub->add_option("--jwks", front.verify.jwks)->required();
  sub->add_option("--issuer", front.verify.issuer)->required();
  sub->add_option("--audience", front.verify.audience)->required();
  sub->add_option("--proof-key", front.verify.proof_key);
  sub->add_option("--now", front.verify.now);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_verify(f.verify); }; });

  sub = command(app, "inspect", front.inspect.words, "TOKEN");
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_inspect(f.inspect); }; });
}

void declare_mint(CLI::App& app, Front& front) {
  MintOptions& mint = front.mint;
  CLI::App* sub = command(app, "mint", mint.ground);
  sub->add_option("--keys", mint.keys)->required();
  sub->add_option("--issuer", mint.issuer)->required();
  sub->add_option("--audience", mint.audience)->required();
  sub->add_option("--user", mint.user)->required();
  repeated(sub, "--agent", mint.agents);
  repeated(sub, "--scope", mint.scopes);
  sub->get_option("--scope")->required();
  sub->add_option("--context", mint.context);
  sub->add_option("--client", mint.client);
  sub->add_option("--proof-key", mint.proof_key);
  sub->add_flag("--ceiling", mint.ceiling);
  sub->callback([&front] { front.chosen = [](const Front& f) { return run_mint(f.mint); }; });
}

// "`chekc`; did you mean `check`?"
std::string with_suggestion(const std::string& word, const std::vector<std::string_view>& known) {
  const std::string nearest = writ::suggest(word, known);
  return "`" + word + "`" + (nearest.empty() ? "" : "; did you mean `" + nearest + "`?");
}

int bad_usage(const std::string& what, const std::string& topic) {
  complain(what + " (`writ help" + (topic.empty() ? "" : " " + topic) + "` shows how)");
  return kUnusable;
}

int help(const std::string& name) {
  const std::string text = name.empty() ? help_text() : help_text(name);
  if (text.empty()) return bad_usage("no command " + with_suggestion(name, command_names()), "");
  print(text);
  return finish(kDone);
}

int unknown_option(const CLI::App& sub, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : sub.get_options()) {
    for (const std::string& known : option->get_lnames())
      names.push_back("--" + known);
  }
  return bad_usage(sub.get_name() + " has no option " + with_suggestion(name, {names.begin(), names.end()}),
                   sub.get_name());
}

// "--data: 1 required TEXT missing" -> "`--data` needs a file"
std::string what_it_needs(const std::string& said) {
  const std::string option = said.substr(0, said.find(':'));
  std::string what = "a value";
  for (const char* file : {"--data", "--requests", "--junit", "--output", "--jwks"}) {
    if (option == file) what = "a file";
  }
  if (option == "--keys") what = "a folder of keys";
  if (option == "--now") what = "a time, as in 2026-03-02T09:00:00Z";
  return "`" + option + "` needs " + what;
}

int run(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty()) return bad_usage("say what to do, as in `writ check policies/billing`", "");
  if (first == "help" || first == "--help" || first == "-h") return help(argc > 2 ? argv[2] : "");
  if (first == "--version") {
    print_line("writ " + std::string(writ::version()));
    return finish(kDone);
  }
  CLI::App app;
  Front front;
  declare_check(app, front);
  declare_decide(app, front);
  declare_dump(app, front);
  declare_keys(app, front);
  declare_mint(app, front);
  const std::vector<std::string_view> known = command_names();
  if (std::find(known.begin(), known.end(), first) == known.end()) {
    if (first[0] == '-') return bad_usage("no option `" + first + "` before a command", "");
    return bad_usage("no command " + with_suggestion(first, known), "");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return help(first);
  } catch (const CLI::ArgumentMismatch& wrong) {
    return bad_usage(first + ": " + what_it_needs(wrong.what()), first);
  } catch (const CLI::ParseError& wrong) {
    return bad_usage(first + ": " + wrong.what(), first);
  }
  const std::vector<std::string> unknown = app.remaining(true);
  if (!unknown.empty()) return unknown_option(*app.get_subcommand(first), unknown.front());
  return front.chosen(front);
}

// A file that is opened must not become standard output because that was closed: its place is taken by something that
// can neither be read nor written.
void hold_standard_streams() {
  for (int descriptor = 0; descriptor < 3; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor) _exit(kUnusable);
  }
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  std::ios::sync_with_stdio(false);
  try {
    return run(argc, argv);
  } catch (const std::exception& wrong) {
    complain(wrong.what());  // memory, or a fault of the machine: nothing was decided on half of anything
    return kUnusable;
  }
}
