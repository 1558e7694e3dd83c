// What the place of a statement changes: nothing but ids, spans and the order in which reasons are listed.
#include <gtest/gtest.h>

#include <algorithm>

#include "src/policy/print.h"
#include "tests/properties/property.h"

namespace writ::test {
namespace {

using reference::Case;
using reference::Random;

void shuffle(std::vector<std::string>& lines, Random& random) {
  for (std::size_t n = lines.size(); n > 1; --n)
    std::swap(lines[n - 1], lines[random.below(n)]);
}

void expect_same(const Checked& checked, const Twins& other, const std::string& how) {
  for (const std::string& request : checked.from.requests) {
    for (const auto& [name, ask] : sides()) {
      ASSERT_EQ(regardless_of_place(ask(*checked.twins, request)), regardless_of_place(ask(other, request)))
          << name << ", " << how << "\n"
          << show(checked.from, request, "");
    }
  }
}

// The order of statements changes nothing.
TEST_F(Property, OrderChangesNothing) {
  for (std::uint64_t seed = 1; seed <= drawn(200); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    Random random(seed);
    Case other = checked.from;
    shuffle(other.policy, random);
    const auto twins = Twins::make(other);
    ASSERT_NE(twins, nullptr) << other.policy_text();
    expect_same(checked, *twins, other.policy_text());
  }
}

// How statements are spread over files changes nothing but ids and spans. (Here every statement has an @id.)
TEST_F(Property, SplittingIntoFilesChangesNothingButIdsAndSpans) {
  for (std::uint64_t seed = 1; seed <= drawn(200); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    Random random(seed);
    std::vector<PolicyText> files = {{"b.writ", ""}, {"a.writ", ""}, {"sub/c.writ", ""}};
    for (const std::string& line : checked.from.policy)
      files[random.below(files.size())].text += line + "\n";
    const auto twins = Twins::make(files, checked.from.data_text());
    ASSERT_NE(twins, nullptr);
    expect_same(checked, *twins, "in three files");
  }
}

// Compiling is deterministic, byte for byte, also in the order in which the files are named.
TEST_F(Property, CompilingIsDeterministicByteForByte) {
  for (std::uint64_t seed = 1; seed <= drawn(200); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    Random random(seed);
    std::vector<PolicyText> files = {{"a.writ", ""}, {"b.writ", ""}};
    for (const std::string& line : checked.from.policy)
      files[random.below(files.size())].text += line + "\n";
    const Compilation first = compile_texts(files);
    const Compilation again = compile_texts(files);
    std::swap(files[0], files[1]);
    const Compilation swapped = compile_texts(files);
    ASSERT_TRUE(first.policy && again.policy && swapped.policy);
    ASSERT_TRUE(std::ranges::equal(first.policy->image(), again.policy->image())) << checked.from.policy_text();
    ASSERT_TRUE(std::ranges::equal(first.policy->image(), swapped.policy->image())) << checked.from.policy_text();
    ASSERT_EQ(first.policy->digest(), swapped.policy->digest());
  }
}

// parse(print(x)) == x: the printed policy decides as the first one, and is printed as the same text again.
TEST_F(Property, ParsingWhatIsPrintedGivesTheSamePolicy) {
  for (std::uint64_t seed = 1; seed <= drawn(200); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    const auto print_of = [](const std::string& text) {
      const PolicyText file{"case.writ", text};
      return policy::print(policy::compile({&file, 1}, policy::Stage::kAst).asts.at(0));
    };
    const std::string printed = print_of(checked.from.policy_text());
    ASSERT_EQ(printed, print_of(printed));
    const auto twins = Twins::make({{"case.writ", printed}}, checked.from.data_text());
    ASSERT_NE(twins, nullptr) << printed;
    expect_same(checked, *twins, printed);
  }
}

}  // namespace
}  // namespace writ::test
