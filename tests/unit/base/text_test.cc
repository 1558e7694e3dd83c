// UTF-8, base64url, and what somebody sent in a message.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "src/base/base64url.h"
#include "src/base/hash.h"
#include "src/base/quote.h"
#include "src/base/utf8.h"

namespace writ {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, EveryCodePointRoundTrips) {
  for (std::uint32_t code = 0; code <= 0x110000; ++code) {
    std::string text;
    const bool valid = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    ASSERT_EQ(append_utf8(code, text), valid) << code;
    ASSERT_TRUE(is_utf8(text)) << code;
    ASSERT_EQ(text.empty(), !valid);
    if (text.size() > 1) {
      ASSERT_FALSE(is_utf8(std::string_view(text).substr(0, text.size() - 1)));
      ASSERT_FALSE(is_utf8(std::string_view(text).substr(1)));
    }
  }
}

TEST(Utf8, RefusesWhatIsNone) {
  for (const auto text :
       {"\x80"sv, "\xBF"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC2"sv, "\xE0\x80\x80"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv,
        "\xED\xBF\xBF"sv, "\xF0\x80\x80\x80"sv, "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv,
        "\xFE"sv, "\xFF"sv, "\xE2\x28\xA1"sv, "\xE2\x82\x28"sv, "\xF0\x9F\x98"sv}) {
    EXPECT_FALSE(is_utf8(text));
    // Wherever it stands, the first byte of it is named.
    for (const std::size_t before : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{31}}) {
      EXPECT_EQ(valid_utf8_prefix(std::string(before, 'a') + std::string(text) + "bbbbbbbbb"), before);
    }
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("\0"sv));
}

// A second opinion: decode, and encode what came out.
bool decodes(std::string_view text) {
  std::string again;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (at + size > text.size()) return false;
    std::uint32_t code = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      if ((byte & 0xC0U) != 0x80) return false;
      code = code << 6U | (byte & 0x3FU);
    }
    if (!append_utf8(code, again)) return false;
    at += size;
  }
  return again == text;
}

TEST(Utf8, AgreesWithASecondOpinion) {
  std::mt19937 random(6);
  const std::string_view bytes = "ab\x80\x8F\x90\x9F\xA0\xBF\xC0\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF3\xF4\xF5\xFF";
  int valid = 0;
  for (int round = 0; round < 300000; ++round) {
    std::string text;
    for (auto size = random() % 7; size > 0; --size)
      text.push_back(bytes[random() % bytes.size()]);
    ASSERT_EQ(is_utf8(text), decodes(text));
    valid += is_utf8(text) ? 1 : 0;
  }
  EXPECT_GT(valid, 10000);
}

TEST(Base64url, KnownTexts) {
  // RFC 4648, section 10, without padding.
  EXPECT_EQ(encode_base64url(""), "");
  EXPECT_EQ(encode_base64url("f"), "Zg");
  EXPECT_EQ(encode_base64url("fo"), "Zm8");
  EXPECT_EQ(encode_base64url("foo"), "Zm9v");
  EXPECT_EQ(encode_base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode_base64url("\xFB\xFF\xFE"), "-__-");
  EXPECT_EQ(decode_base64url("-__-"), "\xFB\xFF\xFE");
}

// RFC 4648, section 4, word by word: six bits a character, the last filled up with zeros.
TEST(Base64url, WritesSixBitsACharacter) {
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::mt19937_64 random(5);  // NOLINT: the same run each time
  for (std::size_t size = 0; size < 100; ++size) {
    for (int round = 0; round < 20; ++round) {
      std::string bytes(size, '\0');
      for (char& byte : bytes)
        byte = static_cast<char>(random());
      const auto bit = [&bytes](std::size_t i) {
        return i / 8 < bytes.size() && (static_cast<unsigned char>(bytes[i / 8]) >> (7 - i % 8) & 1U) != 0;
      };
      std::string expected;
      for (std::size_t at = 0; at < size * 8; at += 6) {
        std::size_t digit = 0;
        for (std::size_t i = at; i < at + 6; ++i)
          digit = digit * 2 + (bit(i) ? 1 : 0);
        expected += alphabet[digit];
      }
      ASSERT_EQ(encode_base64url(bytes), expected);
      ASSERT_EQ(decode_base64url(expected), bytes);
    }
  }
}

