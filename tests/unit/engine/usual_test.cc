// What a host hands over is checked before it is decided, also where the usual way is short.
#include <gtest/gtest.h>

#include <string>

#include "writ/engine.h"

namespace writ {
namespace {

Result<Decision> decide(const std::string& rules, std::string_view user, std::string_view agent = {}) {
  const PolicyText file{"p.writ", "entity user\nentity agent\nentity doc\nactions read for doc\n" + rules};
  const Compilation compiled = compile_texts({&file, 1});
  EXPECT_TRUE(compiled.policy.has_value()) << render(compiled.diagnostics);
  const EntityRecord records[] = {{{"user", "ann"}, {}, {}}, {{"agent", "x"}, {}, {}}};
  const Result<Entities> entities = Entities::from_records(*compiled.policy, records);
  EXPECT_TRUE(entities.has_value());
  const Engine engine(*compiled.policy, *entities);
  Request request;
  request.user = user;
  request.scope = "read:doc_1";
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

}  // namespace
}  // namespace writ
