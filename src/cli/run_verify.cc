// writ verify, writ inspect.
#include <algorithm>
#include <iostream>

#include "src/base/civil_time.h"
#include "src/cli/command.h"
#include "src/cli/one_line.h"
#include "writ/keys.h"
#include "writ/replay.h"
#include "writ/verifier.h"

namespace writ::cli {
namespace {

// The token named on the command line, or for `-` the first line of standard input, where no list of processes shows
// it. Nothing, and said why, if there is none.
std::optional<std::string> token_of(const std::string& command, const std::vector<std::string>& words) {
  if (words.size() != 1) {
    complain(command + ": give one token, or - for standard input");
    return std::nullopt;
  }
  if (words.front() != "-") return words.front();
  std::string line;
  for (char c = 0; line.size() <= kMaxToken && std::cin.get(c) && c != '\n';)
    line += c;
  if (line.ends_with('\r')) line.pop_back();
  if (!line.empty()) return line;
  complain(command + ": standard input holds no token");
  return std::nullopt;
}

}  // namespace

int run_verify(const VerifyOptions& options) {
  const std::optional<std::string> token = token_of("verify", options.words);
  const std::optional<Clock> clock = Clock::read(options.now);
  if (!token || !clock) return kUnusable;
  const Result<KeySet> keys = KeySet::from_file(options.jwks);
  if (!keys) {
    complain("verify: " + std::string(keys.error().detail()));
    return kUnusable;
  }
  // One look at one token: of a token that works once, this command does not know whether it was used elsewhere.
  const Result<std::unique_ptr<MemoryReplayGuard>> guard = MemoryReplayGuard::make(1);
  if (!guard) {
    complain("verify: " + std::string(guard.error().detail()));
    return kUnusable;
  }
  const Result<Verifier> verifier = Verifier::make(*keys, {options.issuer, options.audience, 0, guard->get()});
  if (!verifier) {
    complain("verify: " + std::string(verifier.error().detail()));
    return kUnusable;
  }
  const Result<VerifiedToken> verified = verifier->verify(*token, {Time{clock->now()}, options.proof_key});
  if (!verified) {
    complain("verify: " + std::string(verified.error().detail()));
    return kFound;
  }
  const Result<UnverifiedToken> shown = UnverifiedToken::decode(*token);
  if (shown) print_line(one_line(shown->claims()));
  return finish(shown ? kDone : kFound);
}

int run_inspect(const InspectOptions& options) {
  const std::optional<std::string> token = token_of("inspect", options.words);
  if (!token) return kUnusable;
  const Result<UnverifiedToken> shown = UnverifiedToken::decode(*token);
  if (!shown) {
    complain("inspect: " + std::string(shown.error().detail()));
    return kFound;
  }
  print_line(R"({"verified":false,"header":)" + one_line(shown->header()) + R"(,"claims":)" +
             one_line(shown->claims()) + '}');
  complain("inspect: only decoded: no signature, time, issuer or audience was looked at; `writ verify` does");
  return finish(kDone);
}

}  // namespace writ::cli
