#include "src/scope/name_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace writ {
namespace {

// A name as it may come in a request; zeros may be in it.
ShortScope named(std::string_view name) {
  ShortScope scope;
  const std::string padded = std::string(name) + std::string(kMostOfName - name.size(), '\0');
  scope.name[0] = padded_words(std::string_view(padded).substr(0, kMostPadded));
  scope.name[1] = padded_words(std::string_view(padded).substr(kMostPadded));
  scope.name_size = static_cast<std::uint8_t>(name.size());
  return scope;
}

Word word(std::string_view name, std::uint16_t number) {
  const ShortScope scope = named(name);
  Word made;
  made.name[0] = scope.name[0];
  made.name[1] = scope.name[1];
  made.name_size = scope.name_size;
  made.action = number;
  made.type = number;
  return made;
}

TEST(NameTable, FindsEveryNameAndNoOther) {
  std::vector<std::string> names;
  std::vector<Word> words;
  for (std::uint16_t i = 0; i < 1000; ++i) {
    names.push_back("a" + std::to_string(i * i) + ":t" + std::string(i % 20, 'x'));
    words.push_back(word(names.back(), i));
  }
  Vocabulary vocabulary;
  vocabulary.fill(words);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Word* const found = vocabulary.find(named(names[i]));
    ASSERT_NE(found, nullptr) << names[i];
    EXPECT_EQ(found->action, i);
    EXPECT_EQ(vocabulary.find(named(names[i] + "y")), nullptr);
    EXPECT_EQ(vocabulary.find(named("b" + names[i])), nullptr);
  }
}

TEST(NameTable, TellsNamesFromTheirBeginnings) {
  const Word words[] = {word("read:doc", 1), word("reads:doc", 2), word("read:docs", 3)};
  Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.find(named("read:doc")), nullptr);  // nothing is in it yet
  vocabulary.fill(words);
  EXPECT_EQ(vocabulary.find(named("read:doc"))->action, 1);
  EXPECT_EQ(vocabulary.find(named("reads:doc"))->action, 2);
  EXPECT_EQ(vocabulary.find(named("read:docs"))->action, 3);
  EXPECT_EQ(vocabulary.find(named("rea:doc")), nullptr);
  EXPECT_EQ(vocabulary.find(named("reads:docs")), nullptr);
  EXPECT_EQ(vocabulary.find(named("")), nullptr);
  // A zero is no end of a name.
  EXPECT_EQ(vocabulary.find(named(std::string_view("read:doc\0", 9))), nullptr);
}

}  // namespace
}  // namespace writ
