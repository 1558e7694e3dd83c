#include <gtest/gtest.h>

#include <string>

#include "tests/unit/policy/parsed.h"

namespace writ::policy {
namespace {

// Everything that is said about a text, each as `line:column name: message (length) | help`.
std::string all_said(const std::string& text) {
  std::string out;
  for (const Diagnostic& d : parsed(text).diagnostics) {
    if (!out.empty()) out += "\n";
    out += std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.name + ": " + d.message;
    out += " (" + std::to_string(d.length) + ")";
    if (!d.help.empty()) out += " | " + d.help;
  }
  return out;
}

void expect(const std::string& text, const std::string& said) {
  EXPECT_EQ(all_said(text), said) << text;
}

TEST(ParseErrors, Words) {
  expect("permit read:x", "1:1 syntax: `permit` begins no statement (6) | did you mean `allow`?");
  expect("Allow read:x", "1:1 syntax: `Allow` begins no statement (5) | did you mean `allow`?");
  expect("foo",
         "1:1 syntax: `foo` begins no statement (3) | statements begin with actions, alias, allow, context, define, "
         "deny, entity, limit, require, test or trust");
  expect("allow read:x where y", "1:14 syntax: `where` is not of this language (5) | did you mean `if`?");
  expect("allow read:x when y", "1:14 syntax: `when` is not of this language (4) | did you mean `if`?");
  expect("allow read:x unless y", "1:14 syntax: `unless` is not of this language (6) | did you mean `if not`?");
  expect("allow read:x if a && b", "1:19 syntax: `&&` is not of this language (2) | did you mean `and`?");
  expect("allow read:x if a || b", "1:19 syntax: `||` is not of this language (2) | did you mean `or`?");
  expect("allow read:x if !a", "1:17 syntax: `!` is not of this language (1) | did you mean `not`?");
  expect("allow read:x if a = b", "1:19 syntax: `=` is not of this language (1) | did you mean `==`?");
  expect("allow read:x if a <> b", "1:19 syntax: `<>` is not of this language (2) | did you mean `!=`?");
  expect("allow read:x if a not in b",
         "1:19 syntax: `not in` is not of this language (3) | put `not` before the whole comparison: not x in y");
  expect("allow read:x if a == 'x'", "1:22 syntax: texts stand in straight double quotes (3) | write \"...\"");
  expect("allow read:x if a == “x”", "1:22 syntax: texts stand in straight double quotes (1) | write \"...\"");
  expect("allow read:x;", "1:13 syntax: a statement does not end with `;` (1) | leave it out");
  expect("allow read:x // why", "1:14 syntax: `//` begins no comment (2) | comments begin with `#`");
  expect("allow read:x#why", "1:13 syntax: a comment stands after white space only (1) | put a space before the `#`");
}

TEST(ParseErrors, Parts) {
  expect("allow read:x via any agent",
         "1:14 syntax: an allow has no `via` (3) | what agents may be handed is said by `trust`");
  expect("allow read:x because \"y\"", "1:14 syntax: an allow has no `because` (7)");
  expect("trust agent:a with x:y to any user", "1:24 syntax: a trust has no `to` (2)");
  expect("trust agent:a", "1:14 syntax: expected `,` or `with`, but the statement ends here (1)");
  expect("deny read:x", "1:1 missing-because: this deny has no `because` (4) | say why it is denied: because \"...\"");
  expect("deny read:x if y",
         "1:1 missing-because: this deny has no `because` (4) | say why it is denied: because \"...\"");
  expect("deny read:x reason \"y\"", "1:13 syntax: expected `because`, `if`, `to` or `via`, but found `reason` (6)");
  expect("deny read:x because y", "1:21 syntax: expected a text in quotes, but found `y` (1)");
  expect("deny read:x because \"y\" if z", "1:25 syntax: `if` belongs before `because` (2)");
  expect("deny read:x for 5m because \"y\"", "1:13 syntax: a deny has no `for` (3)");
  expect("deny read:x if y to any user because \"z\"", "1:18 syntax: `to` belongs before `if` (2)");
  expect("require a ask \"x\"", "1:11 syntax: expected `before` or an operator, but found `ask` (3)");
  expect("require a before read:x",
         "1:1 missing-ask: this require has no `ask` (7) | say what to ask for: ask \"...\"");
  expect("require a before read:x if b foo", "1:30 syntax: expected `ask` or an operator, but found `foo` (3)");
  expect("limit read:x",
         "1:13 syntax: expected `audience`, `for`, `notify`, `once` or `proof`, but the statement ends here (1)");
  expect("limit read:x for 5m if b", "1:21 syntax: `if` belongs before `for` (2)");
  expect("limit read:x once, for", "1:23 syntax: expected a duration, but the statement ends here (1)");
  expect("limit read:x for 5m once", "1:21 syntax: expected `,` or a new statement, but found `once` (4)");
  expect("limit read:x proof mtls", "1:20 syntax: expected `dpop`, but found `mtls` (4)");
  expect("allow read:x if a if b", "1:19 syntax: `if` stands here for the second time (2)");
  expect("allow read:x if", "1:16 syntax: expected a value, but the statement ends here (1)");
  expect("allow read:x if a and", "1:22 syntax: expected a condition, but the statement ends here (1)");
  expect("allow", "1:6 syntax: expected a scope pattern, but the statement ends here (1)");
  expect("@ allow read:x",
         "1:2 syntax: expected a name of letters, digits and any of `. _ / -`, but found white space (1)");
  expect("@x", "1:3 syntax: expected `allow`, `deny`, `limit`, `require` or `trust`, but the statement ends here (1)");
  expect("@x entity y", "1:4 syntax: expected `allow`, `deny`, `limit`, `require` or `trust`, but found `entity` (6)");
}

TEST(ParseErrors, Patterns) {
  expect("allow read",
         "1:7 syntax: `read` is no scope pattern (4) | a pattern is written `action:type`, `action:type_*` or "
         "`type.action`");
  expect("allow read invoice", "1:7 syntax: `read` is no scope pattern (4) | did you mean `read:invoice`?");
  expect("allow read to any user",
         "1:7 syntax: `read` is no scope pattern (4) | a pattern is written `action:type`, `action:type_*` or "
         "`type.action`");
  expect("allow read: invoice", "1:12 syntax: expected `*`, `{` or a type, but found white space (1)");
  expect("allow read:", "1:12 syntax: expected `*`, `{` or a type, but the statement ends here (1)");
  expect("allow read:invoice_", "1:20 syntax: expected `*` or an id, but the statement ends here (1)");
  expect("allow read:invoice-x",
         "1:19 syntax: `-` cannot follow a scope pattern here (1) | types have letters and digits only, and ids other "
         "than [A-Za-z0-9._~@/+=-]+ stand in quotes");
  expect("allow read:invoice_1*2",
         "1:22 syntax: `2` cannot follow a scope pattern here (1) | types have letters and digits only, and ids other "
         "than [A-Za-z0-9._~@/+=-]+ stand in quotes");
  expect("allow read:*_12", "1:13 syntax: expected `*`, but found `_12` (3)");
  expect("allow {read write}:x", "1:13 syntax: expected `,` or `}`, but found `write` (5)");
  expect("allow {read,write:x", "1:18 syntax: expected `,` or `}`, but found `:` (1)");
  expect("allow invoice_1",
         "1:7 syntax: `invoice_1` is no scope pattern (9) | a pattern is written `action:type`, `action:type_*` or "
         "`type.action`");
  expect("allow x:y,", "1:11 syntax: expected a scope pattern, but the statement ends here (1)");
  expect("allow read:x to alice", "1:17 syntax: `alice` has no type (5) | did you mean `user:alice`?");
  expect("deny read:x via claude because \"z\"",
         "1:17 syntax: `claude` has no type (6) | did you mean `agent:claude`?");
  expect("allow read:x to user:", "1:22 syntax: expected an id, but the statement ends here (1)");
  expect("allow read:x to any", "1:20 syntax: expected a type, but the statement ends here (1)");
}

TEST(ParseErrors, Expressions) {
  expect("allow read:x if a < b < c", "1:23 syntax: comparisons do not chain (1) | join two of them with `and`");
  expect("allow read:x if (a in b in c)", "1:25 syntax: comparisons do not chain (2) | join two of them with `and`");
  expect("allow read:x if a == not b",
         "1:22 syntax: `not` cannot stand here without parentheses (3) | write (not ...)");
  expect("allow read:x if a + any x in y: z",
         "1:21 syntax: `any` cannot stand here without parentheses (3) | write (any ...)");
  expect("allow read:x if (a and b", "1:17 unclosed-bracket: `(` is not closed (1)");
  expect("deny read:x if (a because \"b\"", "1:16 unclosed-bracket: `(` is not closed (1)");
  expect("allow read:x if [1, 2", "1:17 unclosed-bracket: `[` is not closed (1)");
  expect("allow read:x if [1 2]", "1:20 syntax: expected `,` or `]`, but found `2` (1)");
  expect("allow read:x if f(1 2)", "1:21 syntax: expected `)` or `,`, but found `2` (1)");
  expect("allow read:x if {a: 1 b: 2}", "1:23 syntax: a comma is missing before `b` (1)");
  expect("allow read:x if {a:1}",
         "1:19 syntax: a space belongs after this `:` (1) | `a:b` without one is the entity b of type a");
  expect("allow read:x if {a}", "1:19 syntax: expected `:`, but found `}` (1)");
  expect("allow read:x if a ]", "1:19 syntax: expected a clause, a new statement or an operator, but found `]` (1)");
  expect("allow read:x if any x y: z", "1:23 syntax: expected `in`, but found `y` (1)");
  expect("allow read:x if any x in y z", "1:28 syntax: expected `:`, but found `z` (1)");
  expect("allow read:x if any limit in y: z",
         "1:21 reserved-word: `limit` is a reserved word and cannot name a variable (5)");
  expect("allow read:x if any x in y:z", "1:29 syntax: expected `:`, but the statement ends here (1)");
  expect("allow read:x if a has", "1:22 syntax: expected the name of an attribute, but the statement ends here (1)");
  expect("allow read:x if a like b", "1:24 syntax: expected a text, but found `b` (1)");
  expect("allow read:x if a.", "1:19 syntax: expected the name of an attribute, but the statement ends here (1)");
  expect("allow read:x if a.1", "1:19 syntax: expected the name of an attribute, but found `1` (1)");
  expect("allow read:x if action == 1", "1:27 syntax: expected an action, but found `1` (1)");
  expect("allow read:x if action in 1", "1:27 syntax: expected `[` or an action, but found `1` (1)");
  expect("allow read:x if context", "1:17 syntax: `context` stands before `has` only (7) | a key is named without it");
  expect("allow read:x if limit", "1:17 syntax: expected a value, but found `limit` (5)");
  expect("allow read:x if my_set:x",
         "1:17 syntax: `my_set` cannot be a type: it has a `_` (6) | an entity is written `type:id`, and the colon of "
         "a quantifier is followed by a space");
}

TEST(ParseErrors, Literals) {
  expect("allow read:x if a == 1.23456",
         "1:22 too-many-decimals: `1.23456` has more than four decimals (7) | decimals have at most four places");
  expect("allow read:x if a == 9223372036854775808",
         "1:22 number-too-large: `9223372036854775808` does not fit into 64 bits (19)");
  expect("allow read:x if a == -9223372036854775809",
         "1:22 number-too-large: `-9223372036854775809` does not fit into 64 bits (20)");
  expect("allow read:x if a == 12_3", "1:22 syntax: `12_3` is not a number (4)");
  expect("allow read:x if a == 5q", "1:22 bad-duration: `5q` is not a duration such as 90s or 1h30m (2)");
  expect("allow read:x if a == 30m1h", "1:22 bad-duration: `30m1h` is not a duration such as 90s or 1h30m (5)");
  expect("allow read:x if a == 5us", "1:22 bad-duration: `5us` is not a duration such as 90s or 1h30m (3)");
  expect("allow read:x if a == 99999999999w", "1:22 number-too-large: `99999999999w` does not fit into 64 bits (12)");
  expect("allow read:x if a == 24:01", "1:22 bad-clock: `24:01` is not a time of day from 00:00 to 24:00 (5)");
  expect("allow read:x if a == 8:00", "1:22 bad-clock: `8:00` is not a time of day from 00:00 to 24:00 (4)");
  expect("allow read:x if a == 2026-02-29T00:00:00Z",
         "1:22 bad-time: `2026-02-29T00:00:00Z` is not a time (20) | write a time as `2026-03-02T09:00:00Z`");
  expect("allow read:x if a == 2026-03-02",
         "1:22 bad-time: `2026-03-02` is not a time (10) | write a time as `2026-03-02T09:00:00Z`");
  expect("allow read:x if a == 2026-03-02T09:00:00",
         "1:22 bad-time: `2026-03-02T09:00:00` is not a time (19) | write a time as `2026-03-02T09:00:00Z`");
  expect("allow read:x if a == 2026-03-02T09:00:00.1234567Z",
         "1:22 bad-time: `2026-03-02T09:00:00.1234567Z` is finer than a microsecond (28) | a second has at most six "
         "decimals");
  expect("allow read:x if a == \"x",
         "1:22 unterminated-text: this text has no closing quote (2) | a text ends on its line; a line feed inside is "
         "written \\n");
  expect("allow read:x if a == \"\\q\"",
         "1:23 bad-escape: `\\q` is no escape (2) | the escapes are \\\" \\\\ \\n \\t \\r and \\u{HEX}, a character "
         "other than NUL");
  expect("allow read:x if a == \"\\u{0}\"",
         "1:23 bad-escape: `\\u{0}` is no escape (5) | the escapes are \\\" \\\\ \\n \\t \\r and \\u{HEX}, a character "
         "other than NUL");
  expect("allow read:x if a == \"\\u{d800}\"",
         "1:23 bad-escape: `\\u{d800}` is no escape (8) | the escapes are \\\" \\\\ \\n \\t \\r and \\u{HEX}, a "
         "character other than NUL");
  expect("allow read:x for 5",
         "1:18 bad-duration: `5` is not a duration such as 90s or 1h30m (1) | a unit stands right behind its digits");
  expect("allow read:x for -5m", "1:18 syntax: expected a duration, but found `-` (1)");
  expect("allow read:x for five", "1:18 syntax: expected a duration, but found `five` (4)");
}

TEST(ParseErrors, Declarations) {
  expect("entity a_b", "1:8 syntax: expected a name of letters and digits, but found `a_b` (3)");
  expect("entity limit", "1:8 reserved-word: `limit` is a reserved word and cannot name a type (5)");
  expect("entity at", "1:8 reserved-word: `at` is a reserved word and cannot name a type (2)");
  expect("entity a { x: int y: int }", "1:19 syntax: a comma is missing before `y` (1)");
  expect("entity a { x:int }",
         "1:13 syntax: a space belongs after this `:` (1) | `a:b` without one is the entity b of type a");
  expect("entity a { x int }", "1:14 syntax: expected `:`, but found `int` (3)");
  expect("entity a { x: int = y }", "1:21 syntax: expected a constant, but found `y` (1)");
  expect("entity a { x: { y: int = 1 } }",
         "1:24 syntax: no default can stand here (1) | only attributes of entities have one");
  expect("entity a { x: set of set of int }", "1:22 syntax: expected a type that is no set, but found `set` (3)");
  expect("entity a { x: set int }", "1:19 syntax: expected `of`, but found `int` (3)");
  expect("entity a { x: int", "1:10 unclosed-bracket: `{` is not closed (1)");
  expect("entity a : , b", "1:12 syntax: expected an id, but found `,` (1)");
  expect("entity a in", "1:12 syntax: expected a type, but the statement ends here (1)");
  expect("entity a single single", "1:17 syntax: `single` stands here for the second time (6)");
  expect("entity a foo", "1:10 syntax: expected `:`, `in`, `single`, `{` or a new statement, but found `foo` (3)");
  expect("actions a b for c", "1:11 syntax: expected `,` or `for`, but found `b` (1)");
  expect("actions a", "1:10 syntax: expected `,` or `for`, but the statement ends here (1)");
  expect("actions allow for c", "1:9 reserved-word: `allow` begins a statement and cannot name an action (5)");
  expect("actions a for", "1:14 syntax: expected a type, but the statement ends here (1)");
  expect("actions g = read for c", "1:13 syntax: expected `{`, but found `read` (4)");
  expect(
      "context { a: bool = false }",
      "1:19 syntax: a context key has no default (1) | say what it means that the key is left out: `absent means ...`");
  expect("context { time: int }", "1:11 reserved-word: `time` is a reserved word and cannot name a context key (4)");
  expect("context { a: int absent false }", "1:25 syntax: expected `means`, but found `false` (5)");
  expect("context a: int", "1:9 syntax: expected `{`, but found `a` (1)");
  expect("define limit = 1", "1:8 reserved-word: `limit` is a reserved word and cannot name a define (5)");
  expect("define f", "1:9 syntax: expected `=`, but the statement ends here (1)");
  expect("define f() = 1", "1:10 syntax: expected a parameter such as `i: invoice`, but found `)` (1)");
  expect("define f(a int) = 1", "1:12 syntax: expected `:`, but found `int` (3)");
  expect("define f(a: int = 1) = 1",
         "1:17 syntax: no default can stand here (1) | only attributes of entities have one");
  expect("define f = a b", "1:14 syntax: expected a new statement or an operator, but found `b` (1)");
  expect("alias repo = *", "1:7 syntax: expected a name in quotes, but found `repo` (4)");
  expect("alias \"repo\" *", "1:14 syntax: expected `=` or `ceiling`, but found `*` (1)");
}

// ---------------------------------------------------------------------------------------------- exactly as shown

TEST(ParseErrors, Rendered) {
  EXPECT_EQ(said("entity user\n\n\tallow read:invoice_* where invoice.owner == user\n"),
            "p.writ:3:23: error[syntax]: `where` is not of this language\n"
            "    3 | \tallow read:invoice_* where invoice.owner == user\n"
            "      | \t                     ^^^^^\n"
            "      = help: did you mean `if`?\n");
  EXPECT_EQ(said("deny \"ä\", write:x"),
            "p.writ:1:1: error[missing-because]: this deny has no `because`\n"
            "    1 | deny \"ä\", write:x\n"
            "      | ^^^^\n"
            "      = help: say why it is denied: because \"...\"\n");
  EXPECT_EQ(said("allow \"ä\", write"),
            "p.writ:1:12: error[syntax]: `write` is no scope pattern\n"
            "    1 | allow \"ä\", write\n"
            "      |            ^^^^^\n"
            "      = help: a pattern is written `action:type`, `action:type_*` or `type.action`\n");
}

// ---------------------------------------------------------------------------------------------- taking up again

TEST(ParseErrors, EveryStatementHasItsOwn) {
  const std::string text =
      "allow read:x where y\n"
      "allow read:y\n"
      "deny read:x\n"
      "@id allow read:\n"
      "  deny write:x because\n"
      "limit * for 1m\n"
      "entity a { limit: int b: int }\n"
      "define f = (1 + \n"
      "# a comment\n"
      "context { k: int,\n"
      "          l: }\n"
      "alias \"x\" = *\n";
  expect(text,
         "1:14 syntax: `where` is not of this language (5) | did you mean `if`?\n"
         "3:1 missing-because: this deny has no `because` (4) | say why it is denied: because \"...\"\n"
         "4:16 syntax: expected `*`, `{` or a type, but the statement ends here (1)\n"
         "5:23 syntax: expected a text in quotes, but the statement ends here (1)\n"
         "7:23 syntax: a comma is missing before `b` (1)\n"
         "8:16 syntax: expected a value, but the statement ends here (1)\n"
         "11:14 syntax: expected a type, but found `}` (1)");
  const Parsed result = parsed(text);
  ASSERT_EQ(result.ast.items.size(), 3U);
  EXPECT_EQ(result.ast.source->at(result.ast.items[0].span), "allow read:y");
  EXPECT_EQ(result.ast.source->at(result.ast.items[1].span), "limit * for 1m");
  EXPECT_EQ(result.ast.source->at(result.ast.items[2].span), "alias \"x\" = *");
}

TEST(ParseErrors, AnOpenBraceIsSaidWhereItStands) {
  expect("entity a { x: int\nentity b\n", "1:10 unclosed-bracket: `{` is not closed (1)");
  expect("entity a { x: int,\nentity b\n", "1:10 unclosed-bracket: `{` is not closed (1)");
  expect("context { x: int\n@id\nallow read:x\n", "1:9 unclosed-bracket: `{` is not closed (1)");
  expect("limit * if f(a, (b) for 1m\nallow x",
         "1:13 unclosed-bracket: `(` is not closed (1)\n"
         "2:7 syntax: `x` is no scope pattern (1) | a pattern is written "
         "`action:type`, `action:type_*` or `type.action`");
  expect("test \"x\" {\n  allow read:x\nentity y\n", "1:10 unclosed-bracket: `{` is not closed (1)");
  expect("test \"x\" {\n  allow read:x\n", "1:10 unclosed-bracket: `{` is not closed (1)");
}

TEST(ParseErrors, AnErrorInATestEndsItsLineOnly) {
  const std::string text =
      "test \"x\" {\n"
      "  at tomorrow\n"
      "  user alice in group\n"
      "  invoice 1 {\n"
      "    a: b,\n"
      "    c: 1\n"
      "  }\n"
      "  allow read:x to\n"
      "  deny read:x to bob because\n"
      "  step_up read:x to bob ask \"x\"\n"
      "  trusted stranger\n"
      "  allow write:x tu bob\n"
      "  allow write:y to bob\n"
      "}\n"
      "allow read:x\n";
  expect(text,
         "2:6 syntax: expected a time such as 2026-03-02T09:00:00Z, but found `tomorrow` (8)\n"
         "3:17 syntax: `group` has no type (5) | did you mean `user:group`?\n"
         "5:8 syntax: expected a constant, but found `b` (1)\n"
         "8:18 syntax: expected the id of a user, but the statement ends here (1)\n"
         "9:29 syntax: expected a text in quotes, but the statement ends here (1)\n"
         "12:17 syntax: expected `}` or a new line, but found `tu` (2)");
  const Parsed result = parsed(text);
  ASSERT_EQ(result.ast.tests.size(), 1U);
  EXPECT_EQ(result.ast.rules.size(), 1U);
}

TEST(ParseErrors, SeveralInOneStatement) {
  expect("limit * if 1.23456 == 99999999999999999999 and \"\\q\" == 5q for 1x",
         "1:12 too-many-decimals: `1.23456` has more than four decimals (7) | decimals have at most four places\n"
         "1:23 number-too-large: `99999999999999999999` does not fit into 64 bits (20)\n"
         "1:49 bad-escape: `\\q` is no escape (2) | the escapes are \\\" \\\\ \\n \\t \\r and \\u{HEX}, a character "
         "other than NUL\n"
         "1:56 bad-duration: `5q` is not a duration such as 90s or 1h30m (2)\n"
         "1:63 bad-duration: `1x` is not a duration such as 90s or 1h30m (2) | a unit stands right behind its digits");
}

TEST(ParseErrors, LongTokensAreShortened) {
  const std::string number(100'000, '7');
  const Parsed result = parsed("limit * if " + number + " == 1 for 1m");
  ASSERT_EQ(result.diagnostics.size(), 1U);
  EXPECT_EQ(result.diagnostics[0].message, "`" + std::string(60, '7') + "...` does not fit into 64 bits");
}

}  // namespace
}  // namespace writ::policy
