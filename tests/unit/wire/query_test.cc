// What a request must not say: each is an error with its code, from decide() and explain() alike, and never an answer.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

constexpr std::string_view kPolicy = R"(
entity group in group
entity user in group, user { level: int, note: string? }
entity agent
entity doc in doc { owner: user }
entity docs
entity profile single
actions read for doc, docs, user
actions create for type doc
actions read for profile
context { tainted: bool }
allow *
trust any agent with *
deny read:docs_* because "no docs"
)";
constexpr std::string_view kData = R"([
  {"type": "group", "id": "staff"},
  {"type": "user", "id": "ann", "parents": ["group:staff"], "attributes": {"level": 3}},
  {"type": "doc", "id": "1", "attributes": {"owner": "user:ann"}}])";

class Asking : public testing::Test {
 protected:
  Asking() : policy_(compiled()), engine_(policy_, Entities::from_json(policy_, kData).value()), facts_(policy_) {
    request_.user = "user:ann";
    request_.scope = "read:doc_1";
    request_.facts = &facts_;
  }

  static Policy compiled() {
    const PolicyText text{"query.writ", std::string(kPolicy)};
    return compile_texts({&text, 1}).policy.value();
  }

  // "allow", "deny", or the code of the error. Both walks have to say it.
  std::string answer() {
    const Result<Decision> decided = engine_.decide(request_);
    const Result<Explanation> explained = engine_.explain(request_);
    EXPECT_EQ(decided.has_value(), explained.has_value());
    if (!decided) {
      EXPECT_EQ(decided.error().code, explained.error().code);
      EXPECT_FALSE(decided.error().detail().empty());
      return std::string(code_name(decided.error().code));
    }
    return decided->allowed() ? "allow" : "deny";
  }
  std::string answer_to(std::string_view scope) {
    request_.scope = scope;
    return answer();
  }
  void ask_for(std::string_view type, std::string_view id) {
    request_.scope = {};
    request_.action = "read";
    request_.resource_type = type;
    request_.resource_id = id;
    ASSERT_TRUE(facts_.describe_resource(type));
  }

  Policy policy_;
  Engine engine_;
  Facts facts_;
  Request request_;
};

TEST_F(Asking, WhatTheDataContradicts) {
  ASSERT_TRUE(facts_.set_user("level", Value::integer(3)));
  EXPECT_EQ(answer(), "allow");
  facts_.clear();
  ASSERT_TRUE(facts_.set_user("level", Value::integer(4)));
  EXPECT_EQ(answer(), "contradicts_data");
  facts_.clear();
  ASSERT_TRUE(facts_.add_user_parent("group", "staff"));
  EXPECT_EQ(answer(), "allow");
  ASSERT_TRUE(facts_.add_user_parent("group", "admins"));
  EXPECT_EQ(answer(), "contradicts_data");
  facts_.clear();
  ask_for("doc", "1");
  ASSERT_TRUE(facts_.set_resource("owner", Value::entity("user", "bob")));
  EXPECT_EQ(answer(), "contradicts_data");
}

TEST_F(Asking, CirclesByWhatTheRequestSays) {
  request_.user = "user:new";
  ASSERT_TRUE(facts_.add_user_parent("user", "new"));
  EXPECT_EQ(answer(), "cycle");
  facts_.clear();
  ask_for("doc", "2");
  ASSERT_TRUE(facts_.add_resource_parent("doc", "2"));
  EXPECT_EQ(answer(), "cycle");
  facts_.clear();
  ask_for("user", "other");
  ASSERT_TRUE(facts_.add_user_parent("user", "other"));
  EXPECT_EQ(answer(), "allow");
  ASSERT_TRUE(facts_.add_resource_parent("user", "new"));
  EXPECT_EQ(answer(), "cycle");
}

TEST_F(Asking, TheUserIsDescribedOnce) {
  ask_for("user", "ann");
  ASSERT_TRUE(facts_.set_resource("note", Value::string("a")));
  EXPECT_EQ(answer(), "allow");
  ASSERT_TRUE(facts_.set_user("note", Value::string("b")));
  EXPECT_EQ(answer(), "repeated");
}

TEST_F(Asking, AttributesOfOneCannotDescribeASet) {
  ASSERT_TRUE(facts_.describe_resource("doc"));
  EXPECT_EQ(answer_to("read:doc_1"), "allow");
  EXPECT_EQ(answer_to("create:doc"), "allow");
  EXPECT_EQ(answer_to("read:doc_*"), "wrong_type");
  EXPECT_EQ(answer_to("read:docs_1"), "wrong_type");
}

TEST_F(Asking, IdsThatWouldPrintAsAnotherScope) {
  for (const std::string_view id : {"1*", "*", "a b", "\"1\"", "a:b", "{a,b}", "1,2", "a\tb", "a\nb"}) {
    EXPECT_EQ(answer_to("read:doc_" + std::string(id)), id == "*" || id == "1*" ? "allow" : "bad_scope") << id;
    // As a pair it is one resource, whose id is just these bytes, and it has no scope.
    facts_.clear();
    ask_for("doc", id);
    const Result<Explanation> explained = engine_.explain(request_);
    ASSERT_TRUE(explained) << id;
    EXPECT_TRUE(explained->decision.allowed());
    EXPECT_EQ(explained->scope, "") << id;
    facts_.clear();
  }
}

TEST_F(Asking, ATypeWhoseNameBeginsWithAnothers) {
  EXPECT_EQ(answer_to("read:doc_s_1"), "allow");
  EXPECT_EQ(answer_to("read:docs_1"), "deny");
  EXPECT_EQ(answer_to("docs_1.read"), "deny");
  EXPECT_EQ(answer_to("read:doc_s*"), "allow");
  EXPECT_EQ(answer_to("read:docs_*"), "deny");
}

TEST_F(Asking, BoundsAndNames) {
  EXPECT_EQ(answer_to("read:doc_" + std::string(2000, '1')), "bad_scope");
  EXPECT_EQ(answer_to("read:page_1"), "unknown_type");
  EXPECT_EQ(answer_to("reed:doc_1"), "unknown_action");
  EXPECT_EQ(answer_to(""), "missing_member");
  request_.scope = "read:doc_1";
  request_.user = "agent:x";
  EXPECT_EQ(answer(), "wrong_type");
  request_.user = "user:";
  EXPECT_EQ(answer(), "bad_id");
  request_.user = "user:ann";
  const std::vector<std::string_view> chain(9, "agent:x");
  request_.agents = std::span(chain).first(8);
  EXPECT_EQ(answer(), "allow");
  request_.agents = chain;
  EXPECT_EQ(answer(), "too_many");
  request_.agents = {};
}

}  // namespace
}  // namespace writ
