// Entities from records: what is kept, and every error with its words.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/data/world.h"

namespace writ::data {
namespace {

LoadedSnapshot load(const Records& records, std::uint64_t seed = 7) {
  return load_records(small_world(), records.all(), seeded(seed));
}

std::string detail(const LoadedSnapshot& loaded) {
  return loaded ? "loaded" : std::string(loaded.error().detail());
}

TEST(LoadRecords, NothingButWhatIsDeclared) {
  const LoadedSnapshot loaded = load({});
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)->size(), 4U);
  EXPECT_EQ((*loaded)->version(), 1U);
  EXPECT_EQ((*loaded)->seed(), 7U);
  EXPECT_EQ(describe(**loaded),
            "group:accounting {}\n"
            "group:clerks {}\n"
            "group:controllers {}\n"
            "settings: {-}\n");
  EXPECT_EQ(find(**loaded, "user:alice"), nullptr);
  EXPECT_EQ(find(**loaded, "group:cleaners"), nullptr);
}

TEST(LoadRecords, EveryKindOfValueIsKept) {
  Records records;
  Ip site;
  site.bytes = {10, 1};
  site.prefix = 16;
  records.add("user:alice", {"group:clerks", "team:a", "team:a"},
              {{"clearance", Value::integer(-3)},
               {"name", Value::string("Alice \xC3\x84")},
               {"boss", Value::entity("user", "nobody")},
               {"tags", records.set({Value::string("b"), Value::string("a"), Value::string("b")})},
               {"site", Value::ip(site)},
               {"permissions", records.set({Value::scope("read:invoice_1*"), Value::scope("*")})},
               {"joined", Value::time({1000000})},
               {"shift", Value::duration(Duration::seconds(2))},
               {"rate", Value::decimal(125000)},
               {"active", Value::boolean(true)},
               {"address", records.record({{"city", Value::string("Ulm")}})},
               {"friends", records.set({Value::entity("user", "bob"), Value::entity("agent", "claude")})}});
  records.add("team:a");
  records.add("agent:claude", {}, {{"vendor", Value::string(std::string(1000, 'v'))}});
  const LoadedSnapshot loaded = load(records);
  ASSERT_TRUE(loaded) << loaded.error().detail();
  EXPECT_EQ(
      describe(**loaded, *find(**loaded, "user:alice")),
      "user:alice in group:clerks, team:a < group:clerks, team:a {-3, 'Alice \xC3\x84', user:nobody, ['a', 'b'], "
      "v4.10.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0/16, [read:invoice/0/|write:invoice/0/|create:invoice/3/|"
      "read:settings/2/, read:invoice/1/1], 1000000, 2000000, 125000, 1, {'Ulm', -}, [user:bob, agent:claude]}\n");
  EXPECT_EQ(describe(**loaded, *find(**loaded, "agent:claude")), "agent:claude {'" + std::string(1000, 'v') + "'}\n");
}

TEST(LoadRecords, ParentsComeInAnyOrderAndClose) {
  Records records;
  records.add("user:alice", {"group:clerks"}).add("group:clerks", {"team:b"}).add("team:b", {"team:a"}).add("team:a");
  const LoadedSnapshot loaded = load(records);
  ASSERT_TRUE(loaded) << loaded.error().detail();
  EXPECT_EQ(describe(**loaded, *find(**loaded, "user:alice")),
            "user:alice in group:clerks < group:clerks, team:a, team:b {-, -, -, -, -, -, -, -, -, -, -, -}\n");
  const Node* const alice = find(**loaded, "user:alice");
  const Node* const team = find(**loaded, "team:a");
  EXPECT_TRUE(alice->within(team->entity, team->hash));
  EXPECT_FALSE(team->within(alice->entity, alice->hash));
  EXPECT_FALSE(alice->within(alice->entity, alice->hash));
}

TEST(LoadRecords, EqualParentsAndAncestorsAreShared) {
  Records records;
  records.add("user:alice", {"team:a", "group:clerks"}).add("user:bob", {"group:clerks", "team:a"}).add("team:a");
  records.add("user:carol", {"group:clerks"}).add("group:clerks", {"team:a"});
  const LoadedSnapshot loaded = load(records);
  ASSERT_TRUE(loaded);
  const Node* const alice = find(**loaded, "user:alice");
  EXPECT_EQ(alice->parents().data(), find(**loaded, "user:bob")->parents().data());
  EXPECT_NE(alice->parents().data(), find(**loaded, "user:carol")->parents().data());
  EXPECT_EQ(alice->ancestors().data(), find(**loaded, "user:carol")->ancestors().data());
}

