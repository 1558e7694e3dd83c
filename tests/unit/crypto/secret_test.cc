#include "src/crypto/secret.h"

#include <gtest/gtest.h>

#include <cstring>
#include <type_traits>

#include "src/crypto/equal.h"

namespace {

using namespace writ::crypto;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST(Secret, WipeOverwrites) {
  char bytes[] = "secret";
  wipe(bytes, sizeof(bytes));
  for (const char byte : bytes)
    EXPECT_EQ(byte, 0);
}

TEST(Secret, MovesItsBytesAndKeepsNone) {
  Secret from("0123456789");
  const char* const place = from.view().data();
  Secret to(std::move(from));
  EXPECT_EQ(to.view(), "0123456789");
  EXPECT_EQ(to.view().data(), place);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what a moved secret still holds is asked here
}

TEST(Equal, LengthAndEveryByteCount) {
  EXPECT_TRUE(equal("", ""));
  EXPECT_TRUE(equal("abc", "abc"));
  EXPECT_FALSE(equal("abc", "abcd"));
  EXPECT_FALSE(equal("abc", "ab"));
  for (std::size_t i = 0; i < 3; ++i) {
    char other[] = "abc";
    other[i] = static_cast<char>(other[i] ^ 0x80);
    EXPECT_FALSE(equal("abc", other)) << i;
  }
}

}  // namespace
