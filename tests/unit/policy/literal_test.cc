#include "src/policy/literal.h"

#include <gtest/gtest.h>

#include "src/base/utf8.h"
#include "src/policy/reserved.h"
#include "src/policy/token.h"

namespace writ::policy {
namespace {

TEST(Literal, TextsComeBackFromTheirQuotes) {
  std::string all;
  for (std::uint32_t c = 1; c < 0x3000; ++c)
    append_utf8(c, all);
  append_utf8(0x10FFFF, all);
  append_utf8(0xE000, all);
  const std::string quoted_all = quote_text(all);
  std::string back;
  EXPECT_FALSE(decode_text(std::string_view(quoted_all).substr(1, quoted_all.size() - 2), back));
  EXPECT_EQ(back, all);
  EXPECT_EQ(quoted_all.find('\n'), std::string::npos);
}

TEST(Literal, BadEscapesArePointedAt) {
  const auto fault = [](std::string_view body) {
    std::string out;
    const auto found = decode_text(body, out);
    return found ? std::string(body.substr(found->begin, found->end - found->begin)) : "none";
  };
  EXPECT_EQ(fault(R"(a\"b\\c\n\t\r\u{41})"), "none");
  EXPECT_EQ(fault(R"(ab\qc)"), "\\q");
  EXPECT_EQ(fault("ab\\\u00e4c"), "\\\u00e4");
  EXPECT_EQ(fault(R"(\u41)"), "\\u");
  EXPECT_EQ(fault(R"(\u{})"), "\\u{}");
  EXPECT_EQ(fault(R"(\u{41)"), "\\u");
  EXPECT_EQ(fault(R"(\u{4G})"), "\\u{4G}");
  EXPECT_EQ(fault(R"(\u{0})"), "\\u{0}");
  EXPECT_EQ(fault(R"(\u{DFFF})"), "\\u{DFFF}");
  EXPECT_EQ(fault(R"(\u{110000})"), "\\u{110000}");
  EXPECT_EQ(fault(R"(\u{1234567})"), "\\u{1234567}");
  EXPECT_EQ(fault("\\"), "\\");
}

TEST(Literal, ClocksAreStrict) {
  EXPECT_EQ(parse_clock("00:00"), 0);
  EXPECT_EQ(parse_clock("23:59:59"), 86399);
  EXPECT_EQ(parse_clock("24:00"), 86400);
  for (const char* wrong :
       {"", "8:00", "08:0", "08:60", "24:01", "24:00:01", "08:00:60", "08-00", "08:00:", "0a:00", "08:00:0", "99:00"}) {
    EXPECT_EQ(parse_clock(wrong), std::nullopt) << wrong;
  }
  for (std::int64_t s = 0; s <= 86400; ++s)
    EXPECT_EQ(parse_clock(format_clock(s)), s);
}

TEST(Literal, LifetimesHaveNeitherSignNorMicroseconds) {
  EXPECT_EQ(parse_lifetime("1h30m").value, 5'400'000'000);
  EXPECT_EQ(parse_lifetime("5ms").value, 5000);
  EXPECT_FALSE(parse_lifetime("-5m"));
  EXPECT_FALSE(parse_lifetime("5us"));
  EXPECT_FALSE(parse_lifetime("5"));
}

TEST(Reserved, Words) {
  for (const std::string_view word : statement_words()) {
    EXPECT_TRUE(is_statement_word(word));
    EXPECT_TRUE(is_reserved(word)) << word;
  }
  for (const char* word : {"and", "time", "resource", "ceiling", "above", "with", "true"})
    EXPECT_TRUE(is_reserved(word)) << word;
  for (const char* word : {"", "user", "agent", "a", "andy", "And", "at", "type", "id", "owner", "z"})
    EXPECT_FALSE(is_reserved(word)) << word;
  EXPECT_TRUE(is_reserved_type("at"));
  EXPECT_TRUE(is_reserved_type("type"));
  EXPECT_FALSE(is_reserved_type("invoice"));
}

TEST(Reserved, WhatWasMeant) {
  EXPECT_EQ(meant_statement_word("permit"), "allow");
  EXPECT_EQ(meant_statement_word("Forbid"), "deny");
  EXPECT_EQ(meant_statement_word("DENY"), "deny");
  EXPECT_EQ(meant_statement_word("entitiy"), "entity");
  EXPECT_EQ(meant_statement_word("banana"), "");
}

TEST(Token, Shortened) {
  EXPECT_EQ(backticked("abc"), "`abc`");
  EXPECT_EQ(backticked(std::string(60, 'x')), "`" + std::string(60, 'x') + "`");
  EXPECT_EQ(backticked(std::string(61, 'x')), "`" + std::string(60, 'x') + "...`");
  std::string umlauts;
  for (int i = 0; i < 50; ++i)
    umlauts += "\u00e4";
  EXPECT_TRUE(is_utf8(backticked("x" + umlauts)));
}

}  // namespace
}  // namespace writ::policy
