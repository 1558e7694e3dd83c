#include "writ/oauth/redirect.h"

#include <gtest/gtest.h>

#include <vector>

namespace writ::oauth {
namespace {

using namespace std::string_view_literals;

std::string kind_of(std::string_view uri) {
  const Result<RedirectClass> known = check_redirect(uri);
  if (!known) return std::string(code_name(known.error().code)) + ": " + std::string(known.error().detail());
  switch (known->kind) {
    case RedirectKind::kHttps:
      return known->local ? "https, local" : "https";
    case RedirectKind::kLoopback:
      return known->local ? "loopback" : "loopback that is not local";
    case RedirectKind::kPrivateUse:
      return "private use";
    case RedirectKind::kOtherScheme:
      return "other scheme";
  }
  return "none";
}

TEST(CheckRedirect, SaysWhatItIs) {
  EXPECT_EQ(kind_of("https://app.example/cb"), "https");
  EXPECT_EQ(kind_of("https://app.example:8443/cb?from=writ"), "https");
  EXPECT_EQ(kind_of("https://localhost:8443/cb"), "https, local");
  EXPECT_EQ(kind_of("http://127.0.0.1:3000/cb"), "loopback");
  EXPECT_EQ(kind_of("http://127.8.9.1/cb"), "loopback");
  EXPECT_EQ(kind_of("http://[::1]/cb"), "loopback");
  EXPECT_EQ(kind_of("http://localhost/cb"), "loopback");
  EXPECT_EQ(kind_of("com.example.app:/cb"), "private use");
  EXPECT_EQ(kind_of("com.example.app://cb"), "private use");
  EXPECT_EQ(kind_of("cursor://anysphere/cb"), "other scheme");
}

TEST(CheckRedirect, RefusesWhatTwoReadersTakeForDifferentHosts) {
  for (const std::string_view uri : {
           "http://app.example/cb"sv,
           "http://127.0.0.1.app.example/cb"sv,
           "http://127.0.0.1@app.example/cb"sv,
           "http://127.0.0.1:3000@app.example/cb"sv,
           "https://user@app.example/cb"sv,
           "https://app.example\\@other.example/cb"sv,
           "https://app.example/cb#fragment"sv,
           "https://app.example/cb#"sv,
           "https://*.app.example/cb"sv,
           "https://app.example/*"sv,
           "https://app%2eexample/cb"sv,
           "https://app_one.example/cb"sv,
           "https:///cb"sv,
           "https:/cb"sv,
           "https:cb"sv,
           "https://"sv,
           "https://app.example:/cb"sv,
           "https://app.example:0/cb"sv,
           "https://app.example:080/cb"sv,
           "https://app.example:65536/cb"sv,
           "https://app.example:99999999999999999999/cb"sv,
           "https://app.example:80:80/cb"sv,
           "https://[::1/cb"sv,
           "https://::1/cb"sv,
           "https://[::1]80/cb"sv,
           "https://[127.0.0.1]/cb"sv,
           "https://[::1/128]/cb"sv,
           "http://127.1/cb"sv,
           "http://0x7f.0.0.1/cb"sv,
           "http://2130706433/cb"sv,
           "http://127.0.0.01/cb"sv,
           "http://localhost.app.example/cb"sv,
           "http://notlocalhost/cb"sv,
           "http://[::2]/cb"sv,
           "http://0.0.0.0/cb"sv,
           "HTTPS://app.example/cb"sv,
           "//app.example/cb"sv,
           "/cb"sv,
           "cb"sv,
           ":cb"sv,
           ""sv,
           "https://app.example/c b"sv,
           "https://app.example/cb\n"sv,
           "https://app.example/cb\0"sv,
           " https://app.example/cb"sv,
           "https://app.example/\xc3\xa9"sv,
           "https://app.example/%"sv,
           "https://app.example/%4"sv,
           "https://app.example/%zz"sv,
           "javascript:alert(1)"sv,
           "data:text/html,hello"sv,
           "file:///etc/passwd"sv,
           "vbscript:x"sv,
           "blob:https://app.example/1"sv,
       }) {
    EXPECT_TRUE(kind_of(uri).starts_with("bad_redirect: ")) << uri << ": " << kind_of(uri);
  }
}

TEST(CheckRedirect, HasABound) {
  const std::string begin = "https://app.example/";
  const std::string longest = begin + std::string(kMaxRedirectBytes - begin.size(), 'a');
  EXPECT_EQ(kind_of(longest), "https");
  EXPECT_EQ(kind_of(longest + "a"), "bad_redirect: a redirect URI has at most 2048 bytes");
}

TEST(RedirectMatches, ComparesBytes) {
  const std::string_view registered = "https://app.example/cb?a=1&b=2";
  EXPECT_TRUE(redirect_matches(registered, registered));
  for (const std::string_view requested : {
           "https://app.example/cb"sv,
           "https://app.example/cb?b=2&a=1"sv,
           "https://app.example/cb?a=1&b=2&c=3"sv,
           "https://app.example/cb?a=1&b=2#"sv,
           "https://app.example/cb?a=1&b=2#f"sv,
           "https://app.example:443/cb?a=1&b=2"sv,
           "https://app.example:444/cb?a=1&b=2"sv,
           "https://App.example/cb?a=1&b=2"sv,
           "https://app.example/./cb?a=1&b=2"sv,
           "https://app.example/%63b?a=1&b=2"sv,
           "http://app.example/cb?a=1&b=2"sv,
           "https://app.example/cb?a=1&b=2 "sv,
           ""sv,
       }) {
    EXPECT_FALSE(redirect_matches(registered, requested)) << requested;
  }
  // What could not have been registered matches nothing, although it is equal.
  for (const std::string_view equal : {"https://app.example/cb#f"sv, "https://a@app.example/cb"sv, "cb"sv, ""sv}) {
    EXPECT_FALSE(redirect_matches(equal, equal)) << equal;
  }
  // A star is a character.
  EXPECT_FALSE(redirect_matches("https://app.example/*", "https://app.example/cb"));
  EXPECT_TRUE(redirect_matches("https://app.example/*", "https://app.example/*"));
}

TEST(RedirectMatches, LetsOnlyThePortOfALoopbackAddressVary) {
  EXPECT_TRUE(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb"));
  EXPECT_TRUE(redirect_matches("http://127.0.0.1:3000/cb", "http://127.0.0.1:51234/cb"));
  EXPECT_TRUE(redirect_matches("http://127.0.0.1:3000/cb", "http://127.0.0.1/cb"));
  EXPECT_TRUE(redirect_matches("http://[::1]/cb?x=1", "http://[::1]:9/cb?x=1"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb/x"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb?x"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1", "http://127.0.0.1:51234/"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.2:51234/cb"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "http://[::1]:51234/cb"));
  EXPECT_FALSE(redirect_matches("http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]:51234/cb"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "https://127.0.0.1:51234/cb"));
  EXPECT_FALSE(redirect_matches("https://127.0.0.1/cb", "https://127.0.0.1:51234/cb"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.1:51234@app.example/cb"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb"));
  EXPECT_FALSE(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.1:/cb"));
  EXPECT_FALSE(redirect_matches("com.example.app://cb", "com.example.app://cb:80"));
}

TEST(RedirectMatches, LocalhostKeepsItsPortUnlessTheServerSaysOtherwise) {
  const std::string_view registered = "http://localhost/cb";
  EXPECT_FALSE(redirect_matches(registered, "http://localhost:51234/cb"));
  constexpr RedirectRule kLoose{.any_port_on_localhost = true};
  EXPECT_TRUE(redirect_matches(registered, "http://localhost:51234/cb", kLoose));
  EXPECT_FALSE(redirect_matches(registered, "http://127.0.0.1:51234/cb", kLoose));
  EXPECT_FALSE(redirect_matches("http://a.localhost/cb", "http://a.localhost:51234/cb", kLoose));
  EXPECT_FALSE(redirect_matches("https://localhost/cb", "https://localhost:51234/cb", kLoose));
}

TEST(ResolveRedirect, SendsTheAnswerToWhatWasAskedFor) {
  const std::vector<std::string> registered = {"https://app.example/cb", "http://127.0.0.1/cb"};
  EXPECT_EQ(resolve_redirect(registered, "http://127.0.0.1:51234/cb").value(), "http://127.0.0.1:51234/cb");
  EXPECT_EQ(resolve_redirect(registered, "https://app.example/cb").value(), "https://app.example/cb");
  EXPECT_EQ(resolve_redirect(registered, "https://evil.example/cb").error().code, ErrorCode::kBadRedirect);
  EXPECT_EQ(resolve_redirect(registered, std::nullopt).error().code, ErrorCode::kBadRedirect);
  EXPECT_EQ(resolve_redirect({}, "https://app.example/cb").error().code, ErrorCode::kBadRedirect);
  EXPECT_EQ(resolve_redirect(std::span(registered).first(1), std::nullopt).value(), "https://app.example/cb");
  EXPECT_EQ(resolve_redirect(std::vector<std::string>{""}, std::nullopt).error().code, ErrorCode::kBadRedirect);
}

}  // namespace
}  // namespace writ::oauth
