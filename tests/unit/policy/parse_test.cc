#include "src/policy/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/unit/policy/ast_shape.h"
#include "tests/unit/policy/parsed.h"

namespace writ::policy {
namespace {

// The condition as an s-expression: (kind text/text2 number kids).
std::string condition(const std::string& text) {
  const Parsed result = parsed("limit * if " + text + " for 1m");
  EXPECT_EQ(render(result.diagnostics), "");
  if (result.ast.rules.empty()) return "";
  EXPECT_EQ(result.ast.source->at(result.ast.expr(result.condition()).span), text);
  return shape_of(result.ast, result.condition());
}

// Of two conditions that differ only in parentheses.
void expect_same(const std::string& a, const std::string& b) {
  EXPECT_EQ(condition(a), condition(b));
}

TEST(Parse, NothingAtAll) {
  for (const std::string text : {"", " ", "\n", "\t\r\n", "# only a comment", "\xEF\xBB\xBF", "\xEF\xBB\xBF# x\n"}) {
    const Parsed result = parsed(text);
    EXPECT_EQ(render(result.diagnostics), "") << text;
    EXPECT_TRUE(result.ast.items.empty());
  }
}

TEST(Parse, PrecedenceFromLooseToTight) {
  expect_same("a or b and c", "a or (b and c)");
  expect_same("not a and b", "(not a) and b");
  expect_same("not a == b", "not (a == b)");
  expect_same("a + b == c - d", "(a + b) == (c - d)");
  expect_same("a + b * c", "a + (b * c)");
  expect_same("a - b - c", "(a - b) - c");
  expect_same("a * -b", "a * (-b)");
  expect_same("-a.b", "-(a.b)");
  expect_same("not not a", "not (not a)");
  expect_same("a in b and c has d", "(a in b) and (c has d)");
}

TEST(Parse, ChainsAreFlat) {
  EXPECT_EQ(condition("a and b and c"), "(and / 0 (name a/ 0) (name b/ 0) (name c/ 0))");
  EXPECT_EQ(condition("a or b or c or d"), "(or / 0 (name a/ 0) (name b/ 0) (name c/ 0) (name d/ 0))");
  EXPECT_EQ(condition("a and (b and c)"), "(and / 0 (name a/ 0) (and / 0 (name b/ 0) (name c/ 0)))");
}

TEST(Parse, QuantifiersReachAsFarAsPossible) {
  expect_same("any x in s: a or b", "any x in s: (a or b)");
  expect_same("a and any x in s: b or c", "a and (any x in s: (b or c))");
  expect_same("(any x in s: a) or b", "(any x in s: (a)) or b");
  expect_same("not all x in s: a and b", "not (all x in s: (a and b))");
  EXPECT_EQ(condition("any f in folder above doc: user in f.viewers"),
            "(any f/ 0 (above folder/ 0 (name doc/ 0)) (in / 0 (name user/ 0) (field viewers/ 0 (name f/ 0))))");
}

TEST(Parse, Literals) {
  EXPECT_EQ(condition("true"), "(bool / 1)");
  EXPECT_EQ(condition("42"), "(int / 42)");
  EXPECT_EQ(condition("-9223372036854775808"), "(int / -9223372036854775808)");
  EXPECT_EQ(condition("- 7"), "(int / -7)");
  EXPECT_EQ(condition("-(7)"), "(negate / 0 (int / 7))");
  EXPECT_EQ(condition("40.00"), "(decimal / 400000)");
  EXPECT_EQ(condition("-0.5"), "(decimal / -5000)");
  EXPECT_EQ(condition("1h30m"), "(duration / 5400000000)");
  EXPECT_EQ(condition("-5ms"), "(duration / -5000)");
  EXPECT_EQ(condition("08:00"), "(clock / 28800)");
  EXPECT_EQ(condition("24:00"), "(clock / 86400)");
  EXPECT_EQ(condition("1970-01-01T00:00:01.5Z"), "(time / 1500000)");
  EXPECT_EQ(condition("1970-01-01T01:00:00+01:00"), "(time / 0)");
  EXPECT_EQ(condition(R"("a\"\\\n\u{e4}")"), "(string a\"\\\n\u00e4/q 0)");
  EXPECT_EQ(condition("user:a.b@c/d+e=f~g-h_i"), "(entity user/a.b@c/d+e=f~g-h_i 0)");
  EXPECT_EQ(condition(R"(user:"bob".clearance)"), "(field clearance/ 0 (entity user/bobq 0))");
}

TEST(Parse, RangesAreNotDecimals) {
  EXPECT_EQ(condition("x in 1..5"), "(in / 0 (name x/ 0) (range / 0 (int / 1) (int / 5)))");
  EXPECT_EQ(condition("x in 1.5..2.5"), "(in / 0 (name x/ 0) (range / 0 (decimal / 15000) (decimal / 25000)))");
  EXPECT_EQ(condition("clock() in 08:00..18:00"),
            "(in / 0 (call clock/ 0) (range / 0 (clock / 28800) (clock / 64800)))");
  EXPECT_EQ(condition("x in a..b"), "(in / 0 (name x/ 0) (range / 0 (name a/ 0) (name b/ 0)))");
}

TEST(Parse, OperatorsAndCompounds) {
  EXPECT_EQ(condition("context has task"), "(has task/ 0 (name context/ 0))");
  EXPECT_EQ(condition("invoice.id like \"a*\""), "(like a*/q 0 (field id/ 0 (name invoice/ 0)))");
  EXPECT_EQ(condition("a contains b"), "(contains / 0 (name a/ 0) (name b/ 0))");
  EXPECT_EQ(condition("a covers scope"), "(covers / 0 (name a/ 0) (name scope/ 0))");
  EXPECT_EQ(condition("f(a, 1)"), "(call f/ 0 (name a/ 0) (int / 1))");
  EXPECT_EQ(condition("[1, 2,]"), "(set / 0 (int / 1) (int / 2))");
  EXPECT_EQ(condition("[]"), "(set / 0)");
  EXPECT_EQ(condition("{a: 1, if: b}"), "(record / 0 a (int / 1) if (name b/ 0))");
  EXPECT_EQ(condition("a.if.allow"), "(field allow/ 0 (field if/ 0 (name a/ 0)))");
}

TEST(Parse, ActionsStandBareBesideAction) {
  EXPECT_EQ(condition("action == write-all"), "(== / 0 (name action/ 0) (name write-all/ 0))");
  EXPECT_EQ(condition("action in [read, write-all]"),
            "(in / 0 (name action/ 0) (set / 0 (name read/ 0) (name write-all/ 0)))");
  EXPECT_EQ(condition("action in edits"), "(in / 0 (name action/ 0) (name edits/ 0))");
}

// The first pattern of a rule: its flags, actions, types and id.
std::string pattern(const std::string& text) {
  const Parsed result = parsed("limit " + text + " for 1m");
  EXPECT_EQ(render(result.diagnostics), "");
  if (result.ast.patterns.size() != 1) return "";
  const Pattern& p = result.ast.patterns[0];
  EXPECT_EQ(result.ast.source->at(p.span), text);
  if (p.alias) return "alias " + std::string(p.id.text);
  if (p.everything) return "everything";
  std::string out = p.any_action ? "*" : p.action_braces ? "{}" : "";
  for (std::uint32_t i = 0; i < p.actions.count; ++i)
    out.append(" ").append(result.ast.names[p.actions.first + i].text);
  out += p.dotted ? " . " : " : ";
  out += p.any_type ? "*" : p.type_braces ? "{}" : "";
  for (std::uint32_t i = 0; i < p.types.count; ++i)
    out.append(" ").append(result.ast.names[p.types.first + i].text);
  constexpr const char* kForms[] = {"", " all", " prefix ", " exact "};
  out.append(kForms[static_cast<std::size_t>(p.id_kind)]).append(p.id.text).append(p.id.quoted() ? " quoted" : "");
  return out;
}

TEST(Parse, Patterns) {
  EXPECT_EQ(pattern("*"), "everything");
  EXPECT_EQ(pattern("\"repo\""), "alias repo");
  EXPECT_EQ(pattern("read:invoice"), " read :  invoice");
  EXPECT_EQ(pattern("read:invoice_*"), " read :  invoice all");
  EXPECT_EQ(pattern("read:invoice_12*"), " read :  invoice prefix 12");
  EXPECT_EQ(pattern("read:invoice_12.a_b"), " read :  invoice exact 12.a_b");
  EXPECT_EQ(pattern("watch:movie_\"The Gleaming\""), " watch :  movie exact The Gleaming quoted");
  EXPECT_EQ(pattern("write-all:invoice"), " write-all :  invoice");
  EXPECT_EQ(pattern("a_b:invoice"), " a_b :  invoice");
  EXPECT_EQ(pattern("*:*"), "* : *");
  EXPECT_EQ(pattern("*:*_*"), "* : * all");
  EXPECT_EQ(pattern("{read, write}:{invoice,ticket}_*"), "{} read write : {} invoice ticket all");
}

TEST(Parse, DottedPatterns) {
  EXPECT_EQ(pattern("profile.read"), " read .  profile");
  EXPECT_EQ(pattern("invoice_1.read"), " read .  invoice exact 1");
  EXPECT_EQ(pattern("invoice_a.b.c.read-all"), " read-all .  invoice exact a.b.c");
  EXPECT_EQ(pattern("invoice_*.read"), " read .  invoice all");
  EXPECT_EQ(pattern("invoice_12*.read"), " read .  invoice prefix 12");
  EXPECT_EQ(pattern("invoice_a.*"), "* .  invoice exact a");
  EXPECT_EQ(pattern("invoice_a.*.read"), " read .  invoice prefix a.");
  EXPECT_EQ(pattern("invoice_a.{read,write}"), "{} read write .  invoice exact a");
  EXPECT_EQ(pattern("invoice_\"a b\".*"), "* .  invoice exact a b quoted");
  EXPECT_EQ(pattern("{invoice,ticket}_x.read"), " read . {} invoice ticket exact x");
  EXPECT_EQ(pattern("*.read"), " read . *");
  EXPECT_EQ(pattern("*_*.{read}"), "{} read . * all");
}

TEST(Parse, RulesHaveTheirParts) {
  const Parsed result = parsed(
      "@x/1 allow read:a, write:b to any user, group:g if c for 90m, once, audience \"q\", proof dpop, notify \"n\"\n"
      "deny * to user:\"x y\" via any agent, last agent:z if d because \"why\"\n"
      "require e before read:a if f ask \"acr\"\n"
      "trust agent:a, any agent with * for 1s\n");
  EXPECT_EQ(render(result.diagnostics), "");
  const Ast& ast = result.ast;
  ASSERT_EQ(ast.rules.size(), 4U);
  const Rule& allow = ast.rules[0];
  EXPECT_EQ(ast.id_of(allow).text, "x/1");
  EXPECT_EQ(ast.source->at(allow.keyword()), "allow");
  EXPECT_EQ(ast.source->at(ast.items[0].span).substr(0, 4), "@x/1");
  EXPECT_EQ(allow.patterns.count, 2U);
  EXPECT_EQ(allow.to.count, 2U);
  EXPECT_TRUE(ast.whos[0].any);
  EXPECT_EQ(allow.clauses.count, 5U);
  EXPECT_EQ(ast.clauses[0].duration, 5'400'000'000);
  EXPECT_EQ(ast.clauses[0].text.text, "90m");
  EXPECT_EQ(ast.clauses[3].text.text, "dpop");

  const Rule& deny = ast.rules[1];
  EXPECT_EQ(ast.text_of(deny).text, "why");
  EXPECT_EQ(deny.via.count, 2U);
  EXPECT_TRUE(ast.whos[deny.via.first + 1].last);
  EXPECT_FALSE(ast.whos[deny.via.first].last);
  EXPECT_TRUE(ast.whos[deny.to.first].id.quoted());

  const Rule& require = ast.rules[2];
  EXPECT_EQ(ast.source->at(ast.expr(require.requirement).span), "e");
  EXPECT_EQ(ast.source->at(ast.expr(require.condition).span), "f");
  EXPECT_EQ(ast.text_of(require).text, "acr");
  EXPECT_EQ(ast.rules[3].via.count, 2U);
  EXPECT_EQ(ast.rules[3].to.count, 0U);
}

TEST(Parse, Declarations) {
  const Parsed result = parsed(
      "entity doc { a: set of user or group?, r: {x: int, y: string?} = {x: 1}, } in folder, group : d1, \"d 2\" "
      "single\n"
      "actions read, write-all for doc, T\nactions create for type doc\nactions edits = {read, write-all} for doc\n"
      "context { k: bool absent means false, l: user? absent means none, m: int }\n"
      "define f(i: doc, n: decimal) = i.a\ndefine g = 1\n"
      "alias \"repo\" ceiling = read:doc, *\n");
  EXPECT_EQ(render(result.diagnostics), "");
  const Ast& ast = result.ast;
  ASSERT_EQ(ast.entities.size(), 1U);
  const EntityDecl& entity = ast.entities[0];
  EXPECT_TRUE(entity.single && entity.closed && entity.has_braces);
  EXPECT_EQ(entity.ids.count, 2U);
  EXPECT_EQ(entity.parents.count, 2U);
  ASSERT_EQ(entity.attributes.count, 2U);
  const TypeExpr& set = ast.types[ast.fields[entity.attributes.first].type];
  EXPECT_EQ(set.kind, TypeExprKind::kSet);
  EXPECT_TRUE(set.optional);
  EXPECT_EQ(ast.types[set.inner].kind, TypeExprKind::kUnion);
  EXPECT_FALSE(ast.types[set.inner].optional);
  ASSERT_EQ(ast.actions.size(), 3U);
  EXPECT_TRUE(ast.actions[1].for_type);
  EXPECT_EQ(ast.actions[2].group.text, "edits");
  const Range keys = ast.contexts.at(0).keys;
  ASSERT_EQ(keys.count, 3U);
  EXPECT_NE(ast.fields[keys.first].fallback, kNoExpr);
  EXPECT_TRUE(ast.fields[keys.first + 1].absent_none);
  EXPECT_FALSE(ast.fields[keys.first + 2].absent_none);
  EXPECT_EQ(ast.defines.at(0).parameters.count, 2U);
  EXPECT_TRUE(ast.aliases.at(0).ceiling);
}

TEST(Parse, Tests) {
  const Parsed result = parsed(R"(test "a \"test\"" {
  at 2026-03-02T09:00:00Z
  user alice in group:clerks, group:"odd one"
  profile
  profile { frozen: true }
  doc "a b" {}
  context { tainted: false }
  allow   read:invoice_123 to alice via claude, agent:b for 10m, once because "x", "y" ask "z"
  deny    invoice_1.read   to user:bob
  step_up "repo"           to "q q"
})");
  EXPECT_EQ(render(result.diagnostics), "");
  const Ast& ast = result.ast;
  ASSERT_EQ(ast.tests.size(), 1U);
  EXPECT_EQ(ast.tests[0].title.text, "a \"test\"");
  ASSERT_EQ(ast.tests[0].lines.count, 9U);
  EXPECT_EQ(ast.test_lines[0].time, 1'772'442'000'000'000);
  ASSERT_EQ(ast.test_entities.size(), 4U);
  EXPECT_EQ(ast.test_entities[0].parents.count, 2U);
  EXPECT_FALSE(ast.test_entities[1].id.given());
  EXPECT_TRUE(ast.test_entities[3].id.quoted());
  ASSERT_EQ(ast.expectations.size(), 3U);
  const Expectation& first = ast.expectations[0];
  EXPECT_EQ(first.user.text, "alice");
  EXPECT_FALSE(first.user_type.given());
  ASSERT_EQ(first.agents.count, 2U);
  EXPECT_EQ(ast.whos[first.agents.first].type.text, "agent");
  EXPECT_FALSE(ast.whos[first.agents.first].type.given());
  EXPECT_TRUE(ast.whos[first.agents.first + 1].type.given());
  EXPECT_EQ(first.because.count, 2U);
  EXPECT_EQ(first.ask.count, 1U);
  EXPECT_EQ(ast.expectations[1].user_type.text, "user");
  EXPECT_TRUE(ast.expectations[2].scope.alias);
  EXPECT_TRUE(ast.patterns.empty());
}

TEST(Parse, CommentsAndWhiteSpaceAnywhere) {
  const Parsed result = parsed("# first\r\nallow # one\r\n\tread:x # two\n# own\nif # three\na#b");
  ASSERT_EQ(result.ast.comments.size(), 5U);
  EXPECT_EQ(result.ast.source->at(result.ast.comments[1].span), "# one");
  EXPECT_TRUE(result.ast.comments[0].own_line);
  EXPECT_FALSE(result.ast.comments[1].own_line);
  EXPECT_TRUE(result.ast.comments[3].own_line);
  // Right behind a token it is no comment.
  EXPECT_EQ(render(result.diagnostics).substr(0, 13), "p.writ:6:2: e");
}

TEST(Parse, ReservedWordsNameAttributesAndFields) {
  EXPECT_EQ(said("entity x { allow: int, if: bool, test: { limit: string } }\nlimit * if x.if and x has allow for 1m"),
            "");
}

TEST(Parse, SeveralStatementsOnALine) {
  const Parsed result = parsed("allow read:x allow write:x deny void:x because \"y\" limit * for 1m, once entity z");
  EXPECT_EQ(render(result.diagnostics), "");
  EXPECT_EQ(result.ast.items.size(), 5U);
}

}  // namespace
}  // namespace writ::policy
