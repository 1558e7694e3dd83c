// writ decide, writ explain.
#include <unistd.h>

#include "src/cli/command.h"
#include "src/cli/tell.h"
#include "src/cli/terminal.h"
#include "src/wire/read_request.h"
#include "src/wire/write_decision.h"

namespace writ::cli {
namespace {

class Decisions {
 public:
  Decisions(const DecideOptions& options, const Policy& policy, const Engine& engine, const Clock& clock)
      : options_(options), policy_(policy), engine_(engine), clock_(clock) {}

  void line(std::string_view text, std::uint64_t number) {
    Result<wire::WireRequest> request = wire::read_request(policy_, text, number);
    if (!request) return refuse(request.error());
    if (!request->scopes.empty()) {
      return refuse(
          Error(ErrorCode::kUnknownMember, "one decision takes one `scope`; several are for `writ negotiate`", number));
    }
    const Result<Explanation> told = engine_.explain(request->view(clock_.now()));
    if (!told) {
      Error error = told.error();
      error.line = number;
      return refuse(error);
    }
    allowed_ = allowed_ && told->decision.allowed();
    print_line(options_.public_part ? wire::write_public_decision(*told)
                                    : wire::write_decision(*told, options_.explain));
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
  const Clock& clock_;
  bool failed_ = false;
  bool allowed_ = true;
};

}  // namespace

int run_decide(const DecideOptions& options) {
  const std::optional<Ground> ground = read_ground(options.ground);
  if (!ground) return kUnusable;
  const Engine engine(ground->policy, ground->entities);
  Decisions decisions(options, ground->policy, engine, ground->clock);
  if (!answer_lines(options.requests, [&](std::string_view text, std::uint64_t line) { decisions.line(text, line); })) {
    return finish(kUnusable);
  }
  return finish(decisions.status());
}

int run_explain(const ExplainOptions& options) {
  const std::optional<Ground> ground = read_ground(options.ground);
  if (!ground) return kUnusable;
  Facts facts(ground->policy);
  if (!options.context.empty()) {
    if (const Result<void> read = wire::read_context(ground->policy, options.context, facts); !read) {
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
  request.time = Time{ground->clock.now()};
  request.facts = &facts;
  const Engine engine(ground->policy, ground->entities);
  const Result<Explanation> told = engine.explain(request);
  if (!told) {
    complain("explain: " + std::string(told.error().detail()));
    return kUnusable;
  }
  if (options.json) {
    print_line(wire::write_decision(*told, true));
  } else {
    print(tell(*told, colours(STDOUT_FILENO), width(STDOUT_FILENO)));
  }
  return finish(kDone);
}

}  // namespace writ::cli
