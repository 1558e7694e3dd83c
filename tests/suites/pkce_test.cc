// PKCE: pairs of verifier and challenge, and fosite's token endpoint, of which only the method S256 is here.
#include <gtest/gtest.h>

#include "tests/suites/suite.h"
#include "writ/oauth/pkce.h"

namespace writ::suites {
namespace {

std::string text_or_nothing(const json::Node& object, std::string_view key) {
  const json::Node node = at(object, key);
  return node.is_string() ? std::string(node.text()) : std::string();
}

TEST(Pkce, Pairs) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("jose/pkce.json");
  Suite suite("jose/pkce");
  std::size_t number = 0;
  for (const std::string kind : {"s256_pairs", "plain_pairs"}) {
    for (const json::Node& one : at(shared.root(), kind)) {
      const bool expected = at(one, "expect").boolean();
      const bool got = oauth::verify_challenge(text_at(one, "challenge"), text_at(one, "verifier")).has_value();
      suite.check(kind + '/' + std::to_string(number++), got == expected,
                  expected ? "expected true" : "expected false");
    }
  }
}

// A request and its redemption, as a server would go through both.
TEST(Pkce, TokenEndpoint) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("jose/pkce.json");
  Suite suite("jose/pkce");
  std::size_t number = 0;
  for (const json::Node& one : at(shared.root(), "token_endpoint_cases")) {
    const std::string challenge = text_or_nothing(one, "challenge");
    const std::string method = text_or_nothing(one, "method");
    const std::string verifier = text_or_nothing(one, "verifier");
    const bool expected = text_at(one, "expect") == "accept";
    const bool got = oauth::check_challenge(challenge, method) && oauth::verify_challenge(challenge, verifier);
    const std::string kind = challenge.empty() ? "without/" : method == "S256" ? "S256/" : "plain/";
    suite.check(kind + std::to_string(number++), got == expected, expected ? "expected true" : "expected false");
  }
}

}  // namespace
}  // namespace writ::suites
