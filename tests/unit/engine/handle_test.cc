// What was looked up once is decided as what is looked up each time, whatever became of what it was found in.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "writ/engine.h"

namespace writ {
namespace {

constexpr const char* kPolicy =
    "entity group\nentity user in group\nentity agent\nentity doc\nentity profile single\n"
    "entity task: \"1\", \"2\"\nactions read for doc, task, profile\nactions create for type doc\n"
    "allow read:doc_1 to group:staff\nallow read:doc_\"a b\" to user:ann\nallow read:doc_2\nallow read:profile\n"
    "allow create:doc to group:staff\nallow read:task_1\n"
    "trust agent:bot with read:doc_*\n";

Policy compiled(const std::string& more = {}) {
  const PolicyText file{"p.writ", kPolicy + more};
  const Compilation made = compile_texts({&file, 1});
  EXPECT_TRUE(made.policy.has_value()) << render(made.diagnostics);
  return *made.policy;
}

Entities people(const Policy& policy, std::string_view of_staff) {
  const EntityName staff[] = {{"group", "staff"}};
  const EntityRecord records[] = {
      {{"group", "staff"}, {}, {}}, {{"user", of_staff}, staff, {}}, {{"agent", "bot"}, {}, {}}};
  const Result<Entities> entities = Entities::from_records(policy, records);
  EXPECT_TRUE(entities.has_value());
  return *entities;
}

struct Asked {
  std::string user;
  std::string agent;  // empty: none
  std::string action;
  std::string type;
  std::string id;
};

std::string said(const Result<Decision>& decision) {
  if (!decision) return "error " + std::to_string(static_cast<int>(decision.error().code));
  return std::to_string(static_cast<int>(decision->verdict)) + " " +
         std::to_string(static_cast<int>(decision->refusal)) + " " + std::to_string(static_cast<int>(decision->link)) +
         " " + std::to_string(decision->statement) + " " + std::to_string(decision->lifetime);
}

std::string by_names(const Engine& engine, const Asked& asked) {
  const std::string_view agent = asked.agent;
  Request request;
  request.user = asked.user;
  if (!agent.empty()) request.agents = {&agent, 1};
  request.action = asked.action;
  request.resource_type = asked.type;
  request.resource_id = asked.id;
  return said(engine.decide(request));
}

// All that `made` finds is given by handles to `engine`, alone and in a batch.
std::string by_handles(const Engine& made, const Engine& engine, const Asked& asked) {
  const Result<UserHandle> user = made.find_user(asked.user);
  const Result<ActionHandle> action = made.find_action(asked.action, asked.type);
  if (!user) return said(user.error());
  if (!action) return said(action.error());
  std::optional<AgentHandle> agent;
  if (!asked.agent.empty()) {
    const Result<AgentHandle> found = made.find_agent(asked.agent);
    if (!found) return said(found.error());
    agent = *found;
  }
  const AgentHandle* const chain[] = {agent ? &*agent : nullptr};
  const Handles handles{&*user, std::span(chain).first(agent ? 1 : 0), &*action};
  Request request;
  request.handles = &handles;
  request.resource_id = asked.id;
  const Result<Decision> alone = engine.decide(request);
  Result<Decision> batch = Decision();
  engine.decide({&request, 1}, {&batch, 1});
  EXPECT_EQ(said(alone), said(batch));
  const Result<Explanation> explained = engine.explain(request);
  EXPECT_EQ(explained.has_value(), alone.has_value());
  if (explained) {
    EXPECT_EQ(said(explained->decision), said(alone));
  }
  return said(alone);
}

const Asked kAsked[] = {
    {"ann", "", "read", "doc", "1"},
    {"user:ann", "", "read", "doc", "1"},
    {"ann", "", "read", "doc", "a b"},
    {"ann", "", "read", "doc", "c d"},
    {"ann", "", "read", "doc", "2"},
    {"bob", "", "read", "doc", "1"},
    {"nobody", "", "read", "doc", "1"},
    {"nobody", "", "read", "doc", "2"},
    {"ann", "bot", "read", "doc", "1"},
    {"ann", "stray", "read", "doc", "1"},
    {"ann", "", "read", "doc", ""},
    {"ann", "", "read", "doc", "1*"},
    {"ann", "", "read", "doc", "a-very-long-id-of-a-document"},
    {"ann", "", "read", "profile", ""},
    {"ann", "", "read", "profile", "1"},
    {"ann", "", "create", "doc", ""},
    {"ann", "", "create", "doc", "1"},
    {"ann", "", "read", "task", "1"},
    {"ann", "", "read", "task", "3"},
    {"ann", "", "write", "doc", "1"},
    {"ann", "", "read", "nothing", "1"},
    {"doc:1", "", "read", "doc", "1"},
    {"", "", "read", "doc", "1"},
    {"a-user-with-a-very-long-name", "", "read", "doc", "2"},
    {"ann", "user:ann", "read", "doc", "1"},
    {"n\xC3\xB6"
     "body",
     "", "read", "doc", "2"},
};

TEST(Handle, MeansWhatTheNameMeans) {
  const Policy policy = compiled();
  const Engine engine(policy, people(policy, "ann"));
  for (const Asked& asked : kAsked)
    EXPECT_EQ(by_handles(engine, engine, asked), by_names(engine, asked)) << asked.user << asked.type << asked.id;
}

// Another engine, in which ann is nobody and bob is one of the staff; and the same after it was replaced.
TEST(Handle, OfAnotherStateIsLookedUpByItsName) {
  const Policy policy = compiled();
  const Policy other_policy = compiled("deny read:doc_2 to user:ann because \"x\"\n");
  const Engine engine(policy, people(policy, "ann"));
  Engine other(other_policy, people(other_policy, "bob"));
  for (const Asked& asked : kAsked)
    EXPECT_EQ(by_handles(engine, other, asked), by_names(other, asked)) << asked.user << asked.type << asked.id;
  const Result<UserHandle> ann = other.find_user("ann");
  ASSERT_TRUE(ann.has_value());
  const Handles handles{&*ann, {}, nullptr};
  Request request;
  request.handles = &handles;
  request.scope = "read:doc_1";
  EXPECT_FALSE(other.decide(request)->allowed());
  ASSERT_TRUE(other.replace(people(other_policy, "ann")).has_value());
  EXPECT_TRUE(other.decide(request)->allowed());
  ASSERT_TRUE(other.replace(people(other_policy, "bob")).has_value());
  EXPECT_FALSE(other.decide(request)->allowed());
}

TEST(Handle, MayBeCopiedAndOutlivesItsEngine) {
  const Policy policy = compiled();
  std::optional<Engine> engine(std::in_place, policy, people(policy, "ann"));
  std::optional<UserHandle> first = *engine->find_user("ann");
  const UserHandle copy = *first;
  first.reset();
  engine.reset();
  const Engine next(policy, people(policy, "ann"));
  const Handles handles{&copy, {}, nullptr};
  Request request;
  request.handles = &handles;
  request.scope = "read:doc_1";
  EXPECT_EQ(copy.name(), "ann");
  EXPECT_TRUE(next.decide(request)->allowed());
}

TEST(Handle, WhatIsGivenTwiceIsAnError) {
  const Policy policy = compiled();
  const Engine engine(policy, people(policy, "ann"));
  const UserHandle user = *engine.find_user("ann");
  const AgentHandle agent = *engine.find_agent("bot");
  const AgentHandle* const chain[] = {&agent};
  const ActionHandle action = *engine.find_action("read", "doc");
  const std::string_view bot = "bot";
  const Handles of_user{&user, {}, nullptr};
  const Handles of_agents{nullptr, chain, nullptr};
  const Handles of_action{nullptr, {}, &action};
  const auto fails = [&](const Handles& handles, auto&& more) {
    Request request;
    request.handles = &handles;
    if (handles.user == nullptr) request.user = "ann";
    if (handles.action == nullptr) request.scope = "read:doc_1";
    if (handles.action != nullptr) request.resource_id = "1";
    EXPECT_TRUE(engine.decide(request).has_value());
    more(request);
    const Result<Decision> decision = engine.decide(request);
    return !decision && decision.error().code == ErrorCode::kRepeated && !engine.explain(request);
  };
  EXPECT_TRUE(fails(of_user, [](Request& request) { request.user = "ann"; }));
  EXPECT_TRUE(fails(of_agents, [&](Request& request) { request.agents = {&bot, 1}; }));
  EXPECT_TRUE(fails(of_action, [](Request& request) { request.scope = "read:doc_1"; }));
  EXPECT_TRUE(fails(of_action, [](Request& request) { request.action = "read"; }));
  EXPECT_TRUE(fails(of_action, [](Request& request) { request.resource_type = "doc"; }));
}

TEST(Handle, ThatNobodyMadeIsAMissingName) {
  const Policy policy = compiled();
  const Engine engine(policy, people(policy, "ann"));
  const UserHandle user;
  const ActionHandle action;
  Request request;
  const Handles of_user{&user, {}, nullptr};
  request.handles = &of_user;
  request.scope = "read:doc_1";
  EXPECT_EQ(engine.decide(request).error().code, ErrorCode::kMissingMember);
  const Handles of_action{nullptr, {}, &action};
  request.handles = &of_action;
  request.user = "ann";
  request.scope = {};
  EXPECT_FALSE(engine.decide(request).has_value());
}

}  // namespace
}  // namespace writ
