#include "src/policy/print.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/paths.h"
#include "tests/unit/policy/ast_shape.h"
#include "tests/unit/policy/parsed.h"
#include "tests/unit/policy/random_policy.h"

namespace writ::policy {
namespace {

std::string printed(const std::string& text) {
  const Parsed once = parsed(text);
  EXPECT_EQ(render(once.diagnostics), "") << text;
  return print(once.ast);
}

std::string printed_condition(const std::string& text) {
  const std::string statement = printed("limit * if " + text + " for 1m");
  return statement.substr(11, statement.size() - 11 - 8);
}

// parse(print(x)) == x, print(parse(print(x))) == print(x), and no comment is lost.
void expect_round_trip(const std::string& text) {
  const Parsed once = parsed(text);
  ASSERT_EQ(render(once.diagnostics), "") << text;
  const std::string first = print(once.ast);
  const Parsed again = parsed(first);
  ASSERT_EQ(render(again.diagnostics), "") << text << "\n---- printed\n" << first;
  EXPECT_EQ(shape_of(once.ast), shape_of(again.ast)) << text << "\n---- printed\n" << first;
  EXPECT_EQ(first, print(again.ast)) << text;
  EXPECT_EQ(once.ast.comments.size(), again.ast.comments.size()) << text << "\n---- printed\n" << first;
}

TEST(Print, OneSpaceAndOneStatementALine) {
  EXPECT_EQ(printed("  allow   {read , write}:x   to\n group:g,user:\"a b\"  if a==b   for 90m,once   allow read:y"),
            "allow {read,write}:x to group:g, user:\"a b\" if a == b for 90m, once\nallow read:y\n");
  EXPECT_EQ(printed("@a/b.c   deny  *  via   any  agent   because \"x\""),
            "@a/b.c\ndeny * via any agent because \"x\"\n");
  EXPECT_EQ(printed(""), "");
  EXPECT_EQ(printed("\xEF\xBB\xBF\n\n# x   \r\n"), "# x\n");
}

TEST(Print, Declarations) {
  EXPECT_EQ(printed("entity a{x: int=-3,y: set  of user  or group ?,} in b,c:i,\"j k\" single"),
            "entity a single: i, \"j k\" in b, c { x: int = -3, y: set of user or group? }\n");
  EXPECT_EQ(
      printed(
          "entity a { }\ncontext{}\ncontext{ k: {a: int,b: bool?} absent  means {a: 1} ,l: user? absent means none}"),
      "entity a {}\ncontext {}\n"
      "context { k: { a: int, b: bool? } absent means { a: 1 }, l: user? absent means none }\n");
  EXPECT_EQ(printed("actions a , b-c for type  x , y\nactions g={ a,b } for x"),
            "actions a, b-c     for type x, y\nactions g = {a, b} for x\n");
  EXPECT_EQ(printed("define f ( i: x , ) =i.a\nalias \"n\"ceiling=*,a:b"),
            "define f(i: x) = i.a\nalias \"n\" ceiling = *, a:b\n");
}

TEST(Print, LongOnesAreBroken) {
  const std::string name(50, 'n');
  EXPECT_EQ(printed("deny write:* to any user via any agent if " + name + " because \"" + name + "\""),
            "deny write:* to any user via any agent\n    if " + name + "\n    because \"" + name + "\"\n");
  EXPECT_EQ(printed("require " + name + " before write:* if " + name + " ask \"acr:mfa\""),
            "require " + name + "\n    before write:*\n    if " + name + "\n    ask \"acr:mfa\"\n");
  EXPECT_EQ(printed("entity a { x: int, # one\n y: int }"), "entity a {\n  x: int, # one\n  y: int,\n}\n");
  EXPECT_EQ(printed("entity a { " + name + ": int, m" + name + ": int }"),
            "entity a {\n  " + name + ": int,\n  m" + name + ": int,\n}\n");
}

TEST(Print, Parentheses) {
  EXPECT_EQ(printed_condition("(a)"), "a");
  EXPECT_EQ(printed_condition("((a and b))"), "a and b");
  EXPECT_EQ(printed_condition("(a and b) or c"), "(a and b) or c");
  EXPECT_EQ(printed_condition("a and (b or c)"), "a and (b or c)");
  EXPECT_EQ(printed_condition("(a and b) and c"), "(a and b) and c");
  EXPECT_EQ(printed_condition("(a.b) == (1) and f((x))"), "a.b == 1 and f(x)");
  EXPECT_EQ(printed_condition("(a + b) * c - (d - e)"), "(a + b) * c - (d - e)");
  EXPECT_EQ(printed_condition("-(5) == - 5"), "-(5) == -5");
  EXPECT_EQ(printed_condition("(user:bob).x and user:\"bob\".x"), "(user:bob).x and user:\"bob\".x");
  EXPECT_EQ(printed_condition("(action) == user.x or (action) == read"), "(action) == user.x or action == read");
}

TEST(Print, QuantifiersAmongOperatorsStandInParentheses) {
  EXPECT_EQ(printed_condition("any x in s: a and b"), "any x in s: a and b");
  EXPECT_EQ(printed_condition("a and any x in s: b or c"), "a and (any x in s: b or c)");
  EXPECT_EQ(printed_condition("not all x in s: b"), "not (all x in s: b)");
  EXPECT_EQ(printed_condition("(any x in folder above doc: (b)) or c"), "(any x in folder above doc: b) or c");
  EXPECT_EQ(printed_condition("any x in s: all y in t: b"), "any x in s: all y in t: b");
  EXPECT_EQ(printed_condition("[any x in s: b, c]"), "[any x in s: b, c]");
}

TEST(Print, LiteralsStayAsWritten) {
  EXPECT_EQ(printed_condition("90m == 2026-03-02T10:00:00+01:00 - 1.50"), "90m == 2026-03-02T10:00:00+01:00 - 1.50");
  EXPECT_EQ(printed_condition("- 90m == (90m) and -(90m) == x"), "-1h30m == 90m and -(90m) == x");
  EXPECT_EQ(printed_condition(R"("\u{e4}\t\"" == "\u{202e}")"), "\"ä\\t\\\"\" == \"\\u{202E}\"");
}

TEST(Print, CommentsAndBlankLines) {
  EXPECT_EQ(printed("\n\n# top\n\n\n\nallow a:b # behind\n# own\n\nallow a:c\n\n\n# end\n\n"),
            "# top\n\nallow a:b # behind\n# own\n\nallow a:c\n\n# end\n");
  EXPECT_EQ(printed("entity a { # behind the brace\n\n # before\n\n\n x: int # behind x\n , # behind the comma\n y: "
                    "int\n # last\n\n}"),
            "entity a { # behind the brace\n  # before\n\n  x: int, # behind x\n  # behind the comma\n  y: int,\n  # "
            "last\n}\n");
  EXPECT_EQ(printed("allow # inside\n a:b\n # also\n if c # behind"), "# inside\n# also\nallow a:b if c # behind\n");
  EXPECT_EQ(printed("test \"x\" {\n\n allow a:b # one\n\n\n # two\n doc 1 { x: # in\n 1 }\n}"),
            "test \"x\" {\n  allow a:b # one\n\n  # two\n  # in\n  doc 1 { x: 1 }\n}\n");
}

TEST(Print, Tests) {
  EXPECT_EQ(
      printed("test \"x\" { at  2026-03-02T10:00:00+01:00\n user  alice  in group:g , group:\"h\"{x: 1}\n profile\n"
              "context{t: true}\nallow  a:b  to alice via  claude , agent:b  for 10m  because \"x\",\"y\"  ask \"z\"\n"
              "deny b_1.a to user:\"q\"\n}\ntest \"y\" {\n}"),
      "test \"x\" {\n  at 2026-03-02T10:00:00+01:00\n  user alice in group:g, group:\"h\" { x: 1 }\n  profile\n"
      "  context { t: true }\n  allow a:b   to alice via claude, agent:b for 10m because \"x\", \"y\" ask \"z\"\n"
      "  deny  b_1.a to user:\"q\"\n}\ntest \"y\" {}\n");
}

TEST(Print, LongExpressionsAreBrokenWhereTheyAreLeastDeep) {
  const std::string a(30, 'a');
  const std::string b(40, 'b');
  EXPECT_EQ(
      printed("define d = " + a + " and (" + b + " or " + b + " or " + a + ") and not " + a),
      "define d = " + a + "\n    and (" + b + "\n        or " + b + "\n        or " + a + ")\n    and not " + a + "\n");
  EXPECT_EQ(printed("deny * if any x in s: " + b + " and " + b + " or x because \"y\""),
            "deny *\n    if any x in s:\n        " + b + " and " + b + " or x\n    because \"y\"\n");
  EXPECT_EQ(printed("define d = [" + a + ", " + a + ", " + a + ", " + a + "] contains x"),
            "define d = [" + a + ", " + a + ",\n    " + a + ", " + a + "] contains x\n");
  EXPECT_EQ(printed("allow " + a + ":x, " + a + ":x, " + a + ":x, " + a + ":x"),
            "allow " + a + ":x, " + a + ":x,\n    " + a + ":x, " + a + ":x\n");
  EXPECT_EQ(printed("entity e: " + a + "," + a + "," + a + "," + a),
            "entity e: " + a + ", " + a + ",\n    " + a + ", " + a + "\n");
  EXPECT_EQ(printed("entity e { x: { " + a + ": int, " + b + ": int, " + a + "x: int } }"),
            "entity e {\n  x: { " + a + ": int, " + b + ": int,\n      " + a + "x: int },\n}\n");
}

TEST(Print, LinesThatFollowEachOtherAreSetInColumns) {
  EXPECT_EQ(printed("allow read:x to any user\n@a\ndeny {a,b}:x if c because \"d\"\n\nlimit * for 1m\n"),
            "allow read:x  to any user\n@a\ndeny  {a,b}:x if c because \"d\"\n\nlimit * for 1m\n");
  EXPECT_EQ(printed("entity user in group { a: int }\nentity agent { b: int }\nentity g: x, y, z\nentity invoice in g"),
            "entity user    in group { a: int }\nentity agent            { b: int }\n"
            "entity g: x, y, z\nentity invoice in g\n");
  EXPECT_EQ(printed("entity a {}\nentity ab { x: int }"), "entity a  {}\nentity ab { x: int }\n");
  EXPECT_EQ(printed("alias \"a\" = a:b\nalias \"ab\" ceiling = a:b"),
            "alias \"a\"  = a:b\nalias \"ab\" ceiling = a:b\n");
  EXPECT_EQ(printed("trust agent:a with * if b for 1m, once\ntrust agent:bc with a:b for 2m"),
            "trust agent:a  with *   if b for 1m, once\ntrust agent:bc with a:b for 2m\n");
  EXPECT_EQ(printed("require \"ü\" == x before * ask \"y\"\nlimit * for 1m"),
            "require \"ü\" == x before * ask \"y\"\nlimit   *        for 1m\n");
}

TEST(Print, CommentsBehindLinesStandUnderEachOther) {
  EXPECT_EQ(printed("allow a:b # one\nallow abc:d # two\nallow a:b to group:staff"),
            "allow a:b   # one\nallow abc:d # two\nallow a:b to group:staff\n");
  EXPECT_EQ(printed("entity a {\n x: int, # one\n xyz: int, # two\n y: int, }"),
            "entity a {\n  x: int,   # one\n  xyz: int, # two\n  y: int,\n}\n");
}

TEST(Print, ColumnsEndWhereTheyWouldGetTooWide) {
  const std::string name(80, 'n');
  EXPECT_EQ(printed("allow " + name + ":x\nallow a:b to group:" + std::string(30, 'g')),
            "allow " + name + ":x\nallow a:b to group:" + std::string(30, 'g') + "\n");
  EXPECT_EQ(printed("allow " + name + ":x if a\nallow a:b to group:" + std::string(30, 'g')),
            "allow " + name + ":x if a\nallow a:b to group:" + std::string(30, 'g') + "\n");
  // A line that is too wide by itself does not spoil the others.
  const std::string wide = "alias \"wide\" = " + name + name + ":x";
  EXPECT_EQ(printed("alias \"a\" = a:b\n" + wide + "\nalias \"abc\" = a:b"),
            "alias \"a\"   = a:b\n" + wide + "\nalias \"abc\" = a:b\n");
}

TEST(Print, RandomPolicies) {
  for (std::uint64_t seed = 0; seed < 4000 && !HasFailure(); ++seed)
    expect_round_trip(random_policy(seed, seed % 2 == 1));
}

// Every policy of the repository, but those that are there to be wrong.
TEST(Print, Policies) {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(test::source_folder() + "/policies")) {
    if (entry.path().extension() != ".writ" || entry.path().string().find("invalid") != std::string::npos) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    expect_round_trip(text.str());
    ++files;
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace writ::policy
