// The request says whose member the user is: whose that one is, the data says.
#include <gtest/gtest.h>

#include <string>

#include "writ/engine.h"
#include "writ/facts.h"

namespace writ {
namespace {

Policy compiled(const std::string& rules) {
  const PolicyText file{"p.writ",
                        "entity group in group\nentity user in group\nentity doc\nactions read for doc\n" + rules};
  const Compilation made = compile_texts({&file, 1});
  EXPECT_TRUE(made.policy.has_value()) << render(made.diagnostics);
  return *made.policy;
}

bool allowed(const Policy& policy, const Facts* facts) {
  const EntityName company[] = {{"group", "company"}};
  const EntityRecord records[] = {{{"group", "company"}, {}, {}}, {{"group", "team"}, company, {}}};
  const Result<Entities> entities = Entities::from_records(policy, records);
  EXPECT_TRUE(entities.has_value());
  const Engine engine(policy, *entities);
  Request request;
  request.user = "new";
  request.scope = "read:doc_1";
  request.facts = facts;
  const Result<Decision> decision = engine.decide(request);
  EXPECT_TRUE(decision.has_value());
  return decision && decision->allowed();
}

// Among few statements, and among so many that they are found by whom they name (src/engine/people_index.h).
TEST(DescribedMember, IsInTheGroupsOfItsParents) {
  std::string others;
  for (int i = 0; i < 20; ++i)
    others += "allow read:doc_* to group:other" + std::to_string(i) + "\n";
  for (const std::string& rules : {std::string(), others}) {
    for (const std::string group : {"group:team", "group:company"}) {
      const Policy policy = compiled(rules + "allow read:doc_* to " + group + "\n");
      Facts facts(policy);
      ASSERT_TRUE(facts.add_user_parent("group", "team").has_value());
      EXPECT_TRUE(allowed(policy, &facts)) << group;
      EXPECT_FALSE(allowed(policy, nullptr)) << group;
    }
  }
}

}  // namespace
}  // namespace writ
