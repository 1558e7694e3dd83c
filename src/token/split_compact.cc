// Tested by tests/unit/token/verifier_test.cc and tests/suites/jose_test.cc.
#include "src/token/split_compact.h"

#include "writ/token.h"

namespace writ::token {

Result<Compact> split_compact(std::string_view token) {
  if (token.size() > kMaxToken) return Error(ErrorCode::kTooMany, "a token of more than 16384 bytes");
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return Error(ErrorCode::kBadToken, "a signed token has three parts with two dots between them");
  }
  const Compact parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
                      token.substr(0, second)};
  if (parts.header.empty()) return Error(ErrorCode::kBadToken, "the token's header is empty");
  if (parts.signature.empty()) return Error(ErrorCode::kBadToken, "the token has no signature");
  return parts;
}

}  // namespace writ::token
