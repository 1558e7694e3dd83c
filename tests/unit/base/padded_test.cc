// Texts a word at a time against the same a byte at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "src/base/padded.h"

namespace writ {
namespace {

// Every length up to 40, at the end of its memory, with bytes that are likely to matter.
template <class Check>
void texts(Check&& check) {
  std::mt19937 random(3);
  const std::string likely("\0\x01\x7f\x80\xff::ab", 9);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<char> bytes(static_cast<std::size_t>(round) % 41);
    const bool plain = round % 3 != 0;
    for (char& byte : bytes)
      byte = plain ? static_cast<char>('a' + random() % 26) : likely[random() % likely.size()];
    if (plain && !bytes.empty() && round % 2 == 0) bytes[random() % bytes.size()] = likely[random() % likely.size()];
    check(std::string_view(bytes.data(), bytes.size()));
  }
}

TEST(Padded, WordsAreTheBytesAndThenZeros) {
  texts([](std::string_view text) {
    if (text.size() > kMostPadded) return;
    char bytes[16] = {};
    std::copy(text.begin(), text.end(), bytes);
    PaddedWords expected;
    std::memcpy(&expected.low, bytes, 8);
    std::memcpy(&expected.high, bytes + 8, 8);
    ASSERT_EQ(padded_words(text), expected) << text.size();
  });
}

TEST(Padded, PlainIsAsciiWithoutNul) {
  texts([](std::string_view text) {
    const bool expected = std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
    ASSERT_EQ(is_plain(text), expected) << text.size();
  });
}

TEST(Padded, AByteIsFoundWhereItIs) {
  texts([](std::string_view text) {
    for (const char byte : {':', 'a', '\x80', '\0'}) {
      ASSERT_EQ(has_byte(text, byte), text.find(byte) != std::string_view::npos) << text.size() << " " << int{byte};
    }
  });
}

TEST(Padded, TextsAreTheSameByteByByte) {
  texts([](std::string_view text) {
    std::string other(text);
    ASSERT_TRUE(same_text(text, other));
    for (char& byte : other) {
      byte = static_cast<char>(byte ^ 0x10);
      ASSERT_FALSE(same_text(text, other)) << text.size();
      byte = static_cast<char>(byte ^ 0x10);
    }
    other.push_back('\0');
    ASSERT_FALSE(same_text(text, other));
  });
}

}  // namespace
}  // namespace writ
