// Redirect URIs: fosite's comparison, which is ours, and UAA's old patterns, of which nothing may match that UAA
// refuses.
#include <gtest/gtest.h>

#include "tests/suites/suite.h"
#include "writ/oauth/redirect.h"

namespace writ::suites {
namespace {

std::vector<std::string> strings(const json::Node& array) {
  std::vector<std::string> out;
  for (const json::Node& one : array)
    out.push_back(text_of(one));
  return out;
}

std::string expected(bool yes) {
  return yes ? "expected to be taken" : "expected to be refused";
}

TEST(Redirect, FositeMatches) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("redirect/fosite.json");
  Suite suite("redirect/fosite");
  for (const json::Node& one : at(shared.root(), "cases")) {
    const json::Node requested = at(one, "requested");
    const bool taken = text_at(one, "expect") == "accept";
    const Result<std::string> got = oauth::resolve_redirect(
        strings(at(one, "registered")), requested.is_string() ? std::optional(requested.text()) : std::nullopt);
    const bool agreed = got.has_value() == taken && (!taken || *got == text_at(one, "resolved"));
    suite.check(text_at(one, "id"), agreed, expected(taken));
  }
}

// What fosite calls secure may be registered; strictly, not with any scheme either.
TEST(Redirect, FositeClasses) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("redirect/fosite.json");
  Suite suite("redirect/fosite classes");
  for (const json::Node& one : at(shared.root(), "is_secure")) {
    const std::string uri = text_at(one, "uri");
    const bool secure = text_at(one, "expect") == "secure";
    suite.check("secure/" + uri, oauth::check_redirect(uri).has_value() == secure, expected(secure));
  }
  for (const json::Node& one : at(shared.root(), "is_secure_strict")) {
    const std::string uri = text_at(one, "uri");
    const bool secure = text_at(one, "expect") == "secure";
    const Result<oauth::RedirectClass> known = oauth::check_redirect(uri);
    const bool web = known && (known->kind == oauth::RedirectKind::kHttps || known->local);
    suite.check("strict/" + uri, web == secure, expected(secure));
  }
  for (const json::Node& one : at(shared.root(), "is_localhost")) {
    const std::string uri = text_at(one, "uri");
    const bool local = at(one, "expect").boolean();
    const Result<oauth::RedirectClass> known = oauth::check_redirect(uri);
    suite.check("local/" + uri, known && known->local == local, expected(local));
  }
  // With its port, a host stands in a URI.
  for (const json::Node& one : at(shared.root(), "is_loopback_address")) {
    const std::string host = text_at(one, "host");
    const bool loopback = at(one, "expect").boolean();
    suite.check("loopback/" + host, oauth::check_redirect("http://" + host + "/").has_value() == loopback,
                expected(loopback));
  }
}

TEST(Redirect, UaaPatterns) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("redirect/uaa_legacy_wildcard.json");
  Suite suite("redirect/uaa_legacy_wildcard");
  for (const json::Node& one : at(shared.root(), "cases")) {
    const std::vector<std::string> registered = strings(at(one, "registered"));
    const std::string requested = text_at(one, "requested");
    const bool taken = text_at(one, "expect") == "accept";
    const bool got = oauth::resolve_redirect(registered, requested).has_value();
    EXPECT_FALSE(got && !taken) << requested << " is more than a pattern lets through";
    const std::string kind = registered.front().find('*') == std::string::npos ? "open/" : "star/";
    suite.check(kind + text_at(one, "id"), got == taken, expected(taken));
  }
}

}  // namespace
}  // namespace writ::suites
