#include "src/scope/suggest_scope.h"

#include <gtest/gtest.h>

#include "tests/unit/scope/world.h"

namespace writ {
namespace {

std::string meant(std::string_view text) {
  static const std::shared_ptr<Schema> world = make_world();
  return suggest_scope(*world, text);
}

TEST(SuggestScope, MendsNames) {
  EXPECT_EQ(meant("raed:invoice_1"), "read:invoice_1");
  EXPECT_EQ(meant("read:invioce_1*"), "read:invoice_1*");
  EXPECT_EQ(meant("raed:invioce"), "read:invoice");
  EXPECT_EQ(meant("invoice_a.b.wriet"), "invoice_a.b.write");
  EXPECT_EQ(meant("Read:invoice_1"), "read:invoice_1");
  EXPECT_EQ(meant("creat:invoice"), "create:invoice");
  EXPECT_EQ(meant("profil.read"), "profile.read");
  EXPECT_EQ(meant("read:region_eu/d"), "read:region_eu/de");
  EXPECT_EQ(meant("rep"), "repo");
  EXPECT_EQ(meant("{read}:invoice"), "read:invoice");
}

TEST(SuggestScope, SaysNothingWhereThereIsNothing) {
  for (const auto* text : {"", "read:invoice_1", "repo", "zzzzz", "zz:qq_1", "read:invoice_a b", "read:profile_1",
                           "create:invoice_1", "*", "read:*", ":", ".", "_"}) {
    EXPECT_EQ(meant(text), "") << text;
  }
  EXPECT_EQ(meant(std::string(5000, 'a')), "");
}

}  // namespace
}  // namespace writ
