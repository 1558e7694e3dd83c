// Tested by tests/unit/token/key_set_test.cc and tests/unit/token/key_folder_test.cc.
#include <algorithm>
#include <utility>

#include "src/crypto/generate_key.h"
#include "src/crypto/read_pem.h"
#include "src/json/writer.h"
#include "src/token/key_folder.h"
#include "src/token/key_ring.h"
#include "src/token/make_jwk.h"
#include "src/token/read_file.h"
#include "src/token/read_jwk.h"
#include "src/token/write_jwk.h"
#include "writ/keys.h"
#include "writ/verifier.h"

namespace writ {
namespace {

using token::Jwk;
using token::KeyRing;

constexpr std::int64_t kSecond = 1'000'000;

std::int64_t seconds_of(Time time) {
  return time.microseconds / kSecond;
}

std::optional<Time> time_of(std::int64_t seconds, std::int64_t none) {
  if (seconds == none) return std::nullopt;
  return Time{seconds * kSecond};
}

KeySet set_of(std::vector<Jwk> keys, std::size_t passed_over = 0) {
  return KeySet(std::make_shared<const KeyRing>(std::move(keys), passed_over));
}

constexpr std::int64_t kHundredYears = std::int64_t{100} * 366 * 86'400;

Result<Jwk> generated(Algorithm algorithm, std::int64_t now, std::int64_t signs_from, std::int64_t token_life) {
  if (token_life < 1 || token_life > kHundredYears) {
    return Error(ErrorCode::kBadValue, "tokens live from a second to a hundred years: token_life");
  }
  const Result<crypto::Key> key = crypto::generate_key(algorithm);
  if (!key) return key.error();
  Result<Jwk> jwk = token::make_jwk(*key);
  if (!jwk) return jwk.error();
  jwk->made = now;
  jwk->signs_from = signs_from;
  jwk->token_life = token_life;
  return jwk;
}

bool has_private_key(const KeySet& keys) {
  const std::vector<Jwk>& all = keys.ring().keys();
  return std::any_of(all.begin(), all.end(), [](const Jwk& key) { return key.key.can_sign(); });
}

}  // namespace

KeySet::KeySet() : ring_(std::make_shared<const KeyRing>()) {}

Result<KeySet> KeySet::generate(Algorithm algorithm, Time now, std::int64_t token_life) {
  Result<Jwk> jwk = generated(algorithm, seconds_of(now), seconds_of(now), token_life);
  if (!jwk) return jwk.error();
  return set_of({std::move(*jwk)});
}

Result<KeySet> KeySet::from_pem(std::string_view pem, std::optional<Algorithm> algorithm) {
  Result<crypto::Key> key = crypto::read_pem(pem, algorithm);
  if (!key) return key.error();
  Result<Jwk> jwk = token::make_jwk(*key);
  if (!jwk) return jwk.error();
  return set_of({std::move(*jwk)});
}

Result<KeySet> KeySet::from_jwk(std::string_view json) {
  Result<token::ReadKeys> read = token::read_jwks(json);
  if (!read) return read.error();
  return set_of(std::move(read->keys), read->passed_over);
}

Result<KeySet> KeySet::from_file(const std::string& path) {
  Result<crypto::Secret> text = token::read_file(path, token::Access::kAnyone);
  if (!text) return text.error();
  Result<KeySet> keys = from_jwk(text->view());
  if (keys && has_private_key(*keys)) {  // read again, now that it is known who may read it
    text = token::read_file(path, token::Access::kOwnerAlone);
    if (!text) return text.error();
    keys = from_jwk(text->view());
  }
  if (!keys) return Error(keys.error().code, path, keys.error().line).append(": ").append(keys.error().detail());
  return keys;
}

Result<KeySet> KeySet::from_folder(const std::string& folder) {
  Result<std::vector<Jwk>> keys = token::read_key_folder(folder);
  if (!keys) return keys.error();
  return set_of(std::move(*keys));
}

Result<void> KeySet::save(const std::string& folder, Time now) const {
  if (const Result<void> made = token::make_key_folder(folder); !made) return made.error();
  const Result<std::vector<Jwk>> there = token::read_key_folder(folder);
  if (!there) return there.error();
  // New keys first: whatever goes wrong later, no key is lost that may have signed.
  for (const Jwk& key : ring_->keys()) {
    if (!key.key.can_sign() || key.verifies_until <= seconds_of(now)) continue;
    if (const Result<void> written = token::write_key_file(folder, key); !written) return written.error();
  }
  for (const Jwk& key : *there) {
    if (key.verifies_until > seconds_of(now)) continue;
    if (const Result<void> removed = token::remove_key_file(folder, key.id); !removed) return removed.error();
  }
  return {};
}

Result<KeySet> KeySet::with(const KeySet& other) const {
  std::vector<Jwk> keys = ring_->keys();
  for (const Jwk& key : other.ring_->keys()) {
    if (ring_->find(key.id) != nullptr) return Error(ErrorCode::kRepeated, "a key of both sets has the same kid");
    keys.push_back(key);
  }
  if (keys.size() > kMaxKeys) return Error(ErrorCode::kTooMany, "more than 256 keys in a set");
  return set_of(std::move(keys), passed_over() + other.passed_over());
}

Result<KeySet> KeySet::rotated(Algorithm algorithm, Time now, std::int64_t after,
                               std::optional<std::int64_t> token_life) const {
  if (after < 0 || after > kHundredYears) {
    return Error(ErrorCode::kBadValue, "a key signs from now on, or from up to a hundred years later: after");
  }
  const std::int64_t starts = seconds_of(now) + after;
  const Jwk* const signs = ring_->signing(seconds_of(now));
  const std::int64_t as_before = signs == nullptr ? kDefaultTokenLife : signs->token_life;
  Result<Jwk> made = generated(algorithm, seconds_of(now), starts, token_life.value_or(as_before));
  if (!made) return made.error();
  std::vector<Jwk> keys{std::move(*made)};
  for (const Jwk& key : ring_->keys()) {
    if (key.verifies_until <= seconds_of(now)) continue;
    keys.push_back(key);
    if (!key.key.can_sign()) continue;
    keys.back().verifies_until = std::min(key.verifies_until, starts + key.token_life + kMaxLeeway);
  }
  if (keys.size() > kMaxKeys) return Error(ErrorCode::kTooMany, "more than 256 keys in a set");
  return set_of(std::move(keys));
}

Result<std::string> KeySet::jwks(Time now) const {
  std::string out = "{\"keys\":[";
  bool first = true;
  for (const Jwk& key : ring_->keys()) {
    if (key.verifies_until <= seconds_of(now) || key.key.algorithm() == Algorithm::kHS256) continue;
    if (!first) out += ',';
    first = false;
    if (const Result<void> written = token::write_jwk(key, crypto::Parts::kPublic, out); !written)
      return written.error();
  }
  return out + "]}";
}

std::vector<KeyInfo> KeySet::list() const {
  std::vector<KeyInfo> all;
  for (const Jwk& key : ring_->keys()) {
    all.push_back({key.id, key.key.algorithm(), key.key.can_sign(), key.token_life, time_of(key.made, token::kNoTime),
                   time_of(key.signs_from, token::kNoTime), time_of(key.verifies_until, token::kForEver)});
  }
  return all;
}

std::size_t KeySet::size() const noexcept {
  return ring_->keys().size();
}

std::size_t KeySet::passed_over() const noexcept {
  return ring_->passed_over();
}

}  // namespace writ
