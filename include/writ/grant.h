// Grant: what was decided, in the form from which a token is minted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "writ/result.h"
#include "writ/value.h"

namespace writ {

struct GrantTerms;

// What.          What a user and a chain of agents were granted: cells in the spelling asked for, and all that a token
//                must say about them. Only an Engine makes one, and what it says can be narrowed, never widened.
// Thread-safety. Immutable; all of it, from any thread.
// Lifetime.      Owns all it shows, and keeps the policy that decided alive.
// Cost.          A pointer; copies share what they show.
// Fails.         narrow() answers kNotGranted for more than was granted. Nothing else fails.
//
// A further agent is no narrowing: it goes through the engine again. Precondition of every call: not moved from.
class Grant {
 public:
  std::string_view user() const noexcept;                // "user:alice"
  std::span<const std::string> agents() const noexcept;  // "agent:claude", the one nearest to the user first
  std::span<const std::string> scopes() const noexcept;  // as they were asked for; each reads back as what was decided
  std::span<const std::string> audience() const noexcept;  // where alone it may be used; empty: no restriction
  std::int64_t lifetime() const noexcept;                  // seconds from decided_at(), more than 0
  Time decided_at() const noexcept;
  std::optional<Time> valid_until() const noexcept;      // until when the tests of time hold; none: for ever
  bool once() const noexcept;                            // it may be used once
  bool proof_dpop() const noexcept;                      // it must be bound to a key (RFC 9449)
  bool ceiling() const noexcept;                         // each use is to be decided again: not all of it is allowed
  std::span<const std::string> notify() const noexcept;  // whom the host must tell
  std::span<const std::string> statements() const noexcept;  // ids of those that decided
  std::uint64_t policy_version() const noexcept;             // as in Decision
  std::uint64_t data_version() const noexcept;
  std::string_view policy_digest() const noexcept;  // as Policy::digest()

  // Fewer scopes, a shorter life, or both; all else stays. A set is narrowed to what lies in it, a declared name to
  // declared names that hold no more. kNotGranted if one of them is not covered or the lifetime is longer or not more
  // than 0; kMissingMember without scopes; kTooMany past 64; what is no scope as decide().
  Result<Grant> narrow(std::span<const std::string_view> scopes, std::int64_t lifetime) const;

 private:
  friend class Engine;
  explicit Grant(std::shared_ptr<const GrantTerms> terms) noexcept;

  std::shared_ptr<const GrantTerms> terms_;
};

}  // namespace writ
