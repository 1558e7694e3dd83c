// Tested by tests/unit/token/issuer_test.cc, tests/properties/mint_test.cc and tests/compile_fail.
#include "writ/issuer.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "src/base/base64url.h"
#include "src/base/utf8.h"
#include "src/crypto/random.h"
#include "src/token/key_ring.h"
#include "src/token/make_claims.h"
#include "src/token/sign_compact.h"
#include "src/token/write_claims.h"

namespace writ {
namespace {

using token::Jwk;

constexpr std::int64_t kSecond = 1'000'000;

Error no_key() {
  return Error(ErrorCode::kBadKey, "no key signs now: make one, or rotate");
}

bool has_private_key(const KeySet& keys) {
  for (const Jwk& key : keys.ring().keys()) {
    if (key.key.can_sign()) return true;
  }
  return false;
}

}  // namespace

struct Issuer::State {
  IssuerOptions options;
  std::mutex mutex;  // held for a copy of the pointer: nothing beside a signature
  std::shared_ptr<const KeySet> keys;

  std::shared_ptr<const KeySet> current() {
    const std::lock_guard lock(mutex);
    return keys;
  }
};

Result<Issuer> Issuer::make(KeySet keys, IssuerOptions options) {
  if (options.issuer.empty()) return Error(ErrorCode::kMissingMember, "an issuer must know its own name: `issuer`");
  if (!is_utf8(options.issuer)) return Error(ErrorCode::kBadValue, "the name of an issuer is UTF-8: `issuer`");
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  Issuer made(std::move(state));
  if (const Result<void> given = made.replace(std::move(keys)); !given) return given.error();
  return made;
}

Issuer::Issuer(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Issuer::Issuer(Issuer&&) noexcept = default;
Issuer& Issuer::operator=(Issuer&&) noexcept = default;
Issuer::~Issuer() = default;

Result<void> Issuer::replace(KeySet keys) {
  if (!has_private_key(keys)) {
    return Error(ErrorCode::kBadKey, "an issuer needs a key with its private part, which alone can sign");
  }
  auto shared = std::make_shared<const KeySet>(std::move(keys));
  const std::lock_guard lock(state_->mutex);
  state_->keys.swap(shared);
  return {};
}

const std::string& Issuer::issuer() const noexcept {
  return state_->options.issuer;
}

Result<MintedToken> Issuer::mint(const Grant& grant, const MintRequest& request) const {
  Result<token::Claims> claims = token::make_claims(grant, request, state_->options.issuer);
  if (!claims) return claims.error();
  const std::shared_ptr<const KeySet> keys = state_->current();
  const Jwk* const key = keys->ring().signing(claims->issued_at);
  if (key == nullptr) return no_key();
  // What a rotation counts on: when the key's time is over, so is that of all its tokens.
  claims->expires_at = std::min({claims->expires_at, claims->issued_at + key->token_life, key->verifies_until});
  // RFC 7519, section 4.1.7: 128 bits, so that no two tokens ever have the same.
  std::array<unsigned char, 16> drawn;
  if (!crypto::random_bytes(drawn))
    return Error(ErrorCode::kUnsupported, "OpenSSL has no randomness for the token's id");
  MintedToken token;
  token.id = encode_base64url({reinterpret_cast<const char*>(drawn.data()), drawn.size()});
  claims->id = token.id;
  token::Payload payload;
  if (const Result<void> written = token::write_claims(*claims, payload); !written) return written.error();
  Result<std::string> text = token::sign_compact(key->header, payload.view(), key->key);
  if (!text) return text.error();
  if (text->size() > kMaxToken) {
    return Error(ErrorCode::kTooMany, "the token would have more than 16384 bytes: ask for fewer scopes");
  }
  token.text = std::move(*text);
  token.issued_at = Time{claims->issued_at * kSecond};
  token.expires_at = Time{claims->expires_at * kSecond};
  return token;
}

}  // namespace writ
