#include <gtest/gtest.h>

#include "tests/unit/policy/checked.h"

namespace writ::policy {
namespace {

constexpr const char* kWorld = R"(
  entity group
  entity user in group { name: string, level: int, groups: set of group, permissions: set of scope, lead: user? }
  entity agent { vendor: string }
  entity folder in folder { owner: user or group, viewers: set of user }
  entity doc in folder { owner: user, private: bool, size: int, price: decimal, due: time, note: string?, from: ip,
                         nets: set of ip, home: {city: string, zip: int?}, parts: set of {a: int, b: string?} }
  entity settings single { frozen: bool }
  actions read, write for doc, folder
  actions create for type doc
  actions edits = {write} for doc, folder
  context { on: bool, hour: int, gap: duration, target: user or group, maybe: int? absent means none }
)";

// The condition of a statement on docs as nodes; or the name of the first error.
std::string typed(const std::string& condition, const std::string& more = "",
                  const std::string& pattern = "read:doc_*") {
  const Checked policy = checked(kWorld + more + "\nallow " + pattern + " if " + condition + "\n");
  for (const Diagnostic& diagnostic : policy.diagnostics) {
    if (diagnostic.severity == Severity::kError) return diagnostic.name;
  }
  std::string found = policy.lines("if ");
  if (found.starts_with("doc ") && found.find('\n') == found.size() - 1) found = found.substr(4);
  if (!found.empty()) found.pop_back();
  return found;
}

TEST(CheckConditions, NamesAndPaths) {
  EXPECT_EQ(typed("doc.owner == user"), "(== (attribute doc.owner resource) user)");
  EXPECT_EQ(typed("user == doc.owner"), typed("doc.owner == user"));
  EXPECT_EQ(typed("resource.owner.lead.name == \"x\""),
            "(== (attribute user.name (attribute user.lead (attribute doc.owner resource))) \"x\")");
  EXPECT_EQ(typed("settings.frozen"), "(is-true (attribute settings.frozen settings))");
  EXPECT_EQ(
      typed("doc.home.city == \"x\" and doc.home has zip"),
      "(and (== (field city (attribute doc.home resource)) \"x\") (has-field zip (attribute doc.home resource)))");
  EXPECT_EQ(typed("doc.id like \"a*\""), "(like \"a*\" (id resource))");
  EXPECT_EQ(typed("user:ann.id == \"ann\""), "type-mismatch") << "bare ids are greedy";
  EXPECT_EQ(typed("user:\"ann\".id == \"ann\" and on"), "(is-true context.on)");
  EXPECT_EQ(typed("on"), "(is-true context.on)");
  EXPECT_EQ(typed("context has maybe and maybe == 1"), "(and (has-context maybe) (== context.maybe 1))");
  EXPECT_EQ(typed("agents contains agent:x"), "(member agent:x agents)");
}

TEST(CheckConditions, Comparisons) {
  EXPECT_EQ(typed("doc.size > 3"), "(< 3 (attribute doc.size resource))");
  EXPECT_EQ(typed("doc.size != 3"), "(not (== (attribute doc.size resource) 3))");
  EXPECT_EQ(typed("doc.price <= 3"), "(<= (attribute doc.price resource) 3.00)");
  EXPECT_EQ(typed("doc.size in 1..5"),
            "(and (<= 1 (attribute doc.size resource)) (<= (attribute doc.size resource) 5))");
  EXPECT_EQ(typed("user in group:g"), "(in-entity user group:g)");
  EXPECT_EQ(typed("user in user.groups"), "(in-entities user (attribute user.groups user))");
  EXPECT_EQ(typed("user.groups contains group:g"), "(member group:g (attribute user.groups user))");
  EXPECT_EQ(typed("hour in [3, 1, 3]"), "(member context.hour [1, 3])");
  EXPECT_EQ(typed("doc.from in \"10.0.0.0/8\""), "(in-network (attribute doc.from resource) 10.0.0.0/8)");
  EXPECT_EQ(typed("doc.from in doc.nets"), "(in-network (attribute doc.from resource) (attribute doc.nets resource))");
  EXPECT_EQ(typed("doc.from in [\"10.0.0.0/8\", \"::1\"]"),
            "(in-network (attribute doc.from resource) [10.0.0.0/8, ::1])");
  EXPECT_EQ(typed("user.permissions covers scope"), "(covers-scope (attribute user.permissions user) scope)");
  EXPECT_EQ(typed("scope == \"read:doc_1\""), "(== scope <read:doc_1>)");
  EXPECT_EQ(typed("user.groups covers [group:a]"), "(covers-set (attribute user.groups user) [group:a])");
  EXPECT_EQ(typed("doc.parts contains {b: \"x\", a: 1}"), "(member {1, \"x\"} (attribute doc.parts resource))");
  EXPECT_EQ(typed("doc.parts contains {a: hour}"),
            "(member (record context.hour none) (attribute doc.parts resource))");
  EXPECT_EQ(typed("action == read"), "(action-in read)");
  EXPECT_EQ(typed("not (action in edits)", "", "*:doc_*"), "(not (action-in write))");
}

TEST(CheckConditions, Quantifiers) {
  EXPECT_EQ(typed("any g in user.groups: user in g and any h in user.groups: h == g"),
            "(any x0 (attribute user.groups user) (and (in-entity user x0) (any x1 (attribute user.groups user) (== x0 "
            "x1))))");
  EXPECT_EQ(typed("any f in folder above doc: f.viewers contains user"),
            "(any x0 (above folder resource) (member user (attribute folder.viewers x0)))");
  EXPECT_EQ(typed("any p in doc.parts: p.a == 1"), "(any x0 (attribute doc.parts resource) (== (field a x0) 1))");
  EXPECT_EQ(typed("any user in user.groups: on"), "name-clash");
  EXPECT_EQ(typed("any hour in user.groups: on"), "name-clash");
  EXPECT_EQ(typed("any g in user.groups: any g in user.groups: on"), "name-clash");
  EXPECT_EQ(typed("any g in group above doc: on"), "impossible-condition");
}

// A define's own variable must not be the caller's.
TEST(CheckConditions, DefinesDoNotCaptureVariables) {
  EXPECT_EQ(typed("any g in user.groups: has_more(g)", "define has_more(h: group) = any i in user.groups: i != h"),
            "(any x0 (attribute user.groups user) (any x1 (attribute user.groups user) (not (== x0 x1))))");
  EXPECT_EQ(typed("any g in user.groups: inner", "define inner = g == g"), "unknown-name");
}

TEST(CheckConditions, Folding) {
  EXPECT_EQ(typed("true and doc.private"), "(is-true (attribute doc.private resource))");
  EXPECT_EQ(typed("false or doc.private or doc.private"), "(is-true (attribute doc.private resource))");
  EXPECT_EQ(typed("not not doc.private"), "(is-true (attribute doc.private resource))");
  EXPECT_EQ(typed("doc.private == true"), "(is-true (attribute doc.private resource))");
  EXPECT_EQ(typed("doc.private == false"), "(not (is-true (attribute doc.private resource)))");
  EXPECT_EQ(typed("doc.private == on"), "(== (attribute doc.private resource) context.on)");
  EXPECT_EQ(typed("doc.private == (hour == 3)"), "(== (attribute doc.private resource) (bool (== context.hour 3)))");
  EXPECT_EQ(typed("doc.private or true"), "");
  EXPECT_EQ(typed("(on and doc.private) and (on and hour == 3)"),
            "(and (is-true context.on) (is-true (attribute doc.private resource)) (== context.hour 3))");
  EXPECT_EQ(typed("hour == 2 + 3 * 4 - -1"), "(== context.hour 15)");
  EXPECT_EQ(typed("doc.size < 5 + hour"), "(< (attribute doc.size resource) (+ 5 context.hour))");
  EXPECT_EQ(typed("doc.price * 2 < 3 + 0.5"), "(< (* (attribute doc.price resource) 2) 3.50)");
  EXPECT_EQ(typed("5 < 6 and user:ann == user:ann and 3 in 1..3 and \"a\" in [\"a\"] and group:g in group:g and on"),
            "(is-true context.on)");
  EXPECT_EQ(typed("user == user"), "(== user user)") << "known only when asked";
}

// Nothing that may be unknown is folded away.
TEST(CheckConditions, UnknownIsKept) {
  EXPECT_EQ(typed("hour == 1 or not (hour == 1)"), "(or (== context.hour 1) (not (== context.hour 1)))");
  EXPECT_EQ(typed("(target == user:x or target == group:x) and on"),
            "(and (or (== context.target user:x) (== context.target group:x)) (is-true context.on))");
}

TEST(CheckConditions, TimeMoves) {
  EXPECT_EQ(typed("time - doc.due <= 5m"), "(<= (- time (attribute doc.due resource)) 5m)");
  EXPECT_EQ(typed("time < 2026-03-02T09:00:00Z"), "(< time 2026-03-02T09:00:00Z)");
  EXPECT_EQ(typed("time - doc.due in 0s..5m"),
            "(and (<= 0s (- time (attribute doc.due resource))) (<= (- time (attribute doc.due resource)) 5m))");
  EXPECT_EQ(typed("(time - doc.due) * 2 < 1h"), "time-product");
  EXPECT_EQ(typed("time in [doc.due]"), "moving-time");
  EXPECT_EQ(typed("{a: time} == {a: doc.due}"), "moving-time");
  const Checked policy =
      checked(std::string(kWorld) + "allow read:doc_* if time + gap < doc.due or doc.due - time < gap\n");
  int slopes = 0;
  for (const Node& node : policy.typed.nodes) {
    if (node.op == Op::kLess) slopes = slopes * 10 + node.slope;
  }
  EXPECT_EQ(slopes, 10 - 1);  // the first moves up by one, the second down
}

TEST(CheckConditions, Clocks) {
  EXPECT_EQ(typed("weekday(\"Europe/Paris\") in 1..5"), "(weekday \"Europe/Paris\" 12345)");
  EXPECT_EQ(typed("weekday() in [7, 6] and weekday() != 7"), "(and (weekday \"UTC\" 67) (not (weekday \"UTC\" 7)))");
  EXPECT_EQ(typed("clock() in 22:00..06:00"), "(clock \"UTC\" 22:00..06:00)");
  EXPECT_EQ(typed("clock(gap) <= 12:00"), "(clock 00:00..12:00+1us context.gap)");
  EXPECT_EQ(typed("clock() > 12:00"), "(clock \"UTC\" 12:00+1us..24:00)");
  EXPECT_EQ(typed("clock() in 24:00..08:00"), "(clock \"UTC\" 00:00..08:00)");
  EXPECT_EQ(typed("clock() in 24:00..24:00"), "empty-range");
  EXPECT_EQ(typed("clock() in 00:00..24:00"), "(clock \"UTC\" 00:00..24:00)");
  EXPECT_EQ(typed("clock(user.name) < 12:00"), "type-mismatch");
  EXPECT_EQ(typed("weekday() in 1..8"), "bad-weekday");
}

TEST(CheckConditions, BranchesByType) {
  EXPECT_EQ(typed("resource.owner == user", "", "read:*"),
            "folder (== (attribute folder.owner resource) user)\ndoc (== (attribute doc.owner resource) user)");
  EXPECT_EQ(typed("resource has private and resource.private", "", "read:*"),
            "folder false\ndoc (and (has doc.private resource) (is-true (attribute doc.private resource)))");
  EXPECT_EQ(typed("resource.private and (on and resource has private)", "", "read:*"),
            "folder false\ndoc (and (is-true (attribute doc.private resource)) (is-true context.on) "
            "(has doc.private resource))")
      << "the guard counts wherever it stands";
  EXPECT_EQ(typed("not (resource has private) or resource.private", "", "read:*"),
            "(or (not (has doc.private resource)) (is-true (attribute doc.private resource)))")
      << "true for folders";
  EXPECT_EQ(typed("guarded and resource.private", "define guarded = resource has private", "read:*").substr(0, 12),
            "folder false");
  EXPECT_EQ(typed("resource.private", "", "read:*"), "unknown-attribute");
  EXPECT_EQ(typed("resource has privat and on", "", "read:*"), "unknown-attribute");
  EXPECT_EQ(typed("doc.private", "", "read:*"), "other-types");
  EXPECT_EQ(typed("mine", "define mine = doc.owner == user", "read:*"), "other-types");
  EXPECT_EQ(typed("resource == folder:x or on", "", "read:*"),
            "folder (or (== resource folder:x) (is-true context.on))\ndoc (is-true context.on)");
  EXPECT_EQ(typed("hour == 3", "", "read:*"), "folder (== context.hour 3)\ndoc (== context.hour 3)");
}

TEST(CheckConditions, UnionsNeedTheAttributeInAllTypes) {
  EXPECT_EQ(typed("target.name == \"x\""), "unknown-attribute");
  EXPECT_EQ(typed("target has name"), "(has user.name context.target)");
  EXPECT_EQ(typed("folder.owner == user", "", "read:folder_*"), "folder (== (attribute folder.owner resource) user)");
  EXPECT_EQ(typed("target in group:g"), "(in-entity context.target group:g)");
}

TEST(CheckConditions, WhatCannotBeIsAnError) {
  for (const char* condition :
       {"user == group:g", "doc.owner == folder:x", "user in folder:x", "doc.size == 1 and doc.size == 2",
        "doc.size < 3 and on and doc.size > 3", "on and not on",
        "doc.size < 3 and doc.size > 1 and doc.size != 2 and doc.size == 2", "user in [group:a, user:b] and user in []",
        "weekday() == 1 and weekday() == 2", "hour in [1, 2] and hour in [3]", "hour in [1, 2] and hour > 2",
        "on or user in folder:x", "not (user == user) and false", "any p in []: on"}) {
    EXPECT_EQ(typed(condition), "impossible-condition") << condition;
  }
  for (const char* condition :
       {"doc.size > 3 and doc.size < 5", "doc.size == 1 or doc.size == 2", "hour in [1, 2] and hour != 2",
        "user == user:a and doc.owner == user:b", "weekday() == 1 and weekday(\"Europe/Paris\") == 2"}) {
    EXPECT_TRUE(typed(condition).starts_with("(")) << condition << typed(condition);
  }
}

TEST(CheckConditions, DefinesAreShared) {
  const Checked policy = checked(std::string(kWorld) +
                                 "define mine = doc.owner == user\ndefine big(n: int) = doc.size > n\n"
                                 "allow read:doc_* if mine and big(3)\nallow write:doc_* if big(3) and mine and on\n");
  ASSERT_EQ(policy.names(), "unallowed-action unallowed-action unallowed-action") << policy.rendered();
  int equals = 0, lesses = 0;
  for (const Node& node : policy.typed.nodes) {
    equals += node.op == Op::kEqual ? 1 : 0;
    lesses += node.op == Op::kLess ? 1 : 0;
  }
  EXPECT_EQ(equals, 1);
  EXPECT_EQ(lesses, 1);
}

TEST(CheckConditions, DefinesThatNothingUsesAreCheckedToo) {
  const auto names = [](const std::string& define) {
    return checked("entity doc { size: int }\nactions read for doc\nallow read:doc_*\n" + define).names();
  };
  EXPECT_EQ(names("define a = doc.size == 1\n"), "unused-define");
  EXPECT_EQ(names("define a = doc.syze == 1\n"), "unknown-attribute");
  EXPECT_EQ(names("define a = resource.size == 1\n"), "unused-define");
  EXPECT_EQ(names("define a = resource.syze == 1\n"), "unknown-attribute");
  EXPECT_EQ(names("define a(d: doc) = d.size == \"x\"\n"), "type-mismatch");
  EXPECT_EQ(names("define a(d: doc) = agent.id == d.id\n"), "unused-define");
  EXPECT_EQ(names("define a = a\n"), "recursive-define");
}

TEST(CheckConditions, OneErrorAPlace) {
  const Checked policy = checked(std::string(kWorld) +
                                 "define wrong = user.nam == \"x\"\n"
                                 "allow read:doc_* if wrong\nallow write:* if wrong or resource.private\n");
  EXPECT_EQ(policy.names(), "unknown-attribute unknown-attribute") << policy.rendered();
}

TEST(CheckConditions, TreesAreBounded) {
  const auto chain = [](int length) {
    std::string defines = "define d0 = hour == 0\n";
    for (int i = 1; i <= length; ++i) {
      defines += "define d" + std::to_string(i) + " = not d" + std::to_string(i - 1) + "\n";
    }
    return defines;
  };
  EXPECT_EQ(typed("d100", chain(100)), "(== context.hour 0)");
  EXPECT_EQ(typed("d200", chain(200)), "too-deep");
  std::string doubling = "define e0(n: int) = n == hour\n";
  for (int i = 1; i < 30; ++i) {
    const std::string n = std::to_string(i), before = std::to_string(i - 1);
    doubling += "define e" + n + "(n: int) = e" + before + "(n + " + n + ") or e" + before + "(n * 2)\n";
  }
  EXPECT_EQ(typed("e29(doc.size)", doubling), "too-large");
}

}  // namespace
}  // namespace writ::policy
