// What a host states of a request in C++.
#include "writ/facts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/scope/facts.h"
#include "writ/policy.h"

namespace writ {
namespace {

const Policy& policy() {
  static const Policy compiled = [] {
    const std::vector<PolicyText> texts = {{"world.writ", R"(
entity group: clerks, controllers
entity user in group { clearance: int = 0, tags: set of string = [] }
entity folder
entity invoice in folder { amount: decimal }
actions read for invoice
context { tainted: bool }
allow read:invoice_* if user.clearance >= 1 and user.tags contains "a" and invoice.amount < 1.00 and not tainted
)"}};
    Compilation compilation = compile_texts(texts);
    if (!compilation.policy) ADD_FAILURE() << render(compilation.diagnostics);
    return *compilation.policy;
  }();
  return compiled;
}

std::string told(const Result<void>& result) {
  if (result) return "done";
  return std::string(code_name(result.error().code)) + ": " + std::string(result.error().detail());
}

TEST(Facts, KeepWhatTheyAreGiven) {
  Facts facts(policy());
  EXPECT_EQ(told(facts.set_context("tainted", Value::boolean(true))), "done");
  EXPECT_EQ(told(facts.set_user("clearance", Value::integer(3))), "done");
  EXPECT_EQ(told(facts.add_user_parent("group", "controllers")), "done");
  EXPECT_EQ(told(facts.add_user_parent("group", "clerks")), "done");
  EXPECT_EQ(told(facts.describe_resource("invoice")), "done");
  EXPECT_EQ(told(facts.describe_resource("invoice")), "done");
  {
    std::string id = "a folder with a long name";
    EXPECT_EQ(told(facts.add_resource_parent("folder", id)), "done");
    id.assign(id.size(), '#');
  }
  EXPECT_EQ(told(facts.set_resource("amount", Value::decimal(5))), "done");
  facts.user_complete();
  facts.resource_complete();
  const RequestFacts& kept = facts.facts();
  EXPECT_EQ(kept.context[0].number, 1);
  EXPECT_EQ(kept.user.attributes[0].number, 3);
  EXPECT_EQ(kept.user.attributes[1].kind, DatumKind::kNone);
  ASSERT_EQ(kept.user.parents.size(), 2U);
  EXPECT_EQ(kept.user.parents[0].text(), "clerks");
  EXPECT_EQ(kept.resource.parents[0].text(), "a folder with a long name");
  EXPECT_TRUE(kept.user.complete && kept.resource.complete);
}

TEST(Facts, WhatFailsLeavesNoTrace) {
  Facts facts(policy());
  EXPECT_EQ(told(facts.set_context("tained", Value::boolean(true))),
            "unknown_context: the policy declares no context key `tained`");
  EXPECT_EQ(told(facts.set_context("tainted", Value::integer(1))),
            "wrong_type: context.tainted: bool is needed, not an int");
  EXPECT_EQ(told(facts.set_user("age", Value::integer(1))), "unknown_attribute: user has no attribute `age`");
  EXPECT_EQ(told(facts.set_user("clearance", Value::string("3"))),
            "wrong_type: attributes.clearance: int is needed, not a string");
  EXPECT_EQ(told(facts.add_user_parent("folder", "x")), "wrong_type: user is not declared to be in a `folder`");
  EXPECT_EQ(told(facts.add_user_parent("group", "x")), "unknown_id: group does not list the id `x`");
  EXPECT_EQ(told(facts.set_resource("amount", Value::decimal(1))),
            "missing_member: describe_resource() must come first");
  EXPECT_EQ(told(facts.describe_resource("ghost")), "unknown_type: no entity type `ghost`");
  facts.resource_complete();
  EXPECT_EQ(facts.facts().context[0].kind, DatumKind::kNone);
  EXPECT_FALSE(facts.facts().user.given);
  EXPECT_FALSE(facts.facts().resource.given || facts.facts().resource.complete);
}

TEST(Facts, NothingIsGivenTwice) {
  Facts facts(policy());
  ASSERT_TRUE(facts.set_context("tainted", Value::boolean(false)));
  EXPECT_EQ(told(facts.set_context("tainted", Value::boolean(true))),
            "repeated: given twice: the context key `tainted`");
  ASSERT_TRUE(facts.set_user("clearance", Value::integer(1)));
  EXPECT_EQ(told(facts.set_user("clearance", Value::integer(2))), "repeated: given twice: the attribute `clearance`");
  ASSERT_TRUE(facts.add_user_parent("group", "clerks"));
  EXPECT_EQ(told(facts.add_user_parent("group", "clerks")), "repeated: given twice: the parent `clerks`");
  ASSERT_TRUE(facts.describe_resource("invoice"));
  EXPECT_EQ(told(facts.describe_resource("folder")),
            "repeated: the resource is described as of another type than `folder`");
  EXPECT_EQ(facts.facts().context[0].number, 0);
  EXPECT_EQ(facts.facts().user.attributes[0].number, 1);
}

TEST(Facts, ParentsAndItemsAreBounded) {
  Facts facts(policy());
  ASSERT_TRUE(facts.describe_resource("invoice"));
  for (int i = 0; i < 4096; ++i)
    ASSERT_TRUE(facts.add_resource_parent("folder", std::to_string(i)));
  EXPECT_EQ(told(facts.add_resource_parent("folder", "one more")), "too_many: more than 4096 parents");
  const std::vector<Value> many(65537, Value::string("a"));
  EXPECT_EQ(told(facts.set_user("tags", Value::set(many))), "too_many: attributes.tags: a set of too many items");
}

TEST(Facts, ClearedTheyAreAsNew) {
  Facts facts(policy());
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(facts.set_context("tainted", Value::boolean(true)));
    ASSERT_TRUE(facts.set_user("clearance", Value::integer(1)));
    ASSERT_TRUE(facts.add_user_parent("group", "clerks"));
    ASSERT_TRUE(facts.describe_resource(round == 1 ? "folder" : "invoice"));
    facts.user_complete();
    facts.clear();
    EXPECT_EQ(facts.facts().context[0].kind, DatumKind::kNone);
    EXPECT_FALSE(facts.facts().user.given || facts.facts().user.complete || facts.facts().resource.given);
    EXPECT_TRUE(facts.facts().user.parents.empty() && facts.facts().user.attributes.empty());
  }
}

}  // namespace
}  // namespace writ
