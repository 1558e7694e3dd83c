// One verifier for many threads, while its keys are rotated.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "src/token/key_ring.h"
#include "src/token/sign_compact.h"
#include "writ/verifier.h"

namespace writ {
namespace {

constexpr std::string_view kClaims =
    R"({"iss":"https://as.example","sub":"user:alice","aud":"https://billing.example","client_id":"agent:claude",)"
    R"("iat":1000,"exp":1600,"jti":"t1"})";
constexpr Time kNow{1'000'000'000};

TEST(Verify, WhileKeysAreRotated) {
  const Result<KeySet> first = KeySet::generate(Algorithm::kES256, kNow);
  ASSERT_TRUE(first);
  const token::Jwk& key = first->ring().keys().front();
  const Result<std::string> token = token::sign_compact(key.header, kClaims, key.key);
  ASSERT_TRUE(token);
  Result<Verifier> verifier = Verifier::make(*first, {"https://as.example", "https://billing.example"});
  ASSERT_TRUE(verifier);

  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!over.load()) {
        if (!verifier->verify(*token, {kNow, {}})) ++wrong;
        if (verifier->verify(*token + "A", {kNow, {}})) ++wrong;
      }
    });
  }
  KeySet keys = *first;
  for (int i = 0; i < 50; ++i) {
    const Result<KeySet> next = keys.rotated(Algorithm::kES256, kNow);
    if (!next || !verifier->replace(*next)) ++wrong;
    keys = *next;
  }
  over = true;
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(wrong.load(), 0);
  EXPECT_TRUE(verifier->replace(*KeySet::generate(Algorithm::kES256, kNow)));
  EXPECT_FALSE(verifier->verify(*token, {kNow, {}}));
}

}  // namespace
}  // namespace writ
