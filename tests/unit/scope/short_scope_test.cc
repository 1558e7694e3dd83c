// Short scopes: what is done by vectors against what is done a byte at a time, and both against a plain reading.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "src/scope/short_scope.h"

namespace writ {
namespace {

const std::string kLikely = "abzAZ09:._-~@/+=*{}[`^,<>?\"; ";

std::string any_text(std::mt19937& random, std::size_t size) {
  std::string text;
  while (text.size() < size)
    text.push_back(random() % 4 == 0 ? static_cast<char>(random()) : kLikely[random() % kLikely.size()]);
  return text;
}

void expect_same(std::string_view text) {
  ASSERT_EQ(mark_scope(text), marking::mark_portably(text)) << text;
  if (text.empty() || text.size() > kMostPadded) return;
  const PaddedWords words = padded_words(text);
  ASSERT_EQ(all_bare_words(words, text.size()), all_bare(text)) << text;
  ASSERT_EQ(marking::all_bare_portably(words, text.size()), all_bare(text)) << text;
}

// At every length a text that ends with its memory, so that a sanitizer sees a read past it.
TEST(ShortScope, BothWaysSayTheSameOfAnyBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = any_text(random, static_cast<std::size_t>(round) % (kMostMarked + 1));
    const std::vector<char> exact(text.begin(), text.end());
    expect_same({exact.data(), exact.size()});
  }
}

TEST(ShortScope, EachByteAlone) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t size : {1, 7, 8, 15, 16, 17, 33, 64}) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        expect_same(text);
      }
    }
  }
}

std::string text_of(const PaddedWords (&words)[2], std::size_t size) {
  char bytes[sizeof words];
  std::memcpy(bytes, words, sizeof words);
  EXPECT_TRUE(std::all_of(bytes + size, bytes + sizeof words, [](char c) { return c == '\0'; }));
  return {bytes, size};
}

// Name, underscore, id and star, of every length, in both spellings; the words hold what the views show.
TEST(ShortScope, IsTakenApartWhereItSaysSo) {
  const std::string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  for (std::size_t type = 1; type <= 24; ++type) {
    for (std::size_t id = 0; id <= 40; ++id) {
      for (const bool star : {false, true}) {
        for (const bool turned : {false, true}) {
          if (id == 0 && !star) continue;
          const std::string action = "do_it";
          const std::string resource = letters.substr(0, type) + "_" + letters.substr(3, id) + (star ? "*" : "");
          const std::string text = turned ? resource + "." + action : action + ":" + resource;
          const std::vector<char> exact(text.begin(), text.end());
          ShortScope scope;
          const bool fits = type + action.size() + 1 <= kMostOfName && text.size() <= kMostMarked;
          const std::string_view view(exact.data(), exact.size());
          const bool taken = turned ? take_apart_turned(view, scope) : take_apart_shortly(view, scope);
          ASSERT_EQ(taken, fits) << text;
          if (!fits) continue;
          EXPECT_EQ(text_of(scope.name, scope.name_size), action + ":" + letters.substr(0, type)) << text;
          EXPECT_TRUE(scope.has_id) << text;
          EXPECT_EQ(scope.star, star) << text;
          EXPECT_EQ(scope.id, letters.substr(3, id)) << text;
          EXPECT_TRUE(scope.id.data() >= exact.data() && scope.id.data() + id <= exact.data() + exact.size()) << text;
          EXPECT_TRUE(has_bare_id(scope)) << text;
          if (id != 0 && id <= kMostPadded) {
            EXPECT_EQ(scope.id_words, padded_words(scope.id)) << text;
          }
        }
      }
    }
  }
}

// At every place of an id of every length one byte that none can have.
TEST(ShortScope, NoIdHasAnOddByte) {
  for (std::size_t size = 1; size <= 50; ++size) {
    for (std::size_t odd = 0; odd < size; ++odd) {
      std::string text = "read:a_" + std::string(size, 'x');
      text[7 + odd] = ' ';
      ShortScope scope;
      ASSERT_TRUE(take_apart_shortly(text, scope)) << text;
      EXPECT_FALSE(has_bare_id(scope)) << text;
    }
  }
}

TEST(ShortScope, WhatIsNoneIsLeft) {
  for (const std::string_view text :
       {"", "read", "_", "read:invoice_", "read:invoice_a b", "read:invoice_a*b", "invoice_.read"}) {
    ShortScope scope;
    EXPECT_FALSE(take_apart_shortly(text, scope) && has_bare_id(scope)) << text;
    EXPECT_FALSE(take_apart_turned(text, scope) && has_bare_id(scope)) << text;
  }
}

}  // namespace
}  // namespace writ
