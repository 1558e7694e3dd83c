// writ mint.
#include "src/cli/command.h"
#include "src/wire/read_request.h"
#include "writ/issuer.h"

namespace writ::cli {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts)
    all += (all.empty() ? "" : ", ") + text;
  return all;
}

// What is not in the token, or not as it was asked for.
void say_what_is_missing(const Offer& offer) {
  for (const Offer::Granted& granted : offer.granted) {
    if (granted.scope != granted.asked) complain("mint: " + granted.asked + " was narrowed to " + granted.scope);
    if (granted.ceiling) complain("mint: " + granted.scope + " is a ceiling: each use must be decided again");
  }
  for (const Offer::StepUp& step_up : offer.step_up)
    complain("mint: " + step_up.scope + " needs a step up: " + joined(step_up.ask));
  for (const Offer::Refused& refused : offer.refused) {
    std::string line = "mint: " + refused.scope + " was refused";
    if (!refused.because.empty()) line += ": " + joined(refused.because);
    if (!refused.link.empty()) line += " (" + refused.link + ")";
    if (!refused.instead.empty()) line += "; instead there is " + joined(refused.instead);
    complain(line);
  }
  for (const std::string& notify : offer.notify)
    complain("mint: the host must notify " + notify);
}

int fail(const Error& error, int status) {
  complain("mint: " + std::string(error.detail()));
  return status;
}

Result<Issuer> issuer_of(const MintOptions& options) {
  Result<KeySet> keys = KeySet::from_folder(options.keys);
  if (!keys) return keys.error();
  return Issuer::make(std::move(*keys), {options.issuer});
}

Result<Offer> negotiate(const MintOptions& options, const Ground& ground, Time now) {
  Facts facts(ground.policy);
  if (!options.context.empty()) {
    if (const Result<void> read = wire::read_context(ground.policy, options.context, facts); !read) {
      return Error(read.error().code, "--context: ").append(read.error().detail());
    }
  }
  const std::vector<std::string_view> agents(options.agents.begin(), options.agents.end());
  const std::vector<std::string_view> scopes(options.scopes.begin(), options.scopes.end());
  Negotiation asked;
  asked.by.user = options.user;
  asked.by.agents = agents;
  asked.by.audience = options.audience;
  asked.by.time = now;
  asked.by.facts = &facts;
  asked.scopes = scopes;
  asked.ceiling = options.ceiling;
  return Engine(ground.policy, ground.entities).negotiate(asked);
}

}  // namespace

int run_mint(const MintOptions& options) {
  const std::optional<Ground> ground = read_ground(options.ground);
  if (!ground) return kUnusable;
  const Result<Issuer> issuer = issuer_of(options);
  if (!issuer) return fail(issuer.error(), kUnusable);
  const Time now{ground->clock.now()};
  const Result<Offer> offer = negotiate(options, *ground, now);
  if (!offer) return fail(offer.error(), kUnusable);
  say_what_is_missing(*offer);
  if (!offer->grant) {
    complain("mint: nothing was granted, so there is no token");
    return kFound;
  }
  MintRequest how;
  how.audience = options.audience;
  how.client = options.client;
  how.proof_key = options.proof_key;
  how.now = now;
  const Result<MintedToken> token = issuer->mint(*offer->grant, how);
  if (!token) return fail(token.error(), token.error().code == ErrorCode::kNotGranted ? kFound : kUnusable);
  print_line(token->text);
  return finish(kDone);
}

}  // namespace writ::cli
