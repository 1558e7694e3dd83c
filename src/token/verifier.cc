// Tested by tests/unit/token/verifier_test.cc and tests/suites/jose_test.cc.
#include "writ/verifier.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "src/token/choose_key.h"
#include "src/token/key_ring.h"
#include "src/token/read_claims.h"
#include "src/token/read_header.h"
#include "src/token/split_compact.h"
#include "src/token/verify_compact.h"

namespace writ {
namespace {

using token::Compact;
using token::Header;
using token::Jwk;
using token::KeyRing;

constexpr std::int64_t kSecond = 1'000'000;

Error bad(std::string_view what) {
  return Error(ErrorCode::kBadToken, what);
}

// The key, of those that are given here, that must have signed.
Result<const Jwk*> key_for(const Compact& token, const KeyRing& keys) {
  // Of our own tokens all have one of a few headers; reading it again would say what is known.
  for (const Jwk& key : keys.keys()) {
    if (key.header == token.header) return &key;
  }
  const Result<Header> header = token::read_header(token.header);
  if (!header) return header.error();
  // RFC 9068, section 4: no other kind of token is taken for an access token.
  Result<const Jwk*> key = token::choose_key(*header, keys, "at+jwt");
  if (!key) return bad("the token: ").append(key.error().detail());
  return key;
}

Result<void> check_times(const TokenClaims& claims, std::int64_t now, std::int64_t leeway) {
  // RFC 7519, section 4.1.4: on or after `exp` it is not taken.
  if (claims.expires_at.microseconds <= now - leeway) return bad("the token has expired");
  if (claims.not_before && claims.not_before->microseconds > now + leeway) return bad("the token is not good yet: nbf");
  if (claims.issued_at.microseconds > now + leeway) return bad("the token is from the future: iat");
  if (claims.issued_at > claims.expires_at) return bad("the token ends before it was issued: exp, iat");
  return {};
}

// RFC 9449, section 7.1: a bound token works with its key's proof alone, and a proof with a bound token alone.
Result<void> check_proof(const TokenClaims& claims, std::string_view proof_key) {
  if (claims.key == proof_key) return {};  // a thumbprint is public
  if (proof_key.empty()) return bad("the token is bound to a key: cnf.jkt; it must come with a DPoP proof");
  if (claims.key.empty()) return bad("a DPoP proof came with a token that is bound to no key");
  return bad("the DPoP proof is of another key than the token is bound to: cnf.jkt");
}

// Only what is good in every other way is used up: a forged token must not use up somebody's real one.
Result<void> use_up(const TokenClaims& claims, const VerifierOptions& options, std::int64_t now) {
  if (!claims.once) return {};
  if (options.replay == nullptr) {
    return bad("the token works once (writ_once), and this verifier was given nothing to remember it by");
  }
  const Time until{claims.expires_at.microseconds + options.leeway * kSecond};
  return options.replay->use(claims.issuer, claims.id, until, Time{now});
}

}  // namespace

struct Verifier::State {
  VerifierOptions options;
  std::mutex mutex;  // held for a copy of the pointer: nothing beside a signature
  std::shared_ptr<const KeySet> keys;

  std::shared_ptr<const KeySet> current() {
    const std::lock_guard lock(mutex);
    return keys;
  }
};

Result<Verifier> Verifier::make(KeySet keys, VerifierOptions options) {
  if (options.issuer.empty()) return Error(ErrorCode::kMissingMember, "a verifier must know the issuer");
  if (options.audience.empty()) return Error(ErrorCode::kMissingMember, "a verifier must know its audience");
  if (options.leeway < 0 || options.leeway > kMaxLeeway) {
    return Error(ErrorCode::kBadValue, "leeway is from 0 to 300 seconds");
  }
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  Verifier made(std::move(state));
  if (const Result<void> given = made.replace(std::move(keys)); !given) return given.error();
  return made;
}

Verifier::Verifier(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;
Verifier::~Verifier() = default;

Result<void> Verifier::replace(KeySet keys) {
  if (keys.size() == 0) return Error(ErrorCode::kBadKey, "a verifier without any key would refuse everything");
  auto shared = std::make_shared<const KeySet>(std::move(keys));
  const std::lock_guard lock(state_->mutex);
  state_->keys.swap(shared);
  return {};
}

Result<VerifiedToken> Verifier::verify(std::string_view text, const Presented& presented) const {
  const Result<Compact> token = token::split_compact(text);
  if (!token) return token.error();
  const std::shared_ptr<const KeySet> keys = state_->current();
  const Result<const Jwk*> key = key_for(*token, keys->ring());
  if (!key) return key.error();
  // What can be told without it is told before the signature is looked at, which costs a hundred times as much. Nobody
  // learns anything by it but what they have written themselves.
  const VerifierOptions& options = state_->options;
  const std::int64_t now = presented.now.microseconds;
  if ((*key)->verifies_until <= now / kSecond) return bad("the token's key has been retired, and its time is over");
  Result<TokenClaims> claims = token::read_claims(token->payload);
  if (!claims) return claims.error();
  if (claims->issuer != options.issuer) return bad("the token is another issuer's: iss");
  if (std::find(claims->audience.begin(), claims->audience.end(), options.audience) == claims->audience.end()) {
    return bad("the token is for another audience: aud");
  }
  if (const Result<void> good = check_times(*claims, now, options.leeway * kSecond); !good) return good.error();
  if (const Result<void> good = check_proof(*claims, presented.proof_key); !good) return good.error();
  if (const Result<void> good = token::verify_compact(*token, (*key)->key); !good) return good.error();
  if (const Result<void> first = use_up(*claims, options, now); !first) return first.error();
  return VerifiedToken(std::move(*claims));
}

}  // namespace writ
