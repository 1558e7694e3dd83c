// What is in a token: as somebody says, and as it was verified. Two types, and no way from the one to the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "writ/result.h"
#include "writ/value.h"

namespace writ {

inline constexpr std::size_t kMaxToken = 16'384;  // bytes; what carries more in a request's header is refused by most

// The claims of an access token. RFC 9068, section 2.2.
struct TokenClaims {
  std::string issuer;                 // iss
  std::string subject;                // sub: "user:alice"
  std::vector<std::string> audience;  // aud
  std::string client;                 // client_id
  std::string scope;                  // scope: as RFC 6749, section 3.3, writes it
  std::string id;                     // jti
  std::vector<std::string> actors;    // act (RFC 8693, section 4.1): who makes the call, then whoever it acts for, ...
  std::string key;                    // cnf.jkt (RFC 9449, section 6.1): thumbprint of the key it is bound to; or empty
  std::string policy;                 // writ_policy: the digest of the policy that decided
  Time issued_at;                     // iat
  Time expires_at;                    // exp
  std::optional<Time> not_before;     // nbf
  bool once = false;                  // writ_once: it works once
  bool ceiling = false;               // writ_ceiling: each use is to be decided again
};

// What.          A token taken apart, for people who look for what is wrong. Nobody vouches for anything in it.
// Thread-safety. A value.
// Lifetime.      Owns all it shows.
// Cost.          Decoding; no signature is looked at.
// Fails.         kBadToken, kBadJson: not three parts of base64url of which two are JSON objects; kTooMany: too long.
class UnverifiedToken {
 public:
  static Result<UnverifiedToken> decode(std::string_view token);

  const std::string& header() const noexcept { return header_; }  // JSON
  const std::string& claims() const noexcept { return claims_; }  // JSON

 private:
  UnverifiedToken(std::string header, std::string claims) : header_(std::move(header)), claims_(std::move(claims)) {}

  std::string header_;
  std::string claims_;
};

// What.          A token that a Verifier has found good: signature, issuer, audience, times and form.
// Thread-safety. A value.
// Lifetime.      Owns all it shows. That it was good then does not say that it is now.
// Cost.          Some short texts.
// Fails.         Never. Only a Verifier makes one.
class VerifiedToken {
 public:
  const TokenClaims& claims() const noexcept { return claims_; }

 private:
  friend class Verifier;
  explicit VerifiedToken(TokenClaims claims) : claims_(std::move(claims)) {}

  TokenClaims claims_;
};

}  // namespace writ
