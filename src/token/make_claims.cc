// Tested by tests/unit/token/issuer_test.cc and tests/properties/mint_test.cc.
#include "src/token/make_claims.h"

#include <algorithm>

#include "src/base/base64url.h"

namespace writ::token {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

std::int64_t seconds_down(Time time) {
  const std::int64_t seconds = time.microseconds / kSecond;
  return time.microseconds % kSecond < 0 ? seconds - 1 : seconds;
}

Result<void> check_audience(const Grant& grant, std::string_view audience) {
  if (audience.empty()) return Error(ErrorCode::kMissingMember, "a token is for somebody: name the audience");
  const auto allowed = grant.audience();
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), audience) == allowed.end()) {
    return Error(ErrorCode::kNotGranted, "the policy grants this for another audience only");
  }
  return {};
}

Result<void> check_proof_key(const Grant& grant, std::string_view key) {
  constexpr std::size_t kDigestBytes = 32;
  if (key.empty()) {
    if (!grant.proof_dpop()) return {};
    return Error(ErrorCode::kNotGranted,
                 "the policy demands a token bound to a key: it must be asked for with a DPoP proof");
  }
  const std::optional<std::string> thumbprint = decode_base64url(key);
  if (thumbprint && thumbprint->size() == kDigestBytes) return {};
  return Error(ErrorCode::kBadKey, "proof_key is no thumbprint (RFC 7638): 43 characters of base64url");
}

// A token begins when it is minted and ends when its grant does, however late that is.
Result<void> set_times(const Grant& grant, const MintRequest& request, Claims& claims) {
  if (request.now < grant.decided_at()) {
    return Error(ErrorCode::kNotGranted,
                 "it was decided after now: the clock of whoever mints is not that of who decided");
  }
  // Down to a whole second on both ends: never longer than granted, never from the future. The grant's lifetime ends
  // before `valid_until` does.
  const std::int64_t begin = grant.decided_at().microseconds;
  std::int64_t end = 0;
  if (__builtin_mul_overflow(grant.lifetime(), kSecond, &end) || __builtin_add_overflow(begin, end, &end)) {
    return Error(ErrorCode::kNotGranted, "the grant has no end that a token could write");
  }
  if (request.expires_by) end = std::min(end, request.expires_by->microseconds);
  claims.issued_at = seconds_down(request.now);
  claims.expires_at = seconds_down(Time{end});
  if (claims.issued_at < 0) return Error(ErrorCode::kNotGranted, "a token cannot say a time before 1970");
  if (claims.expires_at <= claims.issued_at) {
    return Error(ErrorCode::kNotGranted, "the time of the grant is over: decide again");
  }
  return {};
}

}  // namespace

Result<Claims> make_claims(const Grant& grant, const MintRequest& request, std::string_view issuer) {
  if (const Result<void> fine = check_audience(grant, request.audience); !fine) return fine.error();
  if (const Result<void> fine = check_proof_key(grant, request.proof_key); !fine) return fine.error();
  Claims claims;
  if (const Result<void> fine = set_times(grant, request, claims); !fine) return fine.error();
  claims.issuer = issuer;
  claims.subject = grant.user();
  claims.audience = request.audience;
  claims.scopes = grant.scopes();
  claims.agents = grant.agents();
  // RFC 8693, section 4.3: whoever asked for the token. Without an authorization server in between that is the caller.
  claims.client = !request.client.empty() ? request.client
                  : claims.agents.empty() ? claims.subject
                                          : std::string_view(claims.agents.back());
  claims.proof_key = request.proof_key;
  claims.policy = grant.policy_digest();
  claims.once = grant.once() || request.once;
  claims.ceiling = grant.ceiling() || request.ceiling;
  return claims;
}

}  // namespace writ::token
