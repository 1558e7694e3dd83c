#include <gtest/gtest.h>

#include "tests/unit/policy/checked.h"

namespace writ::policy {
namespace {

TEST(CheckDeclarations, BuildsTheSchema) {
  const Checked policy = checked(R"(
    entity user in team { tags: set of string = ["b", "a", "b"], limit: decimal = 5 }
    entity team: red, blue in team
    entity settings single { open: bool = true }
    entity doc in folder { home: {city: string, zip: int?}, net: ip = "10.0.0.0/8", may: set of scope = ["read:doc_*"] }
    entity folder in folder
    actions read, write for doc, settings
    actions create for type doc
    actions edits = {write} for doc
    context { approvals: set of user absent means [], target: user? absent means none, hour: int }
    alias "docs" = edits:doc_a, read:doc_*, read:doc_7
    allow *
  )");
  ASSERT_EQ(policy.names(), "") << policy.rendered();
  const Schema& schema = *policy.typed.schema;
  ASSERT_EQ(schema.types.size(), 6U);  // with agent
  EXPECT_EQ(schema.types[schema.user].name, "user");
  EXPECT_EQ(schema.types[schema.agent].name, "agent");
  EXPECT_TRUE(schema.types[schema.user].can_reach(schema.find_type("team")));
  EXPECT_FALSE(schema.types[schema.user].can_reach(schema.find_type("folder")));
  EXPECT_TRUE(schema.types[schema.find_type("folder")].can_reach(schema.find_type("folder")));
  EXPECT_EQ(schema.types[schema.find_type("team")].ids, (std::vector<std::string>{"blue", "red"}));
  EXPECT_TRUE(schema.acts_on_type(schema.find_action("create"), schema.find_type("doc")));
  EXPECT_FALSE(schema.acts_on_type(schema.find_action("read"), schema.find_type("doc")));
  EXPECT_EQ(policy.lines("tags"), ": set of string = [\"a\", \"b\"]\n");
  EXPECT_EQ(policy.lines("limit:"), " decimal = 5.00\n");
  EXPECT_EQ(policy.lines("net"), ": ip = 10.0.0.0/8\n");
  EXPECT_EQ(policy.lines("may"), ": set of scope = [<read:doc_*>]\n");
  EXPECT_EQ(policy.lines("home"), ": {city: string, zip: int?}\n");
  EXPECT_EQ(policy.lines("context"),
            " approvals: set of user absent means []\n"
            " target: user? absent means none\n hour: int\n");
  EXPECT_EQ(policy.lines("alias"), " \"docs\" = read:doc_*, write:doc_a\n");
}

TEST(CheckDeclarations, OrderAndFilesDoNotMatter) {
  const std::string use = "allow reads:doc_* if small(doc) and hour == 3\n";
  const std::string declare =
      "define small(d: doc) = d.size < most\ndefine most = 5\ncontext { hour: int }\n"
      "actions reads = {read} for doc\nactions read for doc\nentity doc { size: int }\n";
  for (const auto& texts : {std::vector<std::string>{use, declare}, {declare, use}, {use + declare}, {declare + use}}) {
    const Checked policy = checked(texts);
    EXPECT_EQ(policy.names(), "") << policy.rendered();
    EXPECT_EQ(policy.lines("if"), " doc (and (< (attribute doc.size resource) 5) (== context.hour 3))\n");
  }
}

TEST(CheckDeclarations, UserAndAgentAreAlwaysThere) {
  const Checked policy =
      checked("entity doc\nactions read for doc\nallow read:doc_* to user:ann\ntrust any agent with *\n");
  EXPECT_EQ(policy.names(), "") << policy.rendered();
}

TEST(CheckDeclarations, DefaultsOutliveTheSources) {
  std::shared_ptr<Schema> schema;
  {
    Checked policy =
        checked("entity doc { a: string = \"x\\u{e4}\", b: set of user = [user:\"y z\"] }\nactions read for doc\n");
    ASSERT_EQ(policy.names(), "") << policy.rendered();
    schema = policy.typed.schema;
  }
  const EntityType& doc = schema->types[schema->find_type("doc")];
  EXPECT_EQ(doc.attributes[0].fallback.text(), "x\xC3\xA4");
  EXPECT_EQ(doc.attributes[1].fallback.items[0].text(), "y z");
}

TEST(CheckDeclarations, AliasesMayNameEachOther) {
  const Checked policy = checked(R"(
    entity repo
    actions read, write for repo
    alias "repo" = "repo:status", write:repo_*
    alias "repo:status" = read:repo_status/*
    alias "read:repo_1" = read:repo_1
    allow "repo", read:repo_public/*
  )");
  EXPECT_EQ(policy.names(), "") << policy.rendered();
  EXPECT_EQ(policy.lines("cells"), " read:repo_public/*, read:repo_status/*, write:repo_*\n");
}

// What a statement that cannot be read would have declared is not called unknown where it is used.
TEST(CheckDeclarations, LostDeclarationsAreNotMissedTwice) {
  const Checked policy = checked(
      "entity doc { size int }\nactions read for doc\nallow read:doc_* if doc.size < 3\n"
      "allow read:doc_* for 0s\n");
  EXPECT_EQ(policy.names(), "syntax bad-lifetime") << policy.rendered();
}

}  // namespace
}  // namespace writ::policy
