#include "src/diagnostics/suggest.h"

#include <gtest/gtest.h>

namespace writ {
namespace {

TEST(Suggest, TheNearestName) {
  const std::vector<std::string_view> known = {"owner", "amount", "public", "id", "owners"};
  EXPECT_EQ(suggest("onwer", known), "owner");   // swapped
  EXPECT_EQ(suggest("ownr", known), "owner");    // left out
  EXPECT_EQ(suggest("owwner", known), "owner");  // doubled
  EXPECT_EQ(suggest("0wner", known), "owner");   // replaced
  EXPECT_EQ(suggest("ownerss", known), "owners");
  EXPECT_EQ(suggest("amuont", known), "amount");
  EXPECT_EQ(suggest("idd", known), "id");
}

TEST(Suggest, NothingThatIsTooFar) {
  const std::vector<std::string_view> known = {"owner", "amount"};
  EXPECT_EQ(suggest("xyz", known), "");
  EXPECT_EQ(suggest("own", known), "");  // two edits of three letters
  EXPECT_EQ(suggest("", known), "");
  EXPECT_EQ(suggest("owner", {}), "");
  EXPECT_EQ(suggest("ow", {"own"}), "own");
  EXPECT_EQ(suggest("x", {"y"}), "y");
  EXPECT_EQ(suggest("x", {"x"}), "");  // what is known is not wrong
}

TEST(Suggest, DoesNotDependOnTheOrder) {
  EXPECT_EQ(suggest("cat", {"bat", "hat", "car"}), "bat");
  EXPECT_EQ(suggest("cat", {"hat", "car", "bat"}), "bat");
}

TEST(Suggest, LongNamesAreLeftAlone) {
  const std::string name(129, 'x');
  EXPECT_EQ(suggest(name, {std::string_view(name).substr(1)}), "");
  EXPECT_EQ(suggest(name.substr(1), {std::string_view(name)}), "");
  EXPECT_EQ(suggest(name.substr(2), {std::string_view(name).substr(1)}), name.substr(1));
}

}  // namespace
}  // namespace writ
