// The issuer: what was granted becomes a token.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "writ/grant.h"
#include "writ/keys.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ {

struct IssuerOptions {
  std::string issuer;  // `iss`, byte by byte as verifiers expect it
};

// What.          What a token says beyond its grant.
// Thread-safety. A value.
// Lifetime.      Views: they need to live only during the call that takes it.
// Cost.          Nothing.
// Fails.         What is wrong in it is an Error from mint().
struct MintRequest {
  std::string_view audience;   // `aud`: the one server it is for; one of the grant's, where that restricts them
  std::string_view client;     // `client_id`; empty: whoever makes the call, the last agent or else the user
  std::string_view proof_key;  // `cnf.jkt`: what verify_dpop() found; empty: bound to no key
  Time now;                    // the issuer reads no clock
  // A token may say less than its grant, never more.
  std::optional<Time> expires_by;  // no later than that, either
  bool once = false;               // it works once, whatever the grant says
  bool ceiling = false;            // each use is to be decided again, whatever the grant says
};

struct MintedToken {
  std::string text;
  std::string id;   // its jti
  Time issued_at;   // whole seconds
  Time expires_at;  // likewise; when the grant ends, or sooner: no token outlives its key, nor the key's `token_life`
};

// What.          Mints JWT access tokens. RFC 9068, section 2; RFC 8693, section 4.1 (`act`: who makes the call, within
//                it the one that agent acts for, ...); RFC 9449, section 6.1. A token says what its Grant does and
//                nothing more: there is no other way to one than a Grant, which an Engine alone makes.
// Thread-safety. mint() from any number of threads, also while another replaces the keys.
// Lifetime.      Keeps its keys alive. Tokens do not point into it.
// Cost.          A signature, and 1 to 3 % more (`./run bench mint`).
// Fails.         kNotGranted: an audience that the grant does not name, no key for a grant that demands proof, a grant
//                whose time is over or has not come. kMissingMember: no audience. kBadId: a name that is no UTF-8.
//                kBadScope: a scope that RFC 6749 cannot write. kBadKey: no key signs now, or a `proof_key` that is no
//                thumbprint. kTooMany: a token of more than kMaxToken bytes. kUnsupported: OpenSSL refuses. Nothing of
//                a key is ever in an error.
class Issuer {
 public:
  // kMissingMember: no issuer. kBadValue: one that is no UTF-8. kBadKey: no key that signs.
  static Result<Issuer> make(KeySet keys, IssuerOptions options);
  Issuer(Issuer&&) noexcept;
  Issuer& operator=(Issuer&&) noexcept;
  ~Issuer();

  Result<MintedToken> mint(const Grant& grant, const MintRequest& request) const;

  // Whoever mints at this moment goes on with the keys it began with. kBadKey: no key that signs; nothing changes then.
  Result<void> replace(KeySet keys);

  const std::string& issuer() const noexcept;

 private:
  struct State;
  explicit Issuer(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace writ
