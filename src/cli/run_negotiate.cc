// writ negotiate, writ list.
#include "src/cli/command.h"
#include "src/wire/read_request.h"
#include "src/wire/write_decision.h"
#include "src/wire/write_offer.h"

namespace writ::cli {
namespace {

// Prints an answer, or what was wrong with the line.
class Answers {
 public:
  template <class T, class Write>
  void answer(const Result<T>& result, std::uint64_t line, Write&& write) {
    if (result) return static_cast<void>(print_line(write(*result)));
    Error error = result.error();
    if (error.line == 0) error.line = line;
    failed_ = true;
    print_line(wire::write_error(error));
  }
  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

Result<Offer> negotiate(const Ground& ground, const Engine& engine, std::string_view text, std::uint64_t line) {
  Result<wire::WireRequest> request = wire::read_request(ground.policy, text, line);
  if (!request) return request.error();
  if (request->scopes.empty()) return Error(ErrorCode::kMissingMember, "a negotiation needs `scopes`", line);
  return engine.negotiate(request->negotiation(ground.clock.now()));
}

// A page of resources, or the actions on one.
Result<std::string> list(const Ground& ground, const Engine& engine, const ListOptions& options, std::string_view text,
                         std::uint64_t line) {
  Result<wire::WireListing> request = wire::read_listing(ground.policy, text, line);
  if (!request) return request.error();
  if (request->of_actions) {
    const Result<std::vector<std::string>> actions = engine.actions(request->request.view(ground.clock.now()));
    if (!actions) return actions.error();
    return wire::write_actions(*actions);
  }
  Listing listing = request->view(ground.clock.now());
  listing.after = options.after;
  listing.limit = options.limit;
  const Result<Page> page = engine.list(listing);
  if (!page) return page.error();
  return wire::write_page(*page, listing.type);
}

}  // namespace

int run_negotiate(const NegotiateOptions& options) {
  const std::optional<Ground> ground = read_ground(options.ground);
  if (!ground) return kUnusable;
  const Engine engine(ground->policy, ground->entities);
  Answers answers;
  bool granted = true;
  const bool read = answer_lines(options.requests, [&](std::string_view text, std::uint64_t line) {
    answers.answer(negotiate(*ground, engine, text, line), line, [&](const Offer& offer) {
      granted = granted && offer.grant.has_value();
      return options.public_part ? wire::write_public_offer(offer) : wire::write_offer(offer);
    });
  });
  if (!read || answers.failed()) return finish(kUnusable);
  return finish(options.exit_status && !granted ? kFound : kDone);
}

int run_list(const ListOptions& options) {
  const std::optional<Ground> ground = read_ground(options.ground);
  if (!ground) return kUnusable;
  const Engine engine(ground->policy, ground->entities);
  Answers answers;
  const bool read = answer_lines(options.requests, [&](std::string_view text, std::uint64_t line) {
    answers.answer(list(*ground, engine, options, text, line), line, [](const std::string& list) { return list; });
  });
  return finish(!read || answers.failed() ? kUnusable : kDone);
}

}  // namespace writ::cli
