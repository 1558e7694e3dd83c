#include "src/scope/lies_in.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/scope/world.h"

namespace writ {
namespace {

using Texts = std::vector<std::string_view>;

std::string answer(std::string_view asked, const Texts& held) {
  static const std::shared_ptr<Schema> world = make_world();
  const Result<bool> inside = lies_in(*world, asked, held);
  if (!inside) return std::string(code_name(inside.error().code));
  return *inside ? "inside" : "outside";
}

TEST(LiesIn, ComparesCells) {
  EXPECT_EQ(answer("read:invoice_1", {"read:invoice_1"}), "inside");
  EXPECT_EQ(answer("invoice_1.read", {"read:invoice_1"}), "inside");
  EXPECT_EQ(answer("read:invoice_12", {"read:invoice_1*"}), "inside");
  EXPECT_EQ(answer("read:invoice_1*", {"read:invoice_*"}), "inside");
  EXPECT_EQ(answer("read:invoice", {"read:invoice_*"}), "inside");
  EXPECT_EQ(answer("read:invoice_*", {"read:invoice_1*"}), "outside");
  EXPECT_EQ(answer("read:invoice_1", {"read:invoice_2"}), "outside");
  EXPECT_EQ(answer("write:invoice_1", {"read:invoice_*"}), "outside");
  EXPECT_EQ(answer("create:invoice", {"read:invoice_*"}), "outside");
  EXPECT_EQ(answer("read:invoice_1", {}), "outside");
  EXPECT_EQ(answer("read:profile", {"read:invoice_*", "profile.read"}), "inside");
}

TEST(LiesIn, ANameStaysAName) {
  EXPECT_EQ(answer("repo", {"repo"}), "inside");
  EXPECT_EQ(answer("drive.read", {"repo"}), "inside");
  EXPECT_EQ(answer("repo", {"drive.read"}), "outside") << "nor does its read:profile";
  EXPECT_EQ(answer("repo", {"read:invoice_*", "read:profile"}), "inside");
  EXPECT_EQ(answer("read:invoice_1", {"repo"}), "outside") << "it was granted under the name alone";
}

TEST(LiesIn, WhatIsNotKnownHoldsNothing) {
  EXPECT_EQ(answer("read:invoice_1", {"fly:invoice_*", "", "read:invoice_\x01", "read:invoice_1"}), "inside");
  EXPECT_EQ(answer("read:invoice_1", {"fly:invoice_*", ""}), "outside");
  EXPECT_EQ(answer("fly:invoice_1", {"fly:invoice_1"}), "unknown_action");
  EXPECT_EQ(answer("", {"read:invoice_1"}), "bad_scope");
}

}  // namespace
}  // namespace writ
