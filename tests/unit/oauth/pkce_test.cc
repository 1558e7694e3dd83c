#include "writ/oauth/pkce.h"

#include <gtest/gtest.h>

namespace writ::oauth {
namespace {

// RFC 7636, appendix B.
constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

TEST(Pkce, AnswersAsTheRfc) {
  EXPECT_EQ(make_challenge(kVerifier).value(), kChallenge);
  EXPECT_TRUE(check_challenge(kChallenge, "S256"));
  EXPECT_TRUE(verify_challenge(kChallenge, kVerifier));
}

TEST(Pkce, TakesOnlyS256) {
  for (const std::string_view method : {"", "plain", "s256", "S512", "S256 "}) {
    EXPECT_EQ(check_challenge(kChallenge, method).error().code, ErrorCode::kBadVerifier) << method;
  }
  EXPECT_FALSE(check_challenge("", "S256"));
  EXPECT_FALSE(check_challenge(std::string(kChallenge) + "=", "S256"));
  EXPECT_FALSE(check_challenge(kChallenge.substr(1), "S256"));
  EXPECT_FALSE(check_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", "S256"));
  // 43 characters, and bits left over: another spelling of the same digest.
  EXPECT_FALSE(check_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN", "S256"));
}

// RFC 7636, section 4.1: 43 to 128 of the unreserved characters.
TEST(Pkce, VerifiersHaveAForm) {
  for (const std::size_t size : {43U, 64U, 128U}) {
    const std::string verifier(size, '~');
    const Result<std::string> challenge = make_challenge(verifier);
    ASSERT_TRUE(challenge) << size;
    EXPECT_TRUE(verify_challenge(*challenge, verifier));
    EXPECT_FALSE(verify_challenge(*challenge, std::string(size, '-')));
  }
  for (const std::size_t size : {0U, 1U, 42U, 129U, 1'000'000U}) {
    EXPECT_FALSE(make_challenge(std::string(size, 'a'))) << size;
  }
  for (int c = 0; c < 256; ++c) {
    const bool unreserved = c < 128 && (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~');
    EXPECT_EQ(make_challenge(std::string(43, static_cast<char>(c))).has_value(), unreserved) << c;
  }
}

TEST(Pkce, NeedsBoth) {
  EXPECT_FALSE(verify_challenge("", ""));
  EXPECT_FALSE(verify_challenge("", kVerifier));
  EXPECT_FALSE(verify_challenge(kChallenge, ""));
  EXPECT_FALSE(verify_challenge(kVerifier, kVerifier)) << "that would be the method plain";
}

TEST(Pkce, ErrorsQuoteNothing) {
  const std::string secret = "this-is-a-secret-verifier";
  for (const Error& error : {make_challenge(secret).error(), verify_challenge(kChallenge, secret).error(),
                             verify_challenge(secret, kVerifier).error(), check_challenge(secret, "S256").error(),
                             check_challenge(secret, secret).error()}) {
    EXPECT_EQ(error.detail().find("secret"), std::string_view::npos) << error.detail();
  }
}

}  // namespace
}  // namespace writ::oauth
