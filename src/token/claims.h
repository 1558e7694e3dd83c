// What a token is going to say.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace writ::token {

// Views of a grant and of a request. Times are seconds since 1970.
struct Claims {
  std::string_view issuer;
  std::string_view subject;
  std::string_view audience;
  std::string_view client;
  std::span<const std::string> scopes;
  std::span<const std::string> agents;  // the one nearest to the user first
  std::string_view proof_key;           // empty: none
  std::string_view policy;              // its digest
  std::string_view id;
  std::int64_t issued_at = 0;
  std::int64_t expires_at = 0;
  bool once = false;
  bool ceiling = false;
};

}  // namespace writ::token
