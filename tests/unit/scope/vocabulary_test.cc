#include "src/scope/vocabulary.h"

#include <gtest/gtest.h>

#include <string>

namespace writ {
namespace {

Word word(std::string_view action, std::string_view type, std::uint16_t number) {
  Word made;
  made.action_name = padded_words(action);
  made.type_name = padded_words(type);
  made.action_size = static_cast<std::uint8_t>(action.size());
  made.type_size = static_cast<std::uint8_t>(type.size());
  made.action = number;
  made.type = number;
  return made;
}

TEST(Vocabulary, FindsEveryPairOfNamesAndNoOther) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i)
    names.push_back("a" + std::to_string(i * i));
  std::vector<Word> words;
  for (std::size_t i = 0; i < names.size(); ++i)
    words.push_back(word(names[i], names[names.size() - 1 - i], static_cast<std::uint16_t>(i)));
  Vocabulary vocabulary;
  vocabulary.fill(words);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& type = names[names.size() - 1 - i];
    const Word* const found = vocabulary.find(names[i], type);
    ASSERT_NE(found, nullptr) << names[i];
    EXPECT_EQ(found->action, i);
    EXPECT_EQ(vocabulary.find(names[i], type + "x"), nullptr);
    EXPECT_EQ(vocabulary.find(names[i] + "x", type), nullptr);
    if (names[i] != type) {
      EXPECT_EQ(vocabulary.find(type, type), nullptr);
    }
  }
}

TEST(Vocabulary, TellsNamesFromTheirBeginnings) {
  const Word words[] = {word("read", "doc", 1), word("reads", "doc", 2), word("read", "docs", 3)};
  Vocabulary vocabulary;
  vocabulary.fill(words);
  EXPECT_EQ(vocabulary.find("read", "doc")->action, 1);
  EXPECT_EQ(vocabulary.find("reads", "doc")->action, 2);
  EXPECT_EQ(vocabulary.find("read", "docs")->action, 3);
  EXPECT_EQ(vocabulary.find("rea", "doc"), nullptr);
  EXPECT_EQ(vocabulary.find("reads", "docs"), nullptr);
  EXPECT_EQ(vocabulary.find("", "doc"), nullptr);
  // A zero is no end of a name.
  EXPECT_EQ(vocabulary.find(std::string("read\0", 5), "doc"), nullptr);
}

TEST(Vocabulary, HoldsNamesThatAreShortEnough) {
  const std::string most(kMostPadded, 'a');
  const Word words[] = {word(most, most, 1)};
  Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.find(most, most), nullptr);  // nothing is in it yet
  vocabulary.fill(words);
  ASSERT_NE(vocabulary.find(most, most), nullptr);
  EXPECT_EQ(vocabulary.find(most + "a", most), nullptr);
  EXPECT_EQ(vocabulary.find(most, most + "a"), nullptr);
  vocabulary.fill({});
  EXPECT_EQ(vocabulary.find(most, most), nullptr);
}

}  // namespace
}  // namespace writ
