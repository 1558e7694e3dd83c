// The reference against answers written by hand from the language document: what it rests on must not be the engine.
#include "tests/reference/evaluate.h"

#include <gtest/gtest.h>

#include <memory>

#include "src/policy/parse.h"

namespace writ::reference {
namespace {

const char* const kSchema =
    "entity group: staff, board\n"
    "entity user in group { level: int = 1, nick: string? }\n"
    "entity agent { vendor: string? }\n"
    "entity folder in folder { readers: set of user }\n"
    "entity doc in folder { owner: user, amount: decimal, flag: bool?, seen: time }\n"
    "entity profile single { frozen: bool = false }\n"
    "actions read, write for doc\n"
    "actions create for type doc\n"
    "actions read for profile\n"
    "context { c: bool, mfa: time, most: int absent means 3, maybe: int? absent means none, perms: set of scope }\n";

const char* const kData =
    "{\"type\":\"user\",\"id\":\"a\",\"parents\":[\"group:staff\"],\"attributes\":{\"nick\":\"al\"}}\n"
    "{\"type\":\"user\",\"id\":\"b\",\"attributes\":{\"level\":9223372036854775807}}\n"
    "{\"type\":\"folder\",\"id\":\"top\",\"attributes\":{\"readers\":[\"user:b\"]}}\n"
    "{\"type\":\"folder\",\"id\":\"sub\",\"parents\":[\"folder:top\"],\"attributes\":{\"readers\":[]}}\n"
    "{\"type\":\"doc\",\"id\":\"1\",\"parents\":[\"folder:sub\"],\"attributes\":{\"owner\":\"user:a\",\"amount\":\"40."
    "00\"}}\n"
    "{\"type\":\"doc\",\"id\":\"12\",\"attributes\":{\"owner\":\"user:b\"}}\n"
    "{\"type\":\"agent\",\"id\":\"x\",\"attributes\":{\"vendor\":\"v\"}}\n";

// A Monday, 09:00 in UTC and 10:00 in Paris.
const std::string kNow = "2026-03-02T09:00:00Z";

Answer ask(const std::string& statements, const std::string& request) {
  const auto source = std::make_shared<const Source>("p.writ", kSchema + statements);
  Report report({source});
  const policy::Ast ast = policy::parse(source, 0, report);
  EXPECT_FALSE(report.has_errors()) << render(report.take());
  const Policy policy({&ast});
  const Data data = read_data(policy, kData);
  return decide(policy, data, read_request(policy, data, "{" + request + ",\"time\":\"" + kNow + "\"}"));
}

const std::string kAlice = R"("user":"user:a","scope":"read:doc_1")";

// What a condition comes to, told by three policies: true allows, unknown denies as a deny does, false does neither.
std::string truth_of(const std::string& condition, const std::string& request = kAlice) {
  if (ask("allow * if " + condition, request).verdict == Verdict::kAllow) return "true";
  return ask("allow *\ndeny * if " + condition + " because \"d\"", request).verdict == Verdict::kDeny ? "unknown"
                                                                                                      : "false";
}

std::int64_t seconds_left(const std::string& condition) {
  const Answer answer = ask("allow * if " + condition, kAlice);
  EXPECT_EQ(answer.verdict, Verdict::kAllow) << condition;
  if (answer.valid_until == kForever) return -1;
  return (answer.valid_until - read_instant(kNow).value()) / 1'000'000;
}

TEST(Reference, Conditions) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"true", "true"},
      {"false", "false"},
      {"c", "unknown"},
      {"not c", "unknown"},
      {"c and false", "false"},
      {"c or true", "true"},
      {"c and true", "unknown"},
      {"doc.owner == user", "true"},
      {"doc.owner != user", "false"},
      {"doc.amount == 40", "true"},
      {"doc.amount < 40.0001", "true"},
      {"doc.amount + 1 == 41.00", "true"},
      {"doc.amount * 2 == 80", "true"},
      {"doc.flag", "unknown"},
      {"doc has flag", "false"},
      {"doc has owner", "true"},
      {"user has level", "true"},
      {"user.level == 1", "true"},
      {"most == 3", "true"},
      {"context has maybe", "false"},
      {"maybe == 1", "unknown"},
      {"user.level + 9223372036854775807 > 0", "unknown"},
      {"-user.level == -1", "true"},
      {"user in group:staff", "true"},
      {"user in group:board", "false"},
      {"user in [group:board, group:staff]", "true"},
      {"doc in folder:top", "true"},
      {"doc in folder:other", "false"},
      {"folder:nowhere in folder:top", "unknown"},
      {"any f in folder above doc: user:b in f.readers", "true"},
      {"all f in folder above doc: user:b in f.readers", "false"},
      {"any f in folder above doc: user in f.readers", "false"},
      {"any n in [1, 2]: n == 2", "true"},
      {"all n in [1, c == true]: true", "unknown"},
      {"doc.id == \"1\"", "true"},
      {"doc.id like \"*\"", "true"},
      {"\"a/b\" like \"a/{}\"", "true"},
      {"\"a/b/c\" like \"a/{}\"", "false"},
      {"\"a/\" like \"a/{}\"", "false"},
      {"\"a*\" like \"a\\\\*\"", "true"},
      {"[1, 2] contains 2", "true"},
      {"[1, 2] covers [2]", "true"},
      {"[1] == [1, 1]", "true"},
      {"3 in 1..3", "true"},
      {"4 in 1..3", "false"},
      {"action == read", "true"},
      {"action in [write, create]", "false"},
      {"[\"read:doc_1*\"] covers scope", "true"},
      {"[\"read:doc_2\"] covers scope", "false"},
      {"perms covers scope", "unknown"},
      {"profile.frozen", "false"},
      {"user.nick like \"a*\"", "true"}};
  for (const auto& [condition, expected] : cases) {
    EXPECT_EQ(truth_of(condition), expected) << condition;
  }
}

