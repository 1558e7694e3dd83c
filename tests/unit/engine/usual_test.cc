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

}  // namespace
}  // namespace writ
