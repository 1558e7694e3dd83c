// Requests and decisions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "writ/facts.h"
#include "writ/handle.h"
#include "writ/value.h"

namespace writ {

enum class Verdict : std::uint8_t { kAllow, kDeny, kStepUp };

// What.          Who asks for what, when. Views: they need to live only during the call that takes it.
// Thread-safety. A value.
// Lifetime.      As its views; a Decision does not point into it.
// Cost.          Nothing.
// Fails.         What is wrong in it is an Error from decide(), explain(), negotiate().
struct Request {
  std::string_view user;  // "user:alice", or "alice"; the id is everything after the first colon
  // "agent:claude", ...: in order, the one nearest to the user first; at most 8
  std::span<const std::string_view> agents;
  std::string_view scope;            // as the agent asked for it; or, with `scope` empty:
  std::string_view action;           //   an action and
  std::string_view resource_type;    //   a type, and
  std::string_view resource_id;      //   an id; empty for a single type and for an action on the type
  Time time;                         // now; the engine reads no clock
  std::string_view audience;         // where the token is to be used; empty: not said
  const Facts* facts = nullptr;      // context and attributes; nullptr: none
  const Handles* handles = nullptr;  // what is not said above but was looked up before; nullptr: nothing
};

inline constexpr std::size_t kMaxAgents = 8;
inline constexpr std::size_t kMaxScopes = 64;
inline constexpr std::uint32_t kNoStatement = 0xFFFFFFFFU;

// Which side refused first.
enum class Link : std::uint8_t { kNone, kPolicy, kUser, kAgent };

// Why a decision is a deny, where no statement says so.
enum class Refusal : std::uint8_t {
  kNone,
  kDenied,      // a deny applies
  kNotAllowed,  // nothing allows it
  kNotTrusted,  // nothing trusts that agent with it
  kNoTime,      // what allowed it ends within a second
  kNoAudience,  // the audiences have nothing in common
};

// What.          The answer to one request. Three verdicts and no fourth: whatever is unknown ends as deny or step up.
// Thread-safety. A value.
// Lifetime.      Independent of request, engine, policy and data. Statement indices are those of the policy whose
//                version it carries.
// Cost.          Trivially copyable, nothing on the heap.
// Fails.         Never.
struct Decision {
  Verdict verdict = Verdict::kDeny;
  Refusal refusal = Refusal::kNone;
  Link link = Link::kNone;
  std::uint8_t agent = 0;                           // with Link::kAgent: its place in the chain, from 0
  bool public_reason = false;                       // the reason may be shown to the client
  bool once = false;                                // the token works once
  bool proof_dpop = false;                          // the token must be bound to a key (RFC 9449)
  bool notify = false;                              // some statement wants the host to log or tell
  std::uint32_t statement = kNoStatement;           // a deciding statement: the allow, the deny, the require
  std::uint32_t lifetime_statement = kNoStatement;  // what shortened the lifetime; kNoStatement: default or valid_until
  std::int64_t lifetime = 0;                        // seconds; more than 0 exactly if allowed
  std::optional<Time> valid_until;                  // the instant up to which the tests of time hold; none: for ever
  std::uint64_t policy_version = 0;
  std::uint64_t data_version = 0;

  bool allowed() const noexcept { return verdict == Verdict::kAllow; }
};

// What.          The full answer, for the log and the trusted caller, in canonical order (by file, then place).
// Thread-safety. A value.
// Lifetime.      Owns all it shows.
// Cost.          A slower walk over every statement that could matter; allocates.
// Fails.         Never; `decision` is what decide() answers, by a walk of its own.
struct Explanation {
  Decision decision;
  std::string scope;               // in the spelling asked for; empty where it has none
  std::vector<std::string> rules;  // ids of the deciding statements
  std::vector<std::string> because;
  std::vector<std::string> ask;
  std::vector<std::string> missing;   // never public
  std::vector<std::string> audience;  // empty: no restriction
  std::vector<std::string> notify;
  std::string link;  // "policy", "user", "agent:x" or empty

  // How each statement that names the action and type came out, for people.
  struct Step {
    std::string id;
    std::string kind;                 // "allow", "trust", "deny", "require", "limit"
    std::string text;                 // the statement as written
    std::string outcome;              // "applies", "does not apply", "unknown"
    std::vector<std::string> facts;   // the atoms of its condition, with what they look at
    std::vector<std::string> change;  // what would have to hold for it to come out the other way; empty: nothing can
  };
  std::vector<Step> steps;
};

}  // namespace writ
