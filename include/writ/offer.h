// Negotiation: several scopes asked for at once, and what of them may be granted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "writ/decision.h"
#include "writ/grant.h"

namespace writ {

inline constexpr std::uint32_t kDefaultMostParts = 64;

// What.          Who asks for which scopes. Views: they need to live only during the call that takes it.
// Thread-safety. A value.
// Lifetime.      As its views; an Offer does not point into it.
// Cost.          Nothing.
// Fails.         What is wrong in it is an Error from negotiate().
struct Negotiation {
  // User, agents, time, audience and facts; asks for nothing itself. Facts about one resource go with single resources
  // of its type only: else kWrongType.
  Request by;
  std::span<const std::string_view> scopes;  // 1 to 64, as the agent asked for them
  // What the caller holds already, so that it is told when all that it newly asked for was cut. What today's policy
  // does not know any more holds nothing.
  std::span<const std::string_view> held;
  // A set is granted if some single resource in it could be allowed, where it is not allowed as a whole; the grant says
  // so, and each use must be decided again. Never the default. A declared ceiling is always asked for as one.
  bool ceiling = false;
  std::uint32_t most_parts = kDefaultMostParts;  // of one scope; with more, nothing of it is granted: too_many
};

// What.          One part of an answer: a scope that is granted, or that needs a step up, or was refused.
// Thread-safety. A value.
// Lifetime.      `scope` is a view into the negotiation's own text where it is as asked, else into the OfferBuffer.
// Cost.          Trivially copyable.
// Fails.         Never.
struct OfferPart {
  enum class Kind : std::uint8_t { kGranted, kStepUp, kRefused };

  Kind kind = Kind::kRefused;
  std::uint8_t asked = 0;  // in Negotiation::scopes
  bool ceiling = false;    // granted, but each use is to be decided again
  bool too_many = false;   // refused: more parts than Negotiation::most_parts, or too much to look at (negotiate())
  bool apart = false;      // refused: might be granted by itself, but all that might have no audience in common
  std::string_view scope;
  Decision decision;  // what decide() says of `scope`; of a ceiling, what it says at most
};

// Where negotiate() puts its answer. Parts of one scope stand together, in the order of Negotiation::scopes.
struct OfferBuffer {
  std::span<OfferPart> parts;
  std::span<char> text;   // spellings of the scopes that were narrowed
  std::size_t count = 0;  // of parts, written by negotiate()
};

// What one token over everything granted says. Without anything granted, lifetime is 0.
struct OfferTerms {
  std::int64_t lifetime = 0;  // of the scope that lives shortest
  std::optional<Time> valid_until;
  bool once = false;  // demands of all of them together
  bool proof_dpop = false;
  bool notify = false;
  bool ceiling = false;
  // Something new was asked for, and nothing was granted that the caller does not hold: asking again will not help.
  bool cut = false;
  std::uint64_t policy_version = 0;
  std::uint64_t data_version = 0;
};

// What.          The full answer to a negotiation, for the log and the trusted caller.
// Thread-safety. A value.
// Lifetime.      Owns all it shows.
// Cost.          Strings and lists; allocates.
// Fails.         Never.
struct Offer {
  struct Granted {
    std::string scope;  // as it was asked for, or narrower in the same spelling
    std::string asked;
    bool ceiling = false;
    Decision decision;
  };
  struct StepUp {
    std::string scope;
    std::string asked;
    std::vector<std::string> ask;
    std::vector<std::string> rules;
    std::vector<std::string> missing;  // never public
  };
  struct Refused {
    std::string scope;  // as asked
    std::vector<std::string> because;
    std::vector<std::string> instead;  // what else may be done with just that, as scopes
    std::vector<std::string> rules;
    std::vector<std::string> missing;  // never public
    std::string link;
    bool too_many = false;
    bool public_reason = false;
  };

  OfferTerms terms;
  std::vector<std::string> audience;  // of one token over everything granted; empty: no restriction
  std::vector<std::string> notify;
  std::vector<Granted> granted;
  std::vector<StepUp> step_up;
  std::vector<Refused> refused;
  std::optional<Grant> grant;  // everything granted, to be minted; none: nothing was
};

// Which resources of a type may be acted on.
struct Listing {
  Request by;  // user, agents, time, audience, facts
  std::string_view action;
  std::string_view type;
  std::string_view after;   // Page::next of the page before; empty: from the beginning
  std::size_t limit = 100;  // 1 to 10,000
};

// What.          One page of a listing: ids of resources in the data, in order of their bytes.
// Thread-safety. A value.
// Lifetime.      Owns all it shows.
// Cost.          Strings; allocates.
// Fails.         Never.
struct Page {
  std::vector<std::string> ids;
  bool every = false;  // every resource of the type may be acted on, also those that are not in the data
  // Where the page after this begins: Listing::after. Empty: this was the last. A page ends when it is full, and also
  // when 100,000 resources were looked at, however few of them may be acted on.
  std::string next;
};

}  // namespace writ