TEST(LoadRecords, TheSameUnderEverySeed) {
  Records records;
  for (int i = 0; i < 300; ++i) {
    records.add("user:u" + std::to_string(i), {"team:t" + std::to_string(i % 7)});
    if (i < 7) records.add("team:t" + std::to_string(i));
  }
  const std::string expected = describe(**load(records, 1));
  for (std::uint64_t seed = 2; seed < 20; ++seed)
    EXPECT_EQ(describe(**load(records, seed)), expected);
  const LoadedSnapshot drawn = load_records(small_world(), records.all(), {});
  EXPECT_EQ(describe(**drawn), expected);
  EXPECT_NE((*drawn)->seed(), (*load_records(small_world(), records.all(), {}))->seed());
}

TEST(LoadRecords, ProgressIsToldNowAndThenAndAtTheEnd) {
  Records records;
  for (int i = 0; i < 40000; ++i)
    records.add("user:u" + std::to_string(i));
  std::vector<std::uint64_t> told;
  LoadOptions options = seeded();
  options.progress = [&](const LoadProgress& progress) { told.push_back(progress.entities); };
  ASSERT_TRUE(load_records(small_world(), records.all(), options));
  EXPECT_EQ(told, (std::vector<std::uint64_t>{16384, 32768, 40000}));
}

struct Wrong {
  std::string name;
  std::vector<std::string> parents;
  Records::Attributes attributes;
  ErrorCode code;
  std::string detail;
};

TEST(LoadRecords, WhatIsWrongWithOneEntity) {
  const std::vector<Wrong> cases = {
      {"usr:alice",
       {},
       {},
       ErrorCode::kUnknownType,
       "record 2: there is no type `usr`; declare it with `entity`, or correct it"},
      {"user", {}, {}, ErrorCode::kBadId, "record 2: user needs an id"},
      {"user:a\xFF", {}, {}, ErrorCode::kBadId, "record 2: user has ids of 1 to 1024 bytes of UTF-8 without NUL"},
      {"user:" + std::string(1025, 'x'),
       {},
       {},
       ErrorCode::kBadId,
       "record 2: user has ids of 1 to 1024 bytes of UTF-8 without NUL"},
      {std::string("user:a\0b", 8),
       {},
       {},
       ErrorCode::kBadId,
       "record 2: user has ids of 1 to 1024 bytes of UTF-8 without NUL"},
      {"group:clerk",
       {},
       {},
       ErrorCode::kUnknownId,
       "record 2: group does not list the id `clerk`; list it in the policy, or correct it"},
      {"settings:main", {}, {}, ErrorCode::kBadId, "record 2: settings is a single resource and has no id"},
      {"team:t",
       {},
       {},
       ErrorCode::kRepeated,
       "record 2: `team:t`: stands twice, before at record 1; keep one of them"},
      {"agent:c",
       {},
       {{"vender", Value::string("x")}},
       ErrorCode::kUnknownAttribute,
       "record 2: `agent:c`: agent has no attribute `vender`; it has vendor"},
      {"team:u",
       {},
       {{"size", Value::integer(1)}},
       ErrorCode::kUnknownAttribute,
       "record 2: `team:u`: team has no attribute `size`; it has none at all"},
      {"agent:c",
       {},
       {{"vendor", Value::string("x")}, {"vendor", Value::string("x")}},
       ErrorCode::kRepeated,
       "record 2: `agent:c`: attribute `vendor` stands twice; keep one of them"},
      {"user:alice",
       {"folder:f"},
       {},
       ErrorCode::kWrongType,
       "record 2: `user:alice`: parent `folder:f`: user is declared `in group, team`, so its parents are of no other "
       "type"},
      {"agent:c",
       {"team:t"},
       {},
       ErrorCode::kWrongType,
       "record 2: `agent:c`: parent `team:t`: agent is declared without `in`, so it has no parents"},
      {"user:alice",
       {"grp:f"},
       {},
       ErrorCode::kUnknownType,
       "record 2: `user:alice`: parent: there is no type `grp`; declare it with `entity`, or correct it"},
      {"user:alice",
       {"group:clerk"},
       {},
       ErrorCode::kUnknownId,
       "record 2: `user:alice`: parent: group does not list the id `clerk`; list it in the policy, or correct it"},
      {"user:alice", {"team"}, {}, ErrorCode::kBadId, "record 2: `user:alice`: parent: team needs an id"},
      {"user:alice",
       {"team:u"},
       {},
       ErrorCode::kUnknownParent,
       "record 2: `user:alice`: parent `team:u` is not in the data; add it, or take the parent out"},
      {"team:u",
       {"team:u"},
       {},
       ErrorCode::kCycle,
       "record 2: `team:u`: its parents run in a circle: `team:u` in `team:u`; take one of these parents out"},
  };
  for (const Wrong& wrong : cases) {
    Records records;
    records.add("team:t").add(wrong.name, wrong.parents, wrong.attributes).add("user:zoe", {"team:t"});
    const LoadedSnapshot loaded = load(records);
    ASSERT_FALSE(loaded) << wrong.name;
    EXPECT_EQ(loaded.error().detail(), wrong.detail);
    EXPECT_EQ(loaded.error().code, wrong.code) << wrong.detail;
  }
}

