// writ_bench [NAME...] [--json FILE] [--quick] [--list]: runs the workloads of that name, or all, and prints one table.
// Exit status: 0 every goal was met, 1 some was missed, 2 wrong usage or a file that cannot be written.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/count_decisions.h"
#include "bench/workloads.h"

namespace writ::bench {
namespace {

struct Workload {
  std::string_view name;
  void (*run)(Session& session);
  std::string_view about;
  bool (*count)(std::string_view operation, std::size_t times) = nullptr;
};

constexpr Workload kMenu[] = {
    {"decide", decide, "one decision, at 10 to 1,000,000 rules and 1,000 to 1,000,000 users"},
    {"instructions", instructions, "those of one decision, counted, at 10 to 1,000,000 rules"},
    {"scope", scope, "the text of a scope, in every spelling, against a parser for that spelling"},
    {"conditions", conditions, "what one condition adds to a decision, for every operator and type"},
    {"chain", chain, "one to eight agents"},
    {"deny", deny, "a refusal against a grant"},
    {"apps", apps, "the applications of Cedar's paper, with 10 and 50 of each entity"},
    {"rbac", rbac, "roles as Casbin measures them, 1,000 users and 100 roles to 100,000 and 10,000"},
    {"acl", acl, "10 to 1,000,000 statements, one a resource"},
    {"explain", explain, "every reason of a decision, and what a misspelt scope means, at 1,000,000 rules"},
    {"reload", reload, "decisions while policy and data are replaced, and by two threads at once"},
    {"load", load, "1,000,000 statements, from text and from an image, and the memory they take up"},
    {"parse", parse, "policy text by the grammar, against a parser written by hand that makes the same"},
    {"negotiate", negotiate, "1, 8 and 64 scopes at once, against as many decisions; a user's own among 1,000,000"},
    {"mint", mint, "a token from a grant, per algorithm, against its bare signature", count_mint},
    {"verify", verify, "one access token, per algorithm, against its bare signature", count_verify},
};

struct Options {
  std::vector<std::string_view> names;
  std::string json;
  bool quick = false;
  bool list = false;
};

int complain(const std::string& what) {
  std::fprintf(stderr, "writ_bench: %s\n", what.c_str());
  return 2;
}

// For bench/instructions.cc: `--count OPERATION N`, an operation of the workload that its name begins with.
int count_operation(std::string_view operation, const char* times) {
  const std::string_view name = operation.substr(0, operation.find('/'));
  for (const Workload& workload : kMenu) {
    if (workload.name != name || workload.count == nullptr) continue;
    if (workload.count(operation, std::strtoul(times, nullptr, 10))) return 0;
    break;
  }
  return complain("cannot count " + std::string(operation));
}

// 0, or the exit status.
int read(int count, char** words, Options& options) {
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--quick") {
      options.quick = true;
    } else if (word == "--list") {
      options.list = true;
    } else if (word == "--json") {
      if (++i == count) return complain("--json wants a file");
      options.json = words[i];
    } else if (word.starts_with("-")) {
      return complain("there is no option " + std::string(word) + "; there are NAME, --json FILE, --quick, --list");
    } else {
      options.names.push_back(word);
    }
  }
  for (const std::string_view name : options.names) {
    const bool known =
        std::any_of(std::begin(kMenu), std::end(kMenu), [&](const Workload& w) { return w.name == name; });
    if (!known) return complain("there is no workload " + std::string(name) + "; --list shows them");
  }
  return 0;
}

int run(const Options& options) {
  std::ofstream json;
  if (!options.json.empty()) {
    json.open(options.json);
    if (!json) return complain("cannot write " + options.json);
  }
  Session session(options.quick);
  for (const Workload& workload : kMenu) {
    const bool wanted = options.names.empty() ||
                        std::find(options.names.begin(), options.names.end(), workload.name) != options.names.end();
    if (wanted) workload.run(session);
  }
  session.progress("");
  std::fputs(render_table(session.findings()).c_str(), stdout);
  bool met = true;
  for (const Finding& finding : session.findings()) {
    met = met && (!finding.goal || finding.goal->met(finding.value));
    if (json.is_open()) json << render_json(finding) << "\n";
  }
  json.flush();
  if (json.is_open() && !json) return complain("cannot write " + options.json);
  if (options.quick) std::puts("--quick: the figures mean nothing.");
  return met || options.quick ? 0 : 1;
}

}  // namespace
}  // namespace writ::bench

int main(int count, char** words) {
  using namespace writ::bench;
  if (count == 4 && std::string_view(words[1]) == "--count") return count_operation(words[2], words[3]);
  if (is_counted_run(count, words)) return run_counted(words);
  Options options;
  if (const int status = read(count, words, options); status != 0) return status;
  if (options.list) {
    for (const Workload& workload : kMenu)
      std::printf("%-12s%s\n", std::string(workload.name).c_str(), std::string(workload.about).c_str());
    return 0;
  }
  int none = 1;
  benchmark::Initialize(&none, words);
  return run(options);
}