TEST(Reference, Clocks) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"weekday() == 1", "true"},           {"weekday(\"Europe/Paris\") in 1..5", "true"},
      {"weekday() in [6, 7]", "false"},     {"clock() in 09:00..10:00", "true"},
      {"clock() in 08:00..09:00", "false"}, {"clock(\"Europe/Paris\") in 08:00..10:00", "false"},
      {"clock() in 22:00..09:30", "true"},  {"clock(1h) >= 10:00", "true"},
      {"clock(19h) >= 10:00", "unknown"},   {"weekday(-10h) == 7", "true"}};
  for (const auto& [condition, expected] : cases)
    EXPECT_EQ(truth_of(condition), expected) << condition;
}

TEST(Reference, UntilWhenAnAtomKeepsItsTruth) {
  EXPECT_EQ(seconds_left("true"), -1);
  EXPECT_EQ(seconds_left("time < 2026-03-02T09:01:00Z"), 60);
  EXPECT_EQ(seconds_left("time <= 2026-03-02T09:01:00Z"), 60);
  EXPECT_EQ(seconds_left("time > 2026-03-02T08:00:00Z"), -1);
  EXPECT_EQ(seconds_left("not time > 2026-03-02T09:02:00Z"), 120);
  EXPECT_EQ(seconds_left("time - 2026-03-02T08:58:00Z <= 5m"), 180);
  EXPECT_EQ(seconds_left("clock() in 08:00..18:00"), 9 * 3600);
  EXPECT_EQ(seconds_left("clock() < 24:00"), -1);
  EXPECT_EQ(seconds_left("weekday() in 1..5"), 4 * 86'400 + 15 * 3600);
  EXPECT_EQ(seconds_left("weekday(\"Europe/Paris\") in 1..5"), 4 * 86'400 + 14 * 3600);
  // The other side of an `or` that is false now does not count, whatever it will be by then.
  EXPECT_EQ(seconds_left("weekday(\"Europe/Paris\") in 1..5 or weekday(\"Europe/Paris\") in 6..7"),
            4 * 86'400 + 14 * 3600);
}

// `and`: true until the first ends; false until the last of those that are false ends. `or` the other way round.
TEST(Reference, UntilOfAndAndOr) {
  const std::string one = "time < 2026-03-02T09:01:00Z";
  const std::string two = "time < 2026-03-02T09:02:00Z";
  EXPECT_EQ(seconds_left(one + " and " + two), 60);
  EXPECT_EQ(seconds_left(one + " or " + two), 120);
  EXPECT_EQ(seconds_left("not (time > 2026-03-02T09:01:00Z and time > 2026-03-02T09:02:00Z)"), 120);
  EXPECT_EQ(seconds_left("not (time > 2026-03-02T09:01:00Z or time > 2026-03-02T09:02:00Z)"), 60);
  EXPECT_EQ(seconds_left(one + " or true"), -1);
}

TEST(Reference, VerdictsInTheirOrder) {
  const std::string chain = kAlice + R"(,"agents":["agent:x","agent:y"])";
  EXPECT_EQ(ask("", kAlice).link, "user");
  EXPECT_EQ(ask("", kAlice).because, std::vector<std::string>{"nothing allows it"});
  EXPECT_EQ(ask("allow *", kAlice).verdict, Verdict::kAllow);
  EXPECT_EQ(ask("allow *", kAlice).lifetime, 600);
  EXPECT_EQ(ask("allow *", chain).link, "agent:x");
  EXPECT_EQ(ask("allow *\ntrust agent:x with *", chain).link, "agent:y");
  EXPECT_EQ(ask("allow *\ntrust agent:x with *\ntrust agent:y with read:doc_1", chain).verdict, Verdict::kAllow);
  EXPECT_EQ(ask("deny * because \"d\"", chain).link, "policy");
  EXPECT_FALSE(ask("deny * because \"d\"", chain).public_reason);
  EXPECT_TRUE(ask("allow *\ndeny * because \"d\"", kAlice).public_reason);
  EXPECT_EQ(ask("allow *\nrequire c before * ask \"q\"", kAlice).verdict, Verdict::kStepUp);
  EXPECT_EQ(ask("allow *\nrequire c before * ask \"q\"", kAlice).missing, std::set<std::string>{"context.c"});
  EXPECT_EQ(ask("require c before * ask \"q\"", kAlice).link, "user");
  EXPECT_EQ(ask("allow * if time < 2026-03-02T09:00:00.5Z", kAlice).because,
            std::vector<std::string>{"no time is left"});
}

TEST(Reference, Via) {
  const std::string x = kAlice + R"(,"agents":["agent:x"])";
  const std::string xy = kAlice + R"(,"agents":["agent:x","agent:y"])";
  const std::string base = "allow *\ntrust any agent with *\n";
  EXPECT_EQ(ask(base + "deny * via any agent because \"d\"", kAlice).verdict, Verdict::kAllow);
  EXPECT_EQ(ask(base + "deny * via any agent because \"d\"", x).verdict, Verdict::kDeny);
  EXPECT_EQ(ask(base + "deny * via last agent:x because \"d\"", x).verdict, Verdict::kDeny);
  EXPECT_EQ(ask(base + "deny * via last agent:x because \"d\"", xy).verdict, Verdict::kAllow);
  EXPECT_EQ(ask(base + "deny * via any agent if agent.vendor == \"v\" because \"d\"", x).verdict, Verdict::kDeny);
  EXPECT_EQ(ask(base + "deny * via agent:y if agent.vendor == \"v\" because \"d\"", xy).missing,
            std::set<std::string>{"agent:y.vendor"});
}

TEST(Reference, LimitsAddUp) {
  const Answer answer =
      ask("allow * for 5m\nlimit read:doc_* if c for 1m, once\nlimit write:* for 1s\n"
          "limit * audience \"p\", audience \"q\"\nlimit * audience \"q\", notify \"n\"",
          kAlice);
  EXPECT_EQ(answer.lifetime, 60);
  EXPECT_TRUE(answer.once);
  EXPECT_EQ(answer.audience, std::set<std::string>{"q"});
  EXPECT_EQ(answer.notify, std::vector<std::string>{"n"});
  EXPECT_EQ(ask("allow *\nlimit * audience \"q\"", kAlice + R"(,"audience":"p")").because,
            std::vector<std::string>{"no audience is left"});
  EXPECT_EQ(ask("allow *", kAlice + R"(,"audience":"p")").audience, std::set<std::string>{"p"});
}

// What is asked for is a set: what names a part of it cannot allow it, and keeps it from being allowed.
TEST(Reference, Sets) {
  const std::string set = R"("user":"user:a","scope":"read:doc_1*")";
  EXPECT_EQ(ask("allow read:doc_1", set).verdict, Verdict::kDeny);
  EXPECT_EQ(ask("allow read:doc_*", set).verdict, Verdict::kAllow);
  EXPECT_EQ(ask("allow *\ndeny read:doc_12 because \"d\"", set).verdict, Verdict::kDeny);
  EXPECT_EQ(ask("allow *\ndeny read:doc_2 because \"d\"", set).verdict, Verdict::kAllow);
  EXPECT_EQ(truth_of("resource.owner == user", set), "unknown");
  EXPECT_EQ(truth_of("resource has flag", set), "unknown");
  EXPECT_EQ(truth_of("resource == doc:1", set), "unknown");
  EXPECT_EQ(truth_of("scope == \"read:doc_12\"", set), "unknown");
  EXPECT_EQ(truth_of("scope == \"read:doc_2\"", set), "false");
  EXPECT_TRUE(ask("allow * if resource.owner == user", set).missing.empty());
}

TEST(Reference, WhatARequestSays) {
  const std::string about = R"("user":"user:a","action":"read","resource":{"type":"doc","id":"new")";
  EXPECT_EQ(truth_of("doc.owner == user", about + "}"), "unknown");
  EXPECT_EQ(truth_of("doc.owner == user", about + R"(,"attributes":{"owner":"user:a"}})"), "true");
  EXPECT_EQ(truth_of("doc has flag", about + R"(,"attributes":{"owner":"user:a"}})"), "unknown");
  EXPECT_EQ(truth_of("doc has flag", about + R"(,"attributes":{"owner":"user:a"},"complete":true})"), "false");
  EXPECT_EQ(truth_of("doc in folder:top", about + R"(,"parents":["folder:sub"]})"), "true");
  EXPECT_EQ(truth_of("doc in folder:other", about + R"(,"parents":["folder:sub"]})"), "unknown");
  EXPECT_EQ(truth_of("doc in folder:other", about + R"(,"parents":["folder:sub"],"complete":true})"), "false");
  EXPECT_THROW(
      ask("", R"("user":"user:a","action":"read","resource":{"type":"doc","id":"1","attributes":{"owner":"user:b"}})"),
      NotUnderstood);
  EXPECT_THROW(ask("", R"("user":"user:a","scope":"read:doc_1","agent":"agent:x")"), NotUnderstood);
  EXPECT_THROW(ask("", R"("user":"agent:x","scope":"read:doc_1")"), NotUnderstood);
  EXPECT_THROW(ask("", R"("user":"user:a","scope":"*:doc_1")"), NotUnderstood);
  EXPECT_THROW(ask("", R"("user":"user:a","scope":"create:doc_1")"), NotUnderstood);
}

TEST(Reference, WhatIsMissingIsNamed) {
  const std::string stranger = R"("user":"user:zoe","scope":"read:doc_12")";
  EXPECT_EQ(ask("allow * if doc.amount > 1", stranger).missing, std::set<std::string>{"doc.amount"});
  EXPECT_EQ(ask("allow * to group:staff", stranger).missing, std::set<std::string>{"user"});
  EXPECT_EQ(ask("allow * if user.level > 0", stranger).missing, std::set<std::string>{"user.level"});
  EXPECT_EQ(ask("allow * if doc.owner.level + 1 > 0", stranger).missing, std::set<std::string>{"overflow"});
  EXPECT_EQ(ask("allow * if false and c", stranger).missing, std::set<std::string>{});
}

TEST(Reference, Spellings) {
  const std::vector<std::string> same = {"read:doc_1", "doc_1.read"};
  for (const std::string& scope : same) {
    EXPECT_EQ(ask("allow read:doc_1", R"("user":"user:a","scope":")" + scope + "\"").verdict, Verdict::kAllow) << scope;
  }
  EXPECT_EQ(ask("allow read:doc", R"("user":"user:a","scope":"doc.read")").verdict, Verdict::kAllow);
  EXPECT_EQ(ask("allow *:doc_*", R"("user":"user:a","scope":"create:doc")").verdict, Verdict::kDeny);
  EXPECT_EQ(ask("allow *:doc", R"("user":"user:a","scope":"create:doc")").verdict, Verdict::kAllow);
  EXPECT_EQ(ask("allow profile.read", R"("user":"user:a","scope":"read:profile")").verdict, Verdict::kAllow);
  EXPECT_EQ(ask("alias \"both\" = {read,write}:doc_1\nallow read:doc_1", R"("user":"user:a","scope":"both")").link,
            "user");
  EXPECT_EQ(ask("alias \"both\" = {read,write}:doc_1\nallow \"both\"", R"("user":"user:a","scope":"both")").verdict,
            Verdict::kAllow);
}

}  // namespace
}  // namespace writ::reference
