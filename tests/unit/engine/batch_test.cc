// Many requests in one call are answered as each by itself.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

Policy policy_of(const std::string& text) {
  const PolicyText file{"p.writ", text};
  Compilation compiled = compile_texts({&file, 1});
  EXPECT_TRUE(compiled.policy.has_value()) << render(compiled.diagnostics);
  return *compiled.policy;
}

const std::string kDeclared = "entity user\nentity agent\nentity doc\nactions read for doc\n";

// 100 requests: allowed ones, denied ones, chains, sets, and what is no request.
TEST(Batch, EachIsAnsweredAsByItself) {
  const Policy policy =
      policy_of(kDeclared + "allow read:doc_1\nallow read:doc_2 to user:ann\ntrust any agent with *\n");
  const EntityRecord records[] = {{{"user", "ann"}, {}, {}}, {{"user", "bob"}, {}, {}}, {{"agent", "x"}, {}, {}}};
  Result<Entities> entities = Entities::from_records(policy, records);
  ASSERT_TRUE(entities.has_value());
  const Engine engine(policy, *entities);
  const std::string_view users[] = {"ann", "user:bob", "nobody", "agent:x", ""};
  const std::string_view scopes[] = {"read:doc_1", "read:doc_2", "doc_2.read",
                                     "read:doc_*", "read:doc_3", "write:doc_1"};
  const std::string_view agents[] = {"x"};
  std::vector<Request> requests;
  for (std::size_t i = 0; i < 100; ++i) {
    Request request;
    request.user = users[i % std::size(users)];
    request.scope = scopes[i % std::size(scopes)];
    if (i % 4 == 3) request.agents = agents;
    requests.push_back(request);
  }
  std::vector<Result<Decision>> answers(requests.size(), Decision());
  engine.decide(requests, answers);
  std::size_t allowed = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Result<Decision> one = engine.decide(requests[i]);
    ASSERT_EQ(answers[i].has_value(), one.has_value()) << i;
    if (!one) {
      EXPECT_EQ(answers[i].error().detail(), one.error().detail()) << i;
      continue;
    }
    EXPECT_EQ(answers[i]->verdict, one->verdict) << i;
    EXPECT_EQ(answers[i]->refusal, one->refusal) << i;
    EXPECT_EQ(answers[i]->statement, one->statement) << i;
    allowed += one->allowed() ? 1 : 0;
  }
  EXPECT_GT(allowed, 10U);
  EXPECT_LT(allowed, 60U);
}

TEST(Batch, OfOtherDeclarationsEveryAnswerIsAnError) {
  const Policy policy = policy_of(kDeclared);
  const Policy other = policy_of("entity user\nentity agent\nentity page\nactions read for page\n");
  Result<Entities> entities = Entities::from_records(other, {});
  ASSERT_TRUE(entities.has_value());
  const Engine engine(policy, *entities);
  Request request;
  request.user = "ann";
  request.scope = "read:doc_1";
  const std::vector<Request> requests(3, request);
  std::vector<Result<Decision>> answers(requests.size(), Decision());
  engine.decide(requests, answers);
  for (const Result<Decision>& answer : answers) {
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, ErrorCode::kSchemaMismatch);
  }
}

}  // namespace
}  // namespace writ
