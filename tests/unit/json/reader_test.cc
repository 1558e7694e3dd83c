#include "src/json/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "src/base/utf8.h"
#include "src/json/writer.h"

namespace writ::json {
namespace {

// The document, written back; or the error's code and detail.
void append(const Node& node, Writer& out, std::string& text) {
  switch (node.kind()) {
    case Kind::kNull:
      out.null();
      break;
    case Kind::kBool:
      out.boolean(node.boolean());
      break;
    case Kind::kNumber:
      out.string("#" + std::string(node.text()));
      break;
    case Kind::kString:
      out.string(node.text());
      break;
    case Kind::kArray:
      out.begin_array();
      for (const Node child : node)
        append(child, out, text);
      out.end_array();
      break;
    case Kind::kObject:
      out.begin_object();
      for (const Node child : node) {
        out.key(child.key());
        append(child, out, text);
      }
      out.end_object();
      break;
  }
}

std::string shown(const Node& node) {
  std::string text;
  Writer writer(text);
  append(node, writer, text);
  return text;
}

std::string shown(const Error& error) {
  return std::string(code_name(error.code)) + "@" + std::to_string(error.line) + ": " + std::string(error.detail());
}

std::string read_all(std::string_view text) {
  Document document;
  const Result<void> result = read(text, document);
  return result ? shown(document.root()) : shown(result.error());
}

using namespace std::string_view_literals;

TEST(JsonReader, ReadsEveryKindOfValue) {
  EXPECT_EQ(read_all("null"), "null");
  EXPECT_EQ(read_all(" true "), "true");
  EXPECT_EQ(read_all("\"a\\u00e9\\n\""), "\"aé\\n\"");
  EXPECT_EQ(read_all("[]"), "[]");
  EXPECT_EQ(read_all("{}"), "{}");
  EXPECT_EQ(read_all(R"({"a":[1,{"b":[]},[[]],"x"],"c":{"d":null,"e":false}})"),
            R"({"a":["#1",{"b":[]},[[]],"x"],"c":{"d":null,"e":false}})");
}

TEST(JsonReader, SizesAndKeysAreThoseWritten) {
  Document document;
  ASSERT_TRUE(read(R"({"a":[1,2,[3,4]],"":{}, "b":"x"})", document));
  const Node root = document.root();
  EXPECT_EQ(root.size(), 3U);
  auto at = root.begin();
  EXPECT_EQ((*at).key(), "a");
  EXPECT_EQ((*at).size(), 3U);
  ++at;
  EXPECT_EQ((*at).key(), "");
  ++at;
  EXPECT_EQ((*at).key(), "b");
  ++at;
  EXPECT_TRUE(at == root.end());
}

// A number stays as it was written: 2^64 must not become a double, nor 40.00 the number 40.
TEST(JsonReader, NumbersStayText) {
  for (const std::string number :
       {"0", "-0", "40.00", "18446744073709551616", "-9223372036854775809", "1.0", "1e3", "-1.5E-7", "1e+2",
        "0.1234567890123456789012345678901234567890", "123456789012345678901234567890.000000000001"}) {
    EXPECT_EQ(read_all("[" + number + "]"), "[\"#" + number + "\"]");
    EXPECT_EQ(read_all(number), "\"#" + number + "\"");
  }
  for (const std::string number : {"01", "+1", ".5", "1.", "1e", "0x10", "NaN", "Infinity", "-", "--1", "1_000"}) {
    EXPECT_TRUE(read_all(number).starts_with("bad_json@1: not JSON: ")) << number << " " << read_all(number);
  }
}

TEST(JsonReader, NoMemberTwice) {
  EXPECT_EQ(read_all("{\"a\":1,\n\"a\":2}"), "repeated@2: the member `a` stands twice");
  EXPECT_EQ(read_all(R"({"a":1,"\u0061":2})"), "repeated@1: the member `a` stands twice");
  EXPECT_EQ(read_all(R"([{"x":{"":1,"":1}}])"), "repeated@1: the member `` stands twice");
  EXPECT_EQ(read_all(R"([{"a":1},{"a":1},{"b":{"a":1},"a":1}])"),
            R"([{"a":"#1"},{"a":"#1"},{"b":{"a":"#1"},"a":"#1"}])");
}

TEST(JsonReader, NoMemberTwiceAmongMany) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i)
    text += "\"k" + std::to_string(i) + "\":0,\n";
  EXPECT_TRUE(read_all(text + "\"z\":0}").starts_with("{"));
  EXPECT_EQ(read_all(text + "\"k77\":0}"), "repeated@5001: the member `k77` stands twice");
}

TEST(JsonReader, NoNul) {
  EXPECT_EQ(read_all("{\"a\":1}\0junk"sv), "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_all("{\"a\":1}\0"sv), "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_all("\0{}"sv), "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_all("[1,\0 2]"sv), "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_all("[\"a\0b\"]"sv), "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_all("[\"a\\\0b\"]"sv), "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_all("[tr\0ue]"sv), "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_all("[\"a\\u0000b\"]"), "bad_json@1: not JSON: a NUL in a string");
  EXPECT_EQ(read_all("{\"a\\u0000\":1}"), "bad_json@1: not JSON: a NUL in a string");
}

TEST(JsonReader, OnlyUtf8) {
  const std::string refused = "bad_json@1: not JSON: a string is not UTF-8";
  EXPECT_EQ(read_all("[\"\xFF\"]"), refused);
  EXPECT_EQ(read_all("[\"\xC0\x80\"]"), refused);          // overlong NUL
  EXPECT_EQ(read_all("[\"\xED\xA0\x80\"]"), refused);      // surrogate
  EXPECT_EQ(read_all("[\"\xF4\x90\x80\x80\"]"), refused);  // past U+10FFFF
  EXPECT_EQ(read_all("[\"\xE2\x82\"]"), refused);          // cut short
  EXPECT_EQ(read_all("{\"\xFF\":1}"), refused);
  EXPECT_EQ(read_all("[\"\\udc00\"]"), refused);  // the second half of a pair alone
  EXPECT_EQ(read_all("[\"\\ud800\"]"), "bad_json@1: not JSON: half a surrogate pair in a string");
  EXPECT_EQ(read_all("[\"\\ud800\\u0041\"]"), "bad_json@1: not JSON: half a surrogate pair in a string");
  EXPECT_EQ(read_all("[\"\\ud83d\\ude00 \xF0\x9F\x98\x80\"]"), "[\"\xF0\x9F\x98\x80 \xF0\x9F\x98\x80\"]");
  EXPECT_TRUE(read_all("[\xC3\xA9]").starts_with("bad_json"));
}

TEST(JsonReader, NothingBehindTheValue) {
  for (const std::string text : {"{} {}", "{}x", "[]]", "1 2", "null,", "\"a\"\"b\"", "{}//", "{}/**/"}) {
    EXPECT_EQ(read_all(text), "bad_json@1: not JSON: something follows the value") << text;
  }
  EXPECT_EQ(read_all("{}\n\t \r\n"), "{}");
}

TEST(JsonReader, NoExtensions) {
  for (const std::string text :
       {"",          "  ",        "{",        "[",   "[1,]",     "{\"a\":1,}", "{a:1}",     "{'a':1}",
        "[1 2]",     "{\"a\" 1}", "{\"a\":}", "\"a", "\"a\nb\"", "\"a\tb\"",   "\"\\x41\"", "\"\\u12g4\"",
        "\"\\u12\"", "/* */ 1",   "// x\n1",  "tru", "True",     "nul",        "[,1]",      "\xEF\xBB\xBF{}",
        "]",         "}",         ":"}) {
    EXPECT_TRUE(read_all(text).starts_with("bad_json@")) << text << " " << read_all(text);
  }
}

TEST(JsonReader, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(read_all(nested(32)), nested(32));
  EXPECT_EQ(read_all(nested(33)), "bad_json@1: not JSON: nested deeper than 32");
  EXPECT_EQ(read_all(std::string(1000000, '[')), "bad_json@1: not JSON: nested deeper than 32");
  std::string objects;
  for (int i = 0; i < 200000; ++i)
    objects += "{\"a\":";
  EXPECT_EQ(read_all(objects), "bad_json@1: not JSON: nested deeper than 32");
}

TEST(JsonReader, ErrorsNameTheLine) {
  EXPECT_EQ(read_all("{\n\"a\": 1,\n\"b\": x\n}"), "bad_json@3: not JSON: a value is missing or not one");
  Document document;
  EXPECT_EQ(read("[1,\n}", document, 41).error().line, 42U);
  ASSERT_TRUE(read("[1,\n2,\r\n{\"a\":\n3}]", document, 7));
  std::vector<std::uint64_t> lines;
  for (const Node node : document.root())
    lines.push_back(node.line());
  EXPECT_EQ(lines, (std::vector<std::uint64_t>{7, 8, 9}));
}

TEST(JsonReader, ADocumentIsReadOver) {
  Document document;
  ASSERT_TRUE(read(R"({"a":"long enough to need memory of its own","b":[1,2,3]})", document));
  ASSERT_FALSE(read("[", document));
  ASSERT_TRUE(read("[\"x\"]", document));
  EXPECT_EQ(shown(document.root()), "[\"x\"]");
}

// ------------------------------------------------------------------------------------------------------ series

struct Series {
  std::vector<std::string> objects;
  std::string error;
};

Series read_in_pieces(std::string_view text, std::size_t piece) {
  Series series;
  std::string held;
  const Pieces pieces = [&] {
    held = text.substr(0, piece);  // earlier pieces do not outlive this one
    text.remove_prefix(held.size());
    return std::string_view(held);
  };
  const Result<void> result = read_series(pieces, [&](const Node& object) -> Result<void> {
    series.objects.push_back(std::to_string(object.line()) + shown(object));
    return {};
  });
  if (!result) series.error = shown(result.error());
  return series;
}

Series read_objects(std::string_view text) {
  const Series whole = read_in_pieces(text, std::string_view::npos);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    const Series again = read_in_pieces(text, piece);
    EXPECT_EQ(again.objects, whole.objects);
    EXPECT_EQ(again.error, whole.error);
  }
  return whole;
}

using Objects = std::vector<std::string>;

// Also where the parser looks at sixteen bytes at a time.
TEST(JsonReader, AControlCharacterAnywhere) {
  Document document;
  for (char c = 0; c < 0x20; ++c) {
    for (std::size_t at = 2; at < 60; ++at) {
      std::string text = R"({"name":"0123456789012345678901234567890123456789012345678"})";
      text[at] = c;
      const Result<void> read = json::read(text, document);
      ASSERT_FALSE(read) << int{c} << " at " << at;
      EXPECT_EQ(read.error().code, ErrorCode::kBadJson);
    }
  }
}

TEST(JsonSeries, Array) {
  EXPECT_EQ(read_objects("[{\"a\":1},\n {\"b\":[\"é\"]}\n]\n").objects, (Objects{R"(1{"a":"#1"})", R"(2{"b":["é"]})"}));
  EXPECT_EQ(read_objects(" [] ").objects, Objects{});
  EXPECT_EQ(read_objects("[] x").error, "bad_json@1: not JSON: something follows the value");
  EXPECT_EQ(read_objects("[{}]\n{}").error, "bad_json@2: not JSON: something follows the value");
  EXPECT_EQ(read_objects("[{}").error, "bad_json@1: not JSON: a comma or ] is missing");
}

TEST(JsonSeries, Lines) {
  EXPECT_EQ(read_objects("{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":\n3}").objects,
            (Objects{R"(1{"a":"#1"})", R"(3{"b":"#2"})", R"(4{"c":"#3"})"}));
  EXPECT_EQ(read_objects("").objects, Objects{});
  EXPECT_EQ(read_objects(" \n\t\n").objects, Objects{});
  EXPECT_EQ(read_objects("\xEF\xBB\xBF{}").objects, Objects{"1{}"});
  EXPECT_EQ(read_objects("\xEF\xBB{}").error, "bad_json@1: not JSON: half a byte order mark");
  EXPECT_EQ(read_objects("{} {}").error, "bad_json@1: not JSON: each object begins on a line of its own");
  EXPECT_EQ(read_objects("{},\n{}").error, "bad_json@1: not JSON: each object begins on a line of its own");
  EXPECT_EQ(read_objects("{}\n{").error, "bad_json@2: not JSON: the name of a member is missing");
  EXPECT_EQ(read_objects("{}\n[]").error, "bad_json@2: an object is expected, not an array");
  EXPECT_EQ(read_objects("{}\n5").error, "bad_json@2: an object is expected, not a number");
}

TEST(JsonSeries, WhatIsWrongInOneIsSaidWithItsLine) {
  EXPECT_EQ(read_objects("[{},\n null]").error, "bad_json@2: an object is expected, not null");
  EXPECT_EQ(read_objects("[{},\n [{}]]").error, "bad_json@2: an object is expected, not an array");
  EXPECT_EQ(read_objects("{}\n{\"a\":1,\n\"a\":1}").error, "repeated@3: the member `a` stands twice");
  EXPECT_EQ(read_objects("{}\n{\"a\":\"\\u0000\"}").error, "bad_json@2: not JSON: a NUL in a string");
  EXPECT_EQ(read_objects("{}\n\0"sv).error, "bad_json@2: not JSON: a NUL byte");
  EXPECT_EQ(read_objects("[{}\0]"sv).error, "bad_json@1: not JSON: a NUL byte");
  EXPECT_EQ(read_objects("[" + std::string(40, '[')).error, "bad_json@1: an object is expected, not an array");
}

TEST(JsonSeries, TheCallerEndsIt) {
  int seen = 0;
  const Result<void> result = read_series("{}\n{}\n{}\n", [&](const Node&) -> Result<void> {
    if (++seen == 2) return Error(ErrorCode::kUnknownType, "no such type");
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(shown(result.error()), "unknown_type@2: no such type");
  EXPECT_EQ(seen, 2);
}

TEST(JsonSeries, DepthCountsTheArrayAround) {
  const std::string inner = std::string(30, '[') + std::string(30, ']');
  EXPECT_EQ(read_objects("[{\"a\":" + inner + "}]").error, "");
  EXPECT_EQ(read_objects("[{\"a\":[" + inner + "]}]").error, "bad_json@1: not JSON: nested deeper than 32");
  EXPECT_EQ(read_objects("{\"a\":[" + inner + "]}").error, "");
}

// Hundreds of megabytes pass through, and only one object is held.
TEST(JsonSeries, HoldsOneObjectAtATime) {
  std::string block;
  while (block.size() < 60000)
    block += "{\"type\":\"user\",\"id\":\"u\",\"attributes\":{\"n\":[1,2,3]}}\n";
  int left = 400;
  std::uint64_t count = 0;
  const Result<void> result = read_series([&] { return left-- > 0 ? std::string_view(block) : std::string_view(); },
                                          [&](const Node& object) -> Result<void> {
                                            count += object.size() == 3 ? 1 : 0;
                                            return {};
                                          });
  ASSERT_TRUE(result);
  EXPECT_EQ(count, 400 * static_cast<std::uint64_t>(std::count(block.begin(), block.end(), '\n')));
}

TEST(JsonSeries, OneValueIsBounded) {
  const std::string block(std::size_t{1} << 20, 'a');
  int given = 0;
  const Result<void> result = read_series(
      [&] {
        ++given;
        return given == 1 ? std::string_view("{\"a\":\"") : std::string_view(block);
      },
      [](const Node&) -> Result<void> { return {}; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kTooMany);
  EXPECT_LT(given, 260);
}

// ------------------------------------------------------------------------------------------------- everything else

// Whatever is read can be written and read again, and says the same; whatever is refused has a code and a line.
TEST(JsonReader, MutationsAreReadOrRefused) {
  const std::vector<std::string> seeds = {
      R"({"user":"user:alice","agents":["agent:claude"],"scope":"read:invoice_123","context":{"mfa_age":"2m"}})",
      R"([{"type":"invoice","id":"1","attributes":{"amount":40.00,"open":true,"x":null}},{"a":[[],{}]}])",
      "\"\\ud83d\\ude00\\u00e9\\\\\\\"\\/\\b\\f\"", "[-1.5e-7,0,18446744073709551616]"};
  std::mt19937 random(20260302);
  const std::string_view alphabet = "{}[]\",:\\u0dc8ntf-+.eE \n\t\x01\xC3\xA9\xED\xF0";
  Document document;
  Document again;
  int taken = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % (text.size() + 1);
      const char c = alphabet[random() % alphabet.size()];
      switch (random() % 4) {
        case 0:
          text.insert(at, 1, c);
          break;
        case 1:
          if (at < text.size()) text.erase(at, 1);
          break;
        case 2:
          if (at < text.size()) text[at] = c;
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 12));
      }
      if (text.empty()) text = " ";
    }
    const Result<void> result = read(text, document);
    if (!result) {
      EXPECT_TRUE(result.error().code == ErrorCode::kBadJson || result.error().code == ErrorCode::kRepeated);
      EXPECT_GE(result.error().line, 1U);
      EXPECT_TRUE(is_utf8(result.error().detail()));
      continue;
    }
    ++taken;
    const std::string once = shown(document.root());
    ASSERT_TRUE(read(once, again)) << once;
  }
  EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace writ::json
