// Hostile texts: whatever the bytes, parse() ends in an Ast and diagnostics, in time and memory that go with the size.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "src/policy/print.h"
#include "tests/support/run_length.h"
#include "tests/unit/policy/parsed.h"
#include "tests/unit/policy/random_policy.h"

namespace writ::policy {
namespace {

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  out.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

std::string first_name(const std::string& text) {
  const Parsed result = parsed(text);
  return result.diagnostics.empty() ? "" : result.diagnostics[0].name;
}

TEST(ParseLimits, NestingEndsAt64) {
  const auto nested = [](std::size_t depth, std::string_view open, std::string_view close) {
    return "limit * if " + times(depth, open) + "a" + times(depth, close) + " for 1m";
  };
  EXPECT_EQ(first_name(nested(64, "(", ")")), "");
  EXPECT_EQ(first_name(nested(65, "(", ")")), "nesting-too-deep");
  constexpr std::pair<std::string_view, std::string_view> kNodes[] = {
      {"[", "]"}, {"f(", ")"}, {"{ a: ", "}"}, {"not ", ""}, {"-", ""}, {"any x in y: ", ""}, {"a + (", ")"}};
  for (const auto& [open, close] : kNodes) {
    EXPECT_EQ(first_name(nested(63, open, close)), "") << open;
    EXPECT_EQ(first_name(nested(64, open, close)), "nesting-too-deep") << open;
  }
  for (const std::string_view open :
       {"(", "[", "f(", "{ a: ", "not ", "-", "any x in y: ", "any x in [", "a and (", "- ("}) {
    EXPECT_EQ(first_name(nested(10'000, open, "")), "nesting-too-deep") << open;
    EXPECT_EQ(first_name(nested(1'000'000, open, "")), "nesting-too-deep") << open;
  }
}

TEST(ParseLimits, TreesAreNoHigherThan64) {
  EXPECT_EQ(first_name("limit * if a" + times(63, " + a") + " for 1m"), "");
  EXPECT_EQ(first_name("limit * if a" + times(10'000, " + a") + " for 1m"), "nesting-too-deep");
  EXPECT_EQ(first_name("limit * if a" + times(10'000, " * a") + " for 1m"), "nesting-too-deep");
  EXPECT_EQ(first_name("limit * if a" + times(10'000, ".a") + " for 1m"), "nesting-too-deep");
  // Chains of one word are flat, however long.
  const std::string chain = "limit * if a" + times(100'000, " and b") + times(100'000, " or c") + " for 1m";
  EXPECT_EQ(first_name(chain), "");
  EXPECT_EQ(first_name(print(parsed(chain).ast)), "");
}

TEST(ParseLimits, TypesAndConstantsNestNoDeeper) {
  EXPECT_EQ(first_name("entity a { x: " + times(10'000, "{ x: ")), "nesting-too-deep");
  EXPECT_EQ(first_name("entity a { x: int = " + times(10'000, "[")), "nesting-too-deep");
  EXPECT_EQ(first_name("test \"a\" { doc 1 " + times(10'000, "{ x: ")), "nesting-too-deep");
}

TEST(ParseLimits, AfterTooDeepTheNextStatementIsRead) {
  const Parsed result = parsed("limit * if " + times(1000, "(") + "\nallow read:x\ndeny y:z\n");
  ASSERT_EQ(result.diagnostics.size(), 2U);
  EXPECT_EQ(result.diagnostics[0].name, "nesting-too-deep");
  EXPECT_EQ(result.diagnostics[1].name, "missing-because");
  EXPECT_EQ(result.ast.items.size(), 1U);
}

TEST(ParseLimits, NotUtf8) {
  EXPECT_EQ(said("allow read:x\nallow \"\xC3(\"\n"),
            "p.writ:2:8: error[not-utf8]: this byte belongs to no character of UTF-8\n"
            "    2 | allow \"?(\"\n"
            "      |        ^\n"
            "      = help: policies are UTF-8 text\n");
  EXPECT_EQ(first_name("\xFF"), "not-utf8");
  EXPECT_EQ(first_name("\xEF\xBB"), "not-utf8");
  EXPECT_EQ(first_name("# \xED\xA0\x80"), "not-utf8");
}

TEST(ParseLimits, ControlCharacters) {
  using namespace std::string_literals;
  EXPECT_EQ(first_name("allow read:x # \0\n"s), "control-character");
  EXPECT_EQ(first_name("\x1B[31m"), "control-character");
  EXPECT_EQ(first_name("# \x7F"), "control-character");
  EXPECT_EQ(first_name("# \xC2\x85"), "control-character");
  EXPECT_EQ(first_name("# \xE2\x80\xAE"), "control-character");
  EXPECT_EQ(first_name("# \xE2\x81\xA6"), "control-character");
  EXPECT_EQ(first_name("# \xE2\x80\xA6 \xC2\xA0 \xE2\x82\xAC"), "");
  // Wherever it stands in a block of those that are looked at together.
  for (std::size_t i = 0; i < 200; ++i)
    EXPECT_EQ(first_name("#" + times(i, "x") + "\x01" + times(80, "y")), "control-character");
  EXPECT_EQ(said("allow \"\xE2\x80\xAE\" x"),
            "p.writ:1:8: error[control-character]: the character U+202E has no place in a policy\n"
            "    1 | allow \"?\" x\n"
            "      |        ^\n"
            "      = help: inside a text it can be written \\u{202E}\n");
}

TEST(ParseLimits, ErrorsEndAtAThousand) {
  for (const std::string& text :
       {times(100'000, "allow\n"), "limit * if [" + times(100'000, "1.00000,") + "1] for 1m\nallow",
        "test \"x\" {\n" + times(100'000, "allow\n"), times(100'000, "entity allow { x: int\n")}) {
    const Parsed result = parsed(text);
    EXPECT_EQ(result.diagnostics.size(), 1001U);
    EXPECT_EQ(std::count_if(result.diagnostics.begin(), result.diagnostics.end(),
                            [](const Diagnostic& d) { return d.name == "too-many-errors"; }),
              1);
  }
}

TEST(ParseLimits, MuchOfAnything) {
  const std::size_t size = test::drawn(std::size_t{64} << 20);
  std::mt19937_64 random(7);
  std::string ascii(size, ' ');
  for (char& c : ascii)
    c = static_cast<char>("abcxyz{}[]()\":_*.,@#=<> \n\n123-"[random() % 31]);
  parsed(std::move(ascii));
  for (const std::string_view unit :
       {"(",       "{", "\"", "a",  "\n", "@",    "#",   "allow ",   "allow read:x if a.\n", "test \"x\" {\n",
        "read:x,", "-", "1",  "\\", "\t", "x_a.", "{a,", "\xC3\xA4", "allow {a\n",           "a:b\n"}) {
    const Parsed result = parsed(times(size / 4 / unit.size(), unit));
    EXPECT_LE(result.diagnostics.size(), 1001U);
    std::size_t kept = 0;
    for (const Diagnostic& d : result.diagnostics)
      kept += d.source_line.size() + d.message.size() + d.help.size();
    EXPECT_LT(kept, std::size_t{16} << 20) << unit;
  }
}

TEST(ParseLimits, MutatedPolicies) {
  constexpr std::string_view kPieces[] = {
      "{",  "}",  "(",        ")",    "[",       "]",       "\"",           "#",    "\n",         ":", ".",
      "..", ",",  "_",        "*",    "allow ",  "deny ",   "test \"x\" {", " if ", " any x in ", "@", "@a ",
      "-",  "= ", "because ", "not ", "action ", "context "};
  std::mt19937_64 random(11);
  for (std::uint64_t round = test::drawn(20'000); round > 0; --round) {
    std::string text = random_policy(random() % 500, random() % 2 == 0);
    for (std::uint64_t edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text.erase(at, 1 + random() % 20);
          break;
        case 1:
          text.insert(at, kPieces[random() % std::size(kPieces)]);
          break;
        case 2:
          text[at] = static_cast<char>(random() % 128);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
          break;
      }
    }
    const Parsed result = parsed(text);
    const std::string rendered = render(result.diagnostics);
    EXPECT_EQ(rendered.find("tao::"), std::string::npos);
    for (const Diagnostic& d : result.diagnostics) {
      EXPECT_FALSE(d.message.empty());
      EXPECT_GE(d.length, 1U);
    }
    if (result.diagnostics.empty()) print(result.ast);
  }
}

}  // namespace
}  // namespace writ::policy
