// What a host hands over is checked before it is decided, also where the usual way is short.
#include <gtest/gtest.h>

#include <string>

#include "writ/engine.h"

namespace writ {
namespace {

Result<Decision> decide(const std::string& rules, std::string_view user, std::string_view agent = {},
                        std::string_view scope = "read:doc_1") {
  const PolicyText file{"p.writ", "entity user\nentity agent\nentity doc\nactions read for doc\n" + rules};
  const Compilation compiled = compile_texts({&file, 1});
  EXPECT_TRUE(compiled.policy.has_value()) << render(compiled.diagnostics);
  const EntityRecord records[] = {{{"user", "ann"}, {}, {}}, {{"agent", "x"}, {}, {}}};
  const Result<Entities> entities = Entities::from_records(*compiled.policy, records);
  EXPECT_TRUE(entities.has_value());
  const Engine engine(*compiled.policy, *entities);
  Request request;
  request.user = user;
  request.scope = scope;
  if (!agent.empty()) request.agents = {&agent, 1};
  return engine.decide(request);
}

// By a line alone, among other statements, and with an agent.
TEST(Usual, ANameThatCanBeNoneIsAnError) {
  for (const std::string rules : {"allow read:doc_1\n", "allow read:doc_1\nallow read:doc_*\n"}) {
    for (const std::string_view name :
         {std::string_view("a\0b", 3), std::string_view("\0", 1), std::string_view("\xFF")}) {
      const Result<Decision> of_user = decide(rules, name);
      ASSERT_FALSE(of_user.has_value()) << rules;
      EXPECT_EQ(of_user.error().code, ErrorCode::kBadId);
      const Result<Decision> named = decide(rules, "user:" + std::string(name));
      ASSERT_FALSE(named.has_value()) << rules;
      EXPECT_EQ(named.error().code, ErrorCode::kBadId);
      const Result<Decision> of_agent = decide(rules, "ann", name);
      ASSERT_FALSE(of_agent.has_value()) << rules;
      EXPECT_EQ(of_agent.error().code, ErrorCode::kBadId);
    }
    EXPECT_TRUE(decide(rules, "ann").has_value());
    EXPECT_TRUE(decide(rules,
                       "n\xC3\xB6"
                       "body")
                    .has_value());  // UTF-8, and nobody in the data
    const Result<Decision> other = decide(rules, "doc:1");
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().code, ErrorCode::kWrongType);
  }
}

// An id of the policy that no scope can spell is not what a scope means that looks like it; by lines alone, and among
// other statements, and whether the policy has such an id or not.
TEST(Usual, AScopeIsOneBeforeItIsDecided) {
  for (const std::string more : {"", "allow read:doc_zz*\n", "allow read:doc_\"x y\"\n"}) {
    const std::string rules = "allow read:doc_\"a b\"\nallow read:doc_\"1*\"\nallow read:doc_good\n" + more;
    for (const std::string_view scope : {"read:doc_a b", "read:doc_c d", "read:doc_a\"b", "read:doc_a,b"}) {
      const Result<Decision> odd = decide(rules, "ann", {}, scope);
      ASSERT_FALSE(odd.has_value()) << scope;
      EXPECT_EQ(odd.error().code, ErrorCode::kBadScope);
      EXPECT_FALSE(decide("allow read:doc_good\n" + more, "ann", {}, scope).has_value()) << scope;
    }
    const Result<Decision> set = decide(rules, "ann", {}, "read:doc_1*");
    ASSERT_TRUE(set.has_value());
    EXPECT_FALSE(set->allowed());
    const Result<Decision> good = decide(rules, "ann", {}, "read:doc_good");
    ASSERT_TRUE(good.has_value());
    EXPECT_TRUE(good->allowed());
  }
}

// With so few lines every scope leads to one of them; only the one that asks for just that id is answered by it.
TEST(Usual, ALineAnswersNoScopeButItsOwn) {
  const PolicyText file{"p.writ",
                        "entity user\nentity agent\nentity doc\nentity dog\nentity a_very_long_type\n"
                        "actions read, list, contents_by_name_read for doc\nactions read for dog\n"
                        "allow read:doc_12\nallow contents_by_name_read:doc_12\n"};
  const PolicyText usual{"p.writ",
                         "entity user\nentity agent\nentity doc\nentity dog\n"
                         "actions read, list, contents_by_name_read for doc\nactions read for dog\n"
                         "allow read:doc_12\nallow contents_by_name_read:doc_12\n"};
  EXPECT_FALSE(compile_texts({&file, 1}).policy.has_value());  // types have no `_`, which is what tells an id apart
  const Compilation compiled = compile_texts({&usual, 1});
  ASSERT_TRUE(compiled.policy.has_value()) << render(compiled.diagnostics);
  const EntityRecord records[] = {{{"user", "ann"}, {}, {}}};
  const Engine engine(*compiled.policy, *Entities::from_records(*compiled.policy, records));
  const auto answer = [&](std::string_view scope) {
    Request request;
    request.user = "ann";
    request.scope = scope;
    const Result<Decision> decision = engine.decide(request);
    return !decision ? code_name(decision.error().code) : (decision->allowed() ? "allow" : "deny");
  };
  EXPECT_EQ(answer("read:doc_12"), "allow");
  EXPECT_EQ(answer("contents_by_name_read:doc_12"), "allow");
  EXPECT_EQ(answer("contents_by_name_reap:doc_12"), "unknown_action");
  EXPECT_EQ(answer("doc_12.read"), "allow");
  for (const char* scope : {"list:doc_12", "read:dog_12", "read:doc_13", "read:doc_1", "read:doc_2", "read:doc_122",
                            "read:doc_12/", "read:doc_1*", "read:doc_12*", "read:doc_*", "read:doc"}) {
    EXPECT_EQ(answer(scope), "deny") << scope;
  }
  EXPECT_EQ(answer("reap:doc_12"), "unknown_action");
  EXPECT_EQ(answer("read:dot_12"), "unknown_type");
  for (const char* scope : {"read:doc-12", "read:doc.12", "read.doc_12", "read_doc_12", "read:doc_", "12", ""}) {
    const std::string_view code = answer(scope);
    EXPECT_TRUE(code != "allow" && code != "deny") << scope << ": " << code;
  }
}

}  // namespace
}  // namespace writ
