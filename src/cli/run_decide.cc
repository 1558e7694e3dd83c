// writ decide, writ explain.
#include <fstream>
#include <iostream>

#include "src/cli/command.h"
#include "src/cli/tell.h"
#include "src/wire/read_request.h"
#include "src/wire/write_decision.h"

namespace writ::cli {
namespace {

class Decisions {
 public:
  Decisions(const DecideOptions& options, const Policy& policy, const Engine& engine, std::int64_t now)
      : options_(options), policy_(policy), engine_(engine), now_(now) {}

  void line(const std::string& text, std::uint64_t number) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) return;
    Result<wire::WireRequest> request = wire::read_request(policy_, text, number);
    if (!request) return refuse(request.error());
    if (!request->scopes.empty()) {
      return refuse(Error(ErrorCode::kUnknownMember, "one decision takes one `scope`, not `scopes`", number));
    }
    const Result<Explanation> told = engine_.explain(request->view(now_));
    if (!told) {
      Error error = told.error();
      error.line = number;
      return refuse(error);
    }
    allowed_ = allowed_ && told->decision.allowed();
    print_line(options_.public_part ? wire::write_public_decision(*told) : wire::write_decision(*told));
    if (options_.explain) std::cerr << tell(*told, false);
  }

  int status() const { return failed_ ? kUnusable : options_.exit_status && !allowed_ ? kFound : kDone; }

 private:
  void refuse(const Error& error) {
    failed_ = true;
    print_line(wire::write_error(error));
  }

  const DecideOptions& options_;
  const Policy& policy_;
  const Engine& engine_;
  std::int64_t now_;
  bool failed_ = false;
  bool allowed_ = true;
};

}  // namespace

int run_decide(const DecideOptions& options) {
  const std::optional<std::int64_t> now = read_now(options.now);
  const std::optional<Policy> policy = load_policy(options.paths);
  if (!now || !policy) return kUnusable;
  std::optional<Entities> entities = load_data(*policy, options.data);
  if (!entities) return kUnusable;
  const Engine engine(*policy, std::move(*entities));
  std::ifstream file;
  if (options.requests != "-") {
    file.open(options.requests);
    if (!file) {
      complain(options.requests + ": cannot read the file");
      return kUnusable;
    }
  }
  std::istream& in = options.requests == "-" ? std::cin : file;
  Decisions decisions(options, *policy, engine, *now);
  std::string text;
  for (std::uint64_t number = 1; std::getline(in, text); ++number) decisions.line(text, number);
  if (in.bad()) {
    complain(options.requests + ": reading broke off");
    return finish(kUnusable);
  }
  return finish(decisions.status());
}

int run_explain(const ExplainOptions& options) {
  const std::optional<std::int64_t> now = read_now(options.now);
  const std::optional<Policy> policy = load_policy(options.paths);
  if (!now || !policy) return kUnusable;
  std::optional<Entities> entities = load_data(*policy, options.data);
  if (!entities) return kUnusable;
  Facts facts(*policy);
  if (!options.context.empty()) {
    if (const Result<void> read = wire::read_context(*policy, options.context, facts); !read) {
      complain("--context: " + std::string(read.error().detail()));
      return kUnusable;
    }
  }
  const std::vector<std::string_view> agents(options.agents.begin(), options.agents.end());
  Request request;
  request.user = options.user;
  request.agents = agents;
  request.scope = options.scope;
  request.audience = options.audience;
  request.time = Time{*now};
  request.facts = &facts;
  const Engine engine(*policy, std::move(*entities));
  const Result<Explanation> told = engine.explain(request);
  if (!told) {
    complain(told.error().detail());
    return kUnusable;
  }
  if (options.json) {
    print_line(wire::write_decision(*told));
  } else {
    print(tell(*told, colours()));
  }
  return finish(kDone);
}

}  // namespace writ::cli
