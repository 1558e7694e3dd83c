#include "src/json/writer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "src/json/reader.h"

namespace writ::json {
namespace {

std::string as_string(std::string_view text) {
  std::string out;
  Writer(out).string(text);
  return out;
}

TEST(JsonWriter, CommasAreWhereTheyBelong) {
  std::string out;
  Writer writer(out);
  writer.begin_object().member("a", "x").key("b").begin_array().integer(1).null().begin_object().end_object();
  writer.begin_array().end_array().boolean(true).end_array().member("c", false).member("d", std::int64_t{-7});
  writer.end_object();
  EXPECT_EQ(out, R"({"a":"x","b":[1,null,{},[],true],"c":false,"d":-7})");
}

TEST(JsonWriter, EscapesWhatMustNotStandInAString) {
  EXPECT_EQ(as_string("a\"b\\c\n\r\t\b\f\x01\x1f\x7f"), R"("a\"b\\c\n\r\t\b\f\u0001\u001f\u007f")");
  EXPECT_EQ(as_string(std::string_view("a\0b", 3)), R"("a\u0000b")");
  EXPECT_EQ(as_string("é\xF0\x9F\x98\x80/"), "\"é\xF0\x9F\x98\x80/\"");
  EXPECT_EQ(as_string(""), "\"\"");
}

TEST(JsonWriter, WhatIsNotUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(as_string("\xFF"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(as_string("a\xE2\x82"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(as_string("\xC3\n\""), "\"\xEF\xBF\xBD\\n\\\"\"");
  EXPECT_EQ(as_string("x\xED\xA0\x80y\x01z"), "\"x\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDy\\u0001z\"");
}

TEST(JsonWriter, WhatItWritesIsReadBack) {
  std::mt19937 random(7);
  Document document;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    bool ascii = true;
    for (auto i = random() % 20; i > 0; --i) {
      text.push_back(static_cast<char>(1 + random() % (round % 2 == 0 ? 127 : 255)));
      ascii = ascii && static_cast<unsigned char>(text.back()) < 0x80;
    }
    ASSERT_TRUE(read(as_string(text), document)) << as_string(text);
    if (ascii) {
      EXPECT_EQ(document.root().text(), text);
    }
  }
}

}  // namespace
}  // namespace writ::json