TEST(Base64url, OneSpellingOfEachSequence) {
  for (const auto text : {"A"sv, "Zg=="sv, "Zg="sv, "Zm9v\n"sv, " Zm9v"sv, "+//+"sv, "Zm9v="sv, "Zh"sv, "Zm9"sv,
                          "AAAAA"sv, "Zm\0v"sv, "Zm.v"sv, "Zm9v\xC3\xA9"sv}) {
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  }
  // Of all texts of two and three characters, just those are taken that the bytes are written as.
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/";
  int taken = 0;
  for (const char a : alphabet) {
    for (const char b : alphabet) {
      const std::string text = {a, b};
      const std::optional<std::string> bytes = decode_base64url(text);
      if (!bytes) continue;
      ++taken;
      ASSERT_EQ(encode_base64url(*bytes), text);
    }
  }
  EXPECT_EQ(taken, 256);
}

TEST(Base64url, WhatIsWrittenIsReadBack) {
  std::mt19937 random(8);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i)
      bytes.push_back(static_cast<char>(random() % 256));
    ASSERT_EQ(decode_base64url(encode_base64url(bytes)), bytes);
  }
}

std::string in_message(std::string_view text) {
  Error error(ErrorCode::kBadValue, "");
  return std::string(append_quoted(error, text).detail());
}

TEST(Quote, ShowsNothingThatActs) {
  EXPECT_EQ(in_message("read:invoice_1"), "`read:invoice_1`");
  EXPECT_EQ(in_message(""), "``");
  EXPECT_EQ(in_message("caf\xC3\xA9"), "`caf\xC3\xA9`");
  EXPECT_EQ(in_message("a\x1B[31m\r\nb\x7F"), "`a?[31m??b?`");
  EXPECT_EQ(in_message("a\0b"sv), "`a?b`");
  EXPECT_EQ(in_message("\xC2\x9B"
                       "31m"),
            "`?31m`");
  EXPECT_EQ(in_message("\xFF\xC2"), "`??`");
  EXPECT_EQ(in_message("a\x80\x80z\xC3\xA9\xA9"), "`a??z\xC3\xA9?`");
  EXPECT_EQ(in_message("a\xE2\x80\xAE"
                       "b\xE2\x81\xA6"),
            "`a?b?`");  // right-to-left override, isolate
}

TEST(Quote, CutsAtACharacter) {
  EXPECT_EQ(in_message(std::string(60, 'x')), "`" + std::string(60, 'x') + "`");
  EXPECT_EQ(in_message(std::string(61, 'x')), "`" + std::string(60, 'x') + "...`");
  for (std::size_t before = 0; before < 70; ++before) {
    std::string text(before, 'x');
    while (text.size() < 90)
      text += "\xF0\x9F\x98\x80";
    EXPECT_TRUE(is_utf8(in_message(text))) << before;
    EXPECT_EQ(in_message(text).find('?'), std::string::npos) << before;
  }
}

TEST(Hash, DependsOnBytesAndSeedAlone) {
  EXPECT_EQ(hash_bytes("invoice", 1), hash_bytes(std::string("invoice"), 1));
  EXPECT_NE(hash_bytes("invoice", 1), hash_bytes("invoice", 2));
  EXPECT_NE(hash_bytes("invoice", 1), hash_bytes("invoicf", 1));
  EXPECT_NE(hash_entity(1, "a", 7), hash_entity(2, "a", 7));
}

}  // namespace
}  // namespace writ
