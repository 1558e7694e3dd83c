// What is minted is a subset of what was decided: read back by a Verifier and compared with what the reference, which
// shares no code with the engine, says of the same request.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "src/wire/read_request.h"
#include "tests/properties/property.h"
#include "writ/issuer.h"
#include "writ/verifier.h"

namespace writ::test {
namespace {

using reference::Answer;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::string_view kIssuer = "https://as.example";
constexpr std::string_view kElsewhere = "https://elsewhere.example";
constexpr std::string_view kProofKey = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

class Minting {
 public:
  Minting()
      : keys_(*KeySet::generate(Algorithm::kHS256, Time{0})), issuer_(*Issuer::make(keys_, {std::string(kIssuer)})) {}

  // Nothing, or what is wrong.
  std::string try_one(const Checked& checked, const std::string& text, std::mt19937_64& random) {
    Result<wire::WireRequest> read = wire::read_request(checked.twins->policy(), text, 1);
    const Answer expected = checked.twins->reference_answer(text);
    if (!read || !read->scopes.empty()) return expected.error || !read->scopes.empty() ? "" : "only one side reads it";
    const Request request = read->view(0);
    const Result<Grant> grant = checked.twins->engine().grant(request);
    const bool allowed = !expected.error && expected.verdict == reference::Verdict::kAllow;
    if (!allowed) return grant ? "granted what is not allowed" : "";
    // An id that has no spelling can be decided, and never minted.
    if (!grant)
      return grant.error().code == ErrorCode::kBadScope ? "" : "not granted: " + std::string(grant.error().detail());
    return mint(request, *grant, expected, random);
  }
  std::size_t minted() const { return minted_; }

 private:
  std::string mint(const Request& request, const Grant& grant, const Answer& expected, std::mt19937_64& random) {
    MintRequest how;
    const std::string audience =
        expected.audience && random() % 4 != 0 ? *expected.audience->begin() : std::string(kElsewhere);
    how.audience = audience;
    if (random() % 2 == 0) how.proof_key = kProofKey;
    how.now =
        Time{request.time.microseconds + static_cast<std::int64_t>(random() % 3'000'000) * (expected.lifetime + 1) / 2};
    const std::int64_t end = request.time.microseconds + expected.lifetime * kSecond;
    const bool may = (!expected.audience || expected.audience->contains(audience)) &&
                     (!expected.proof || !how.proof_key.empty()) && request.time.microseconds >= 0 &&
                     how.now.microseconds / kSecond < end / kSecond;
    const Result<MintedToken> token = issuer_.mint(grant, how);
    if (!token) return may ? "not minted: " + std::string(token.error().detail()) : "";
    if (!may) return "minted what was not decided";
    ++minted_;
    const auto replay = MemoryReplayGuard::make(1).value();
    const auto verifier = Verifier::make(keys_, {std::string(kIssuer), audience, /*leeway=*/0, replay.get()});
    const Result<VerifiedToken> verified = verifier->verify(token->text, {how.now, how.proof_key});
    if (!verified) return "does not verify: " + std::string(verified.error().detail());
    return what_is_more(request, verified->claims(), expected, end);
  }

  static std::string what_is_more(const Request& request, const TokenClaims& claims, const Answer& expected,
                                  std::int64_t end) {
    std::string more;
    if (claims.subject != request.user && claims.subject != "user:" + std::string(request.user))
      more += "another user\n";
    if (!request.scope.empty() && claims.scope != request.scope) more += "another scope: " + claims.scope + "\n";
    if (claims.scope.find(' ') != std::string::npos) more += "several scopes: " + claims.scope + "\n";
    if (claims.expires_at.microseconds > end) more += "lives longer\n";
    if (claims.expires_at.microseconds > expected.valid_until) more += "is valid longer\n";
    if (expected.once != claims.once) more += "once\n";
    if (claims.ceiling) more += "a ceiling\n";  // no alias of these policies is one
    if (expected.proof && claims.key.empty()) more += "not bound\n";
    const bool chain = std::equal(claims.actors.rbegin(), claims.actors.rend(), request.agents.begin(),
                                  request.agents.end(), [](const std::string& is, std::string_view asked) {
                                    return is == asked || is == "agent:" + std::string(asked);
                                  });
    if (!chain) more += "another chain\n";
    return more;
  }

  KeySet keys_;
  Issuer issuer_;
  std::size_t minted_ = 0;
};

TEST_F(Property, WhatIsMintedIsASubsetOfWhatWasDecided) {
  Minting minting;
  std::mt19937_64 random(11);  // NOLINT: the same run each time
  for (std::uint64_t seed = 1; seed <= drawn(300); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    for (const std::string& request : checked.from.requests) {
      const std::string wrong = minting.try_one(checked, request, random);
      ASSERT_EQ(wrong, "") << show(checked.from, request, "");
    }
  }
  EXPECT_GT(minting.minted(), drawn(300) / 10) << "too few to say anything";
  std::printf("%zu tokens minted and read back\n", minting.minted());
}

}  // namespace
}  // namespace writ::test
