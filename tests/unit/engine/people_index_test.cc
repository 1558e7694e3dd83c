// Where many statements name somebody, those that can concern who asks are found, and no other is needed.
#include <gtest/gtest.h>

#include <string>

#include "src/engine/people_index.h"
#include "src/policy/program.h"
#include "writ/engine.h"

namespace writ {
namespace {

constexpr const char* kDeclarations =
    "entity group in group\nentity user in group\nentity agent in group\nentity doc\nactions read for doc\n";

Policy compiled(const std::string& rules) {
  const PolicyText file{"p.writ", kDeclarations + rules};
  const Compilation made = compile_texts({&file, 1});
  EXPECT_TRUE(made.policy.has_value()) << render(made.diagnostics);
  return *made.policy;
}

// Statements about `what` that name others than those below.
std::string about_others(const std::string& what) {
  std::string rules;
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(i);
    rules += "allow " + what + " to group:other" + n + "\ntrust agent:other" + n + " with " + what + "\ndeny " + what +
             " to user:other" + n + " because \"x\"\n";
  }
  return rules;
}

Decision decide(const Policy& policy, std::string_view user, std::string_view agent = {}) {
  const EntityName company[] = {{"group", "company"}};
  const EntityName team[] = {{"group", "team"}};
  const EntityRecord records[] = {{{"group", "company"}, {}, {}}, {{"group", "team"}, company, {}},
                                  {{"user", "ann"}, team, {}},    {{"user", "bob"}, {}, {}},
                                  {{"agent", "bot"}, team, {}},   {{"agent", "stray"}, {}, {}}};
  const Result<Entities> entities = Entities::from_records(policy, records);
  EXPECT_TRUE(entities.has_value());
  const Engine engine(policy, *entities);
  Request request;
  request.user = user;
  request.scope = "read:doc_1";
  if (!agent.empty()) request.agents = {&agent, 1};
  const Result<Decision> decision = engine.decide(request);
  EXPECT_TRUE(decision.has_value());
  return decision ? *decision : Decision();
}

TEST(PeopleIndex, TheUserIsFoundByNameAndByGroup) {
  const std::string others = about_others("read:doc_*");
  for (const std::string who : {"user:ann", "group:team", "group:company", "user:x, group:company"}) {
    const Policy policy = compiled(others + "allow read:doc_* to " + who + "\n");
    EXPECT_TRUE(decide(policy, "ann").allowed()) << who;
    EXPECT_FALSE(decide(policy, "bob").allowed()) << who;
    EXPECT_FALSE(decide(policy, "nobody").allowed()) << who;
  }
}

TEST(PeopleIndex, AnAgentIsFoundByNameAndByGroup) {
  const std::string others = about_others("read:doc_*") + "allow read:doc_*\n";
  for (const std::string who : {"agent:bot", "group:team", "group:company", "agent:x, group:company"}) {
    const Policy trusting = compiled(others + "trust " + who + " with read:doc_*\n");
    EXPECT_TRUE(decide(trusting, "ann", "bot").allowed()) << who;
    EXPECT_EQ(decide(trusting, "ann", "stray").refusal, Refusal::kNotTrusted) << who;
    const Policy denying =
        compiled(others + "trust any agent with read:doc_*\ndeny read:doc_* via " + who + " because \"x\"\n");
    EXPECT_EQ(decide(denying, "ann", "bot").refusal, Refusal::kDenied) << who;
    EXPECT_TRUE(decide(denying, "ann", "stray").allowed()) << who;
  }
}

// Who is not in the data may be in any group, and what is denied to a group is denied to them.
TEST(PeopleIndex, WhoIsNotInTheDataIsDeniedWhatAGroupIs) {
  const std::string others = about_others("read:doc_*") + "allow read:doc_*\ntrust any agent with read:doc_*\n";
  const Policy user = compiled(others + "deny read:doc_* to group:team because \"x\"\n");
  EXPECT_EQ(decide(user, "ann").refusal, Refusal::kDenied);
  EXPECT_EQ(decide(user, "nobody").refusal, Refusal::kDenied);
  EXPECT_TRUE(decide(user, "bob").allowed());
  const Policy agent = compiled(others + "deny read:doc_* via group:team because \"x\"\n");
  EXPECT_EQ(decide(agent, "bob", "bot").refusal, Refusal::kDenied);
  EXPECT_EQ(decide(agent, "bob", "nobody").refusal, Refusal::kDenied);
  EXPECT_TRUE(decide(agent, "bob", "stray").allowed());
}

// The index is under the seed of the data: what follows from the same keeps it, what was loaded anew has another.
TEST(PeopleIndex, FollowsTheData) {
  const Policy policy = compiled(about_others("read:doc_*") + "allow read:doc_* to group:team\n");
  const EntityName team[] = {{"group", "team"}};
  const EntityRecord records[] = {{{"group", "team"}, {}, {}}, {{"user", "ann"}, team, {}}, {{"user", "bob"}, {}, {}}};
  const EntityChange joins{false, {{"user", "bob"}, team, {}}};
  const Result<Entities> first = Entities::from_records(policy, records);
  ASSERT_TRUE(first.has_value());
  Engine engine(policy, *first);
  const auto may = [&](std::string_view user) {
    Request request;
    request.user = user;
    request.scope = "read:doc_1";
    return engine.decide(request)->allowed();
  };
  EXPECT_TRUE(may("ann"));
  EXPECT_FALSE(may("bob"));
  const Result<Entities> second = first->with({&joins, 1});
  ASSERT_TRUE(second.has_value());
  ASSERT_TRUE(engine.replace(*second).has_value());
  EXPECT_TRUE(may("ann"));
  EXPECT_TRUE(may("bob"));
  const Result<Entities> anew = Entities::from_records(policy, records);
  ASSERT_TRUE(anew.has_value());
  ASSERT_TRUE(engine.replace(*anew).has_value());
  EXPECT_TRUE(may("ann"));
  EXPECT_FALSE(may("bob"));
}

TEST(PeopleIndex, OfEqualStatementsTheFirstIsNamed) {
  const Policy policy = compiled("allow read:doc_* to group:company\n" + about_others("read:doc_*") +
                                 "allow read:doc_* to user:ann\nallow read:doc_*\n");
  EXPECT_EQ(decide(policy, "ann").statement, 0U);
}

// Of one id nothing is said but who may; then one more thing is, of whatever kind, and it counts.
TEST(PeopleIndex, WhereOnlyNamesAllowNamesAreEnough) {
  std::string others;
  for (int i = 0; i < 20; ++i)
    others += "allow read:doc_1 to group:other" + std::to_string(i) + "\n";
  for (const std::string who : {"user:ann", "group:team", "group:company"}) {
    const std::string named = others + "allow read:doc_1 to " + who + "\n";
    EXPECT_TRUE(decide(compiled(named), "ann").allowed()) << who;
    EXPECT_EQ(decide(compiled(named), "ann").statement, 20U) << who;
    EXPECT_FALSE(decide(compiled(named), "bob").allowed()) << who;
    EXPECT_FALSE(decide(compiled(named), "nobody").allowed()) << who;
    EXPECT_EQ(decide(compiled(named), "ann", "bot").refusal, Refusal::kNotTrusted) << who;
    EXPECT_FALSE(decide(compiled(named + "deny read:doc_1 because \"x\"\n"), "ann").allowed()) << who;
    EXPECT_FALSE(decide(compiled(named + "deny read:doc_* because \"x\"\n"), "ann").allowed()) << who;
    EXPECT_FALSE(
        decide(compiled(named + "require time > 1990-01-01T00:00:00Z before read:doc_1 ask \"x\"\n"), "ann").allowed())
        << who;
    EXPECT_EQ(decide(compiled(named + "limit read:doc_1 for 5s\n"), "ann").lifetime, 5) << who;
    EXPECT_TRUE(decide(compiled(named + "allow read:doc_1\n"), "bob").allowed()) << who;
  }
  EXPECT_FALSE(
      decide(compiled(others + "allow read:doc_1 to user:ann if time > 1990-01-01T00:00:00Z\n"), "ann").allowed());
}

// Who is in a user is not that user.
TEST(PeopleIndex, APersonIsNotWhoHeIsIn) {
  for (const std::string what : {"read:doc_1", "read:doc_*"}) {
    std::string rules =
        "entity user in user\nentity agent\nentity doc\nactions read for doc\nallow " + what + " to user:boss\n";
    for (int i = 0; i < 5; ++i)
      rules += "allow " + what + " to user:other" + std::to_string(i) + "\n";
    const PolicyText file{"p.writ", rules};
    const Compilation made = compile_texts({&file, 1});
    ASSERT_TRUE(made.policy.has_value()) << render(made.diagnostics);
    const EntityName boss[] = {{"user", "boss"}};
    const EntityRecord records[] = {{{"user", "boss"}, {}, {}}, {{"user", "ann"}, boss, {}}};
    const Engine engine(*made.policy, *Entities::from_records(*made.policy, records));
    Request request;
    request.scope = "read:doc_1";
    request.user = "ann";
    EXPECT_FALSE(engine.decide(request)->allowed()) << what;
    request.user = "boss";
    EXPECT_TRUE(engine.decide(request)->allowed()) << what;
  }
}

TEST(PeopleIndex, FewStatementsHaveNone) {
  EXPECT_EQ(index_people(compiled("allow read:doc_* to user:ann\n").program(), 1), nullptr);
  const Policy many = compiled(about_others("read:doc_*"));
  const auto index = index_people(many.program(), 1);
  ASSERT_NE(index, nullptr);
  ASSERT_NE(index->crowd(0), nullptr);
  EXPECT_TRUE(index->others(*index->crowd(0)).empty());
  EXPECT_EQ(index->crowd(1), nullptr);
}

}  // namespace
}  // namespace writ
