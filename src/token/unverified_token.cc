// Tested by tests/unit/token/verifier_test.cc.
#include "src/base/base64url.h"
#include "src/json/reader.h"
#include "src/token/split_compact.h"
#include "writ/token.h"

namespace writ {
namespace {

Result<std::string> decoded(std::string_view encoded, std::string_view place) {
  std::optional<std::string> text = decode_base64url(encoded);
  if (!text) return Error(ErrorCode::kBadToken, place).append(" is not base64url");
  json::Document document;
  if (const Result<void> read = json::read(*text, document); !read) {
    return Error(read.error().code, place).append(": ").append(read.error().detail());
  }
  if (!document.root().is_object()) return Error(ErrorCode::kBadToken, place).append(" is not an object");
  return std::move(*text);
}

}  // namespace

Result<UnverifiedToken> UnverifiedToken::decode(std::string_view token) {
  const Result<token::Compact> parts = token::split_compact(token);
  if (!parts) return parts.error();
  Result<std::string> header = decoded(parts->header, "the token's header");
  if (!header) return header.error();
  Result<std::string> claims = decoded(parts->payload, "the token's payload");
  if (!claims) return claims.error();
  return UnverifiedToken(std::move(*header), std::move(*claims));
}

}  // namespace writ
