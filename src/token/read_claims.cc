// Tested by tests/unit/token/verifier_test.cc and tests/properties/token_bytes_test.cc.
#include "src/token/read_claims.h"

#include "src/base/base64url.h"
#include "src/json/reader.h"
#include "src/token/numeric_date.h"
#include "writ/decision.h"

namespace writ::token {
namespace {

Error about(ErrorCode code, std::string_view claim, std::string_view what) {
  return Error(code, "the token: ").append(claim).append(" ").append(what);
}

Error wrong_type(std::string_view claim, std::string_view wanted) {
  return about(ErrorCode::kWrongType, claim, "is not ").append(wanted);
}

Result<void> take_text(const json::Node& claim, std::string& to) {
  if (!claim.is_string()) return wrong_type(claim.key(), "a string");
  if (claim.text().empty()) return about(ErrorCode::kBadToken, claim.key(), "is empty");
  to = claim.text();
  return {};
}

// RFC 7519, section 4.1.3: a string or an array of strings.
Result<void> take_audience(const json::Node& claim, std::vector<std::string>& to) {
  constexpr std::size_t kMost = 64;
  if (claim.is_string()) {
    to.resize(1);
    return take_text(claim, to.front());
  }
  if (!claim.is_array()) return wrong_type("aud", "a string or an array of strings");
  if (claim.size() == 0) return about(ErrorCode::kBadToken, "aud", "is empty");
  if (claim.size() > kMost) return about(ErrorCode::kTooMany, "aud", "names more than 64");
  for (const json::Node one : claim) {
    if (!one.is_string()) return wrong_type("aud", "a string or an array of strings");
    to.emplace_back(one.text());
  }
  return {};
}

// RFC 6749, section 3.3: %x21 / %x23-5B / %x5D-7E, and one blank between two tokens.
Result<void> take_scope(const json::Node& claim, std::string& to) {
  if (!claim.is_string()) return wrong_type("scope", "a string");
  char before = ' ';
  for (const char c : claim.text()) {
    const bool plain = c > ' ' && c <= '~' && c != '"' && c != '\\';
    if (!plain && (c != ' ' || before == ' ')) return about(ErrorCode::kBadToken, "scope", "is no list of scopes");
    before = c;
  }
  if (before == ' ' && !claim.text().empty()) return about(ErrorCode::kBadToken, "scope", "is no list of scopes");
  to = claim.text();
  return {};
}

Result<void> take_time(const json::Node& claim, Rounding rounding, Time& to) {
  if (!claim.is_number()) return wrong_type(claim.key(), "a number");
  const std::optional<Time> time = numeric_date(claim.text(), rounding);
  if (!time) return about(ErrorCode::kBadToken, claim.key(), "is no number of seconds since 1970");
  to = *time;
  return {};
}

Result<void> take_mark(const json::Node& claim, bool& to) {
  if (claim.kind() != json::Kind::kBool) return wrong_type(claim.key(), "true or false");
  to = claim.boolean();
  return {};
}

// RFC 8693, section 4.1: each holds whoever it acts for. More than a name in one of them (an issuer of its own, say)
// would make two actors of one name look the same, and is refused.
Result<void> take_actors(const json::Node& claim, std::vector<std::string>& to) {
  json::Node actor = claim;
  for (bool deeper = true; deeper;) {
    if (!actor.is_object()) return wrong_type("act", "an object");
    if (to.size() == kMaxAgents) return about(ErrorCode::kTooMany, "act", "is nested more than 8 deep");
    std::string& name = to.emplace_back();
    json::Node next = actor;
    deeper = false;
    for (const json::Node member : actor) {
      if (member.key() == "act") {
        next = member;
        deeper = true;
      } else if (member.key() != "sub") {
        return about(ErrorCode::kBadToken, "act", "holds something else than sub and act");
      } else if (!member.is_string()) {
        return wrong_type("act.sub", "a string");
      } else {
        name = member.text();
      }
    }
    if (name.empty()) return about(ErrorCode::kMissingMember, "act.sub", "is missing");
    actor = next;
  }
  return {};
}

// RFC 7800, section 3.1. A way of confirmation that is not known here cannot be confirmed, and so is refused.
Result<void> take_confirmation(const json::Node& claim, std::string& to) {
  if (!claim.is_object()) return wrong_type("cnf", "an object");
  for (const json::Node member : claim) {
    if (member.key() != "jkt") return about(ErrorCode::kBadToken, "cnf", "asks for another proof than jkt");
    if (!member.is_string()) return wrong_type("cnf.jkt", "a string");
    to = member.text();
  }
  if (to.size() != 43) return about(ErrorCode::kBadToken, "cnf.jkt", "is no thumbprint");
  return {};
}

struct Times {
  bool issued = false;
  bool expires = false;
};

Result<void> take(const json::Node& claim, TokenClaims& claims, Times& seen) {
  const std::string_view name = claim.key();
  if (name == "iss") return take_text(claim, claims.issuer);
  if (name == "sub") return take_text(claim, claims.subject);
  if (name == "aud") return take_audience(claim, claims.audience);
  if (name == "client_id") return take_text(claim, claims.client);
  if (name == "scope") return take_scope(claim, claims.scope);
  if (name == "jti") return take_text(claim, claims.id);
  if (name == "act") return take_actors(claim, claims.actors);
  if (name == "cnf") return take_confirmation(claim, claims.key);
  if (name == "writ_policy") return take_text(claim, claims.policy);
  if (name == "writ_once") return take_mark(claim, claims.once);
  if (name == "writ_ceiling") return take_mark(claim, claims.ceiling);
  if (name == "exp") return seen.expires = true, take_time(claim, Rounding::kDown, claims.expires_at);
  if (name == "iat") return seen.issued = true, take_time(claim, Rounding::kUp, claims.issued_at);
  if (name == "nbf") return take_time(claim, Rounding::kUp, claims.not_before.emplace());
  return {};
}

std::string_view what_is_missing(const TokenClaims& claims, const Times& seen) {
  if (claims.issuer.empty()) return "iss";
  if (claims.subject.empty()) return "sub";
  if (claims.audience.empty()) return "aud";
  if (claims.client.empty()) return "client_id";
  if (claims.id.empty()) return "jti";
  if (!seen.expires) return "exp";
  if (!seen.issued) return "iat";
  return {};
}

}  // namespace

Result<TokenClaims> read_claims(std::string_view encoded) {
  const std::optional<std::string> text = decode_base64url(encoded);
  if (!text) return Error(ErrorCode::kBadToken, "the token's payload is not base64url");
  thread_local json::Document document;  // keeps its memory, which kMaxToken bounds
  if (const Result<void> read = json::read(*text, document); !read) {
    return Error(read.error().code, "the token's payload: ").append(read.error().detail());
  }
  const json::Node root = document.root();
  if (!root.is_object()) return Error(ErrorCode::kBadToken, "the token's payload is not an object");
  TokenClaims claims;
  Times seen;
  for (const json::Node claim : root) {
    if (const Result<void> taken = take(claim, claims, seen); !taken) return taken.error();
  }
  const std::string_view missing = what_is_missing(claims, seen);
  if (!missing.empty()) return about(ErrorCode::kMissingMember, missing, "is missing");
  return claims;
}

}  // namespace writ::token
