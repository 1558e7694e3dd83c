// Exchange: a token in, a narrower token for a further agent out.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "writ/engine.h"
#include "writ/issuer.h"
#include "writ/offer.h"
#include "writ/result.h"
#include "writ/token.h"

namespace writ {

// What.          What whoever holds a token asks for in exchange.
// Thread-safety. A value.
// Lifetime.      Views: they need to live only during the call that takes it.
// Cost.          Nothing.
// Fails.         What is wrong in it is an Error from exchange().
struct ExchangeRequest {
  std::string_view agent;                    // who acts from now on, "agent:helper"; the host has authenticated it
  std::span<const std::string_view> scopes;  // empty: all of the token's that today's policy knows
  MintRequest mint;                          // what the new token says beyond its grant
  const Facts* facts = nullptr;              // context and attributes, as in Request
};

struct Exchanged {
  Offer offer;                       // what was decided, for the log and the trusted caller
  std::optional<MintedToken> token;  // over everything the offer grants; none: it grants nothing
};

// RFC 8693, without its transport. The agent joins the chain of the token, `act`, as the one that makes the call, and
// everything is decided again by today's policy for the user and the whole chain. What comes out is never more than the
// token: scopes that lie in its scopes, no longer life, single use and ceiling kept; a token bound to a key gives one
// bound to a key, the new agent's own. A token that works once was used up when it was verified. Any thread.
//
// kBadToken: another issuer's, or it has expired meanwhile. kNotGranted: a scope that does not lie in the token's, no
// key where the token is bound to one. kTooMany: the chain would be longer than kMaxAgents. kMissingMember: no agent,
// no scope. The errors of Engine::negotiate() and Issuer::mint().
Result<Exchanged> exchange(const VerifiedToken& token, const ExchangeRequest& request, const Engine& engine,
                           const Issuer& issuer);

}  // namespace writ