TEST(LoadRecords, ValuesOfAnotherTypeNameTheAttribute) {
  Records records;
  records.add("user:alice", {}, {{"clearance", Value::string("3")}});
  const LoadedSnapshot loaded = load(records);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kWrongType);
  EXPECT_TRUE(detail(loaded).starts_with("record 1: `user:alice`: attribute `clearance`: ")) << detail(loaded);
}

TEST(LoadRecords, CirclesAreNamedFromTheirFirstMember) {
  Records records;
  records.add("user:alice", {"team:c"}).add("team:a", {"team:b"}).add("team:c", {"team:d"});
  records.add("team:b", {"team:c"}).add("team:d", {"team:a"});
  EXPECT_EQ(
      detail(load(records)),
      "record 2: `team:a`: its parents run in a circle: `team:a` in `team:b` in `team:c` in `team:d` in `team:a`; "
      "take one of these parents out");
}

TEST(LoadRecords, LongCirclesShowFiveMembers) {
  Records records;
  for (int i = 0; i < 9; ++i)
    records.add("team:" + std::to_string(i), {"team:" + std::to_string((i + 1) % 9)});
  EXPECT_EQ(detail(load(records)),
            "record 1: `team:0`: its parents run in a circle: `team:0` in `team:1` in `team:2` in `team:3` in `team:4` "
            "in ... in `team:0`; take one of these parents out");
}

TEST(LoadRecords, TheFirstMistakeInTheOrderOfTheDataIsTold) {
  Records records;
  records.add("team:a", {"team:missing"}).add("team:b", {"team:b"}).add("user:x", {"team:gone"});
  EXPECT_EQ(load(records).error().code, ErrorCode::kUnknownParent);
  EXPECT_TRUE(detail(load(records)).starts_with("record 1: ")) << detail(load(records));
}

// A chain: team:i in team:i+1.
Records chain(int length) {
  Records records;
  for (int i = 0; i < length; ++i)
    records.add("team:" + std::to_string(i), {"team:" + std::to_string(i + 1)});
  records.add("team:" + std::to_string(length));
  return records;
}

TEST(LoadRecords, ChainsUpToTheBound) {
  const LoadedSnapshot loaded = load(chain(4096));
  ASSERT_TRUE(loaded) << detail(loaded);
  EXPECT_EQ(find(**loaded, "team:0")->ancestors().size(), 4096U);
  EXPECT_EQ(detail(load(chain(4097))),
            "record 1: `team:0`: is below more than 4,096 others; make the hierarchy flatter");
}

TEST(LoadRecords, HopelesslyDeepChainsAreAnErrorAndNotACrash) {
  const LoadedSnapshot loaded = load(chain(100000));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kTooMany);
}

TEST(LoadRecords, BroadIsBoundedLikeDeep) {
  Records records;
  std::vector<std::string> all;
  for (int i = 0; i < 4097; ++i) {
    records.add("team:" + std::to_string(i));
    all.push_back("team:" + std::to_string(i));
  }
  records.add("user:alice", {all.begin(), all.end() - 1});
  EXPECT_TRUE(load(records));
  records.add("user:bob", all);
  EXPECT_EQ(detail(load(records)),
            "record 4099: `user:bob`: is below more than 4,096 others; make the hierarchy flatter");
}

TEST(LoadRecords, TextsInErrorsAreHarmless) {
  Records records;
  records.add("team:a\nb\x1B[31m").add("team:a\nb\x1B[31m");
  EXPECT_EQ(detail(load(records)), "record 2: `team:a?b?[31m`: stands twice, before at record 1; keep one of them");
}

}  // namespace
}  // namespace writ::data
