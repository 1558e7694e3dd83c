// writ keys.
#include <algorithm>
#include <filesystem>

#include "src/base/civil_time.h"
#include "src/cli/command.h"
#include "src/json/writer.h"
#include "src/token/key_ring.h"
#include "writ/keys.h"

namespace writ::cli {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

int fail(const Error& error) {
  complain("keys: " + std::string(error.detail()));
  return kUnusable;
}

// Nothing, and said why, for what is no duration of whole seconds.
std::optional<std::int64_t> seconds_of(const std::string& option, const std::string& text) {
  const ParsedNumber parsed = parse_duration(text);
  if (parsed && parsed.value >= 0 && parsed.value % kSecond == 0) return parsed.value / kSecond;
  complain("keys: " + option + " `" + text + "` is no duration: write it like 24h, or 90m");
  return std::nullopt;
}

std::optional<Algorithm> algorithm_of(const std::string& text) {
  const std::optional<Algorithm> algorithm = algorithm_named(text);
  if (!algorithm) complain("keys: --alg `" + text + "` is none of EdDSA, ES256, RS256, PS256, HS256");
  return algorithm;
}

// The id of the key that signs; empty if none does.
std::string signing(const KeySet& keys, Time now) {
  const token::Jwk* const key = keys.ring().signing(now.microseconds / kSecond);
  return key == nullptr ? "" : key->id;
}

std::string state_of(const KeyInfo& key, const std::string& signs, Time now) {
  const std::string until =
      key.verifies_until ? "verifies until " + format_rfc3339(key.verifies_until->microseconds) : "";
  if (key.verifies_until && *key.verifies_until <= now) return "dead";
  if (key.id == signs) return until.empty() ? "signs" : "signs, " + until;
  if (!until.empty()) return "retired, " + until;
  return key.signs_from && now < *key.signs_from ? "signs from " + format_rfc3339(key.signs_from->microseconds)
                                                 : "verifies";
}

int new_key(const KeysOptions& options, const std::string& folder, Time now) {
  const std::optional<Algorithm> algorithm = algorithm_of(options.algorithm.empty() ? "EdDSA" : options.algorithm);
  if (!algorithm) return kUnusable;
  if (std::filesystem::exists(folder)) {
    const Result<KeySet> there = KeySet::from_folder(folder);
    if (!there) return fail(there.error());
    if (there->size() != 0) {
      complain("keys: " + folder + " has keys already: `writ keys rotate` makes a further one and retires those");
      return kUnusable;
    }
  }
  std::int64_t token_life = kDefaultTokenLife;
  if (!options.token_life.empty()) {
    const std::optional<std::int64_t> said = seconds_of("--token-life", options.token_life);
    if (!said) return kUnusable;
    token_life = *said;
  }
  const Result<KeySet> made = KeySet::generate(*algorithm, now, token_life);
  if (!made) return fail(made.error());
  if (const Result<void> saved = made->save(folder, now); !saved) return fail(saved.error());
  print_line(made->list().front().id);
  return finish(kDone);
}

int rotate(const KeysOptions& options, const std::string& folder, Time now) {
  const std::optional<std::int64_t> after = seconds_of("--after", options.after);
  if (!after) return kUnusable;
  std::optional<std::int64_t> token_life;
  if (!options.token_life.empty() && !(token_life = seconds_of("--token-life", options.token_life))) return kUnusable;
  const Result<KeySet> there = KeySet::from_folder(folder);
  if (!there) return fail(there.error());
  const std::vector<KeyInfo> before = there->list();
  const token::Jwk* const signs = there->ring().signing(now.microseconds / kSecond);
  std::optional<Algorithm> algorithm = signs == nullptr ? Algorithm::kEdDSA : signs->key.algorithm();
  if (!options.algorithm.empty()) algorithm = algorithm_of(options.algorithm);
  if (!algorithm) return kUnusable;
  const Result<KeySet> rotated = there->rotated(*algorithm, now, *after, token_life);
  if (!rotated) return fail(rotated.error());
  if (const Result<void> saved = rotated->save(folder, now); !saved) return fail(saved.error());
  for (const KeyInfo& key : rotated->list()) {
    const auto same = [&key](const KeyInfo& old) { return old.id == key.id; };
    if (std::none_of(before.begin(), before.end(), same)) print_line(key.id);
  }
  return finish(kDone);
}

void print_as_json(const KeyInfo& key, const std::string& state) {
  std::string line;
  json::Writer out(line);
  out.begin_object().member("kid", key.id).member("alg", algorithm_name(key.algorithm)).member("state", state);
  const auto time = [&out](std::string_view name, const std::optional<Time>& at) {
    if (at) out.member(name, format_rfc3339(at->microseconds));
  };
  time("made", key.made);
  time("signs_from", key.signs_from);
  time("verifies_until", key.verifies_until);
  out.end_object();
  print_line(line);
}

int list(const KeysOptions& options, const std::string& folder, Time now) {
  const Result<KeySet> there = KeySet::from_folder(folder);
  if (!there) return fail(there.error());
  const std::string signs = signing(*there, now);
  for (const KeyInfo& key : there->list()) {
    const std::string state = state_of(key, signs, now);
    if (options.json) {
      print_as_json(key, state);
      continue;
    }
    std::string line = key.id + "  ";
    line += algorithm_name(key.algorithm);
    line.resize(key.id.size() + 9, ' ');
    print_line(line += state);
  }
  return finish(kDone);
}

int jwks(const std::string& folder, Time now) {
  const Result<KeySet> there = KeySet::from_folder(folder);
  if (!there) return fail(there.error());
  const Result<std::string> text = there->jwks(now);
  if (!text) return fail(text.error());
  print_line(*text);
  return finish(kDone);
}

}  // namespace

int run_keys(const KeysOptions& options) {
  if (options.words.size() != 2) {
    complain("keys: say what to do and in which folder, as in `writ keys new keys/`");
    return kUnusable;
  }
  const std::optional<Clock> clock = Clock::read(options.now);
  if (!clock) return kUnusable;
  const Time now{clock->now()};
  const std::string& action = options.words[0];
  const std::string& folder = options.words[1];
  if (action == "new") return new_key(options, folder, now);
  if (action == "rotate") return rotate(options, folder, now);
  if (action == "list") return list(options, folder, now);
  if (action == "jwks") return jwks(folder, now);
  complain("keys: `" + action + "` is none of new, list, rotate, jwks");
  return kUnusable;
}

}  // namespace writ::cli
