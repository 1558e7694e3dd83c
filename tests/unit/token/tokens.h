// Tokens for tests, made by hand: what no Issuer would mint must be refused, too.
#pragma once

#include <string>
#include <string_view>

#include "src/base/base64url.h"
#include "src/token/key_ring.h"
#include "src/token/sign_compact.h"
#include "writ/keys.h"

namespace writ::test {

inline constexpr std::string_view kIssuer = "https://as.example";
inline constexpr std::string_view kAudience = "https://billing.example";

inline Time at(std::int64_t seconds) {
  return Time{seconds * 1'000'000};
}

// Good from 1000 to 1600. `change` is put in place of `member`, a whole `"name":value`, or behind all if it is empty.
inline std::string claims(std::string_view member = {}, std::string_view change = {}) {
  std::string text = R"({"iss":"https://as.example","sub":"user:alice","aud":"https://billing.example",)"
                     R"("client_id":"agent:claude","scope":"read:invoice_7","iat":1000,"exp":1600,"jti":"t1"})";
  if (member.empty() && !change.empty()) return text.substr(0, text.size() - 1) + ',' + std::string(change) + '}';
  const std::size_t begin = text.find(member);
  if (member.empty() || begin == std::string::npos) return text;
  return text.replace(begin, member.size(), change);
}

// With another header than the key's own, if one is given (as JSON).
inline std::string token_of(const KeySet& keys, std::string_view payload, std::string_view header = {}) {
  const token::Jwk& key = keys.ring().keys().front();
  const auto made = token::sign_compact(header.empty() ? key.header : encode_base64url(header), payload, key.key);
  return made ? *made : std::string();
}

}  // namespace writ::test
