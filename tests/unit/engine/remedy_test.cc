// What would have made a statement come out otherwise, as explain() tells it.
#include "src/engine/remedy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

using Lines = std::vector<std::string>;

// `p` is true, `q` false, and of `r` nobody knows. How the only statement of a policy comes out for ann, who asks to
// read doc 1 through some agents.
Explanation::Step step_of(const std::string& statement, const std::vector<std::string_view>& agents = {},
                          std::string_view scope = "read:doc_1") {
  const PolicyText text{"p.writ",
                        "entity user { level: int = 0, p: bool, q: bool, r: bool }\nentity agent { level: int = 0 "
                        "}\nentity doc { owner: user }\n"
                        "actions read for doc\ndefine p = user.p\ndefine q = user.q\ndefine r = user.r\n" +
                            statement + "\n"};
  const Compilation compilation = compile_texts({&text, 1});
  EXPECT_TRUE(compilation.policy) << compilation.diagnostics;
  const Result<Entities> entities = Entities::from_json(
      *compilation.policy, R"([{"type":"user","id":"ann","attributes":{"level":3,"p":true,"q":false}},
                               {"type":"agent","id":"a"}, {"type":"agent","id":"b","attributes":{"level":2}}])");
  EXPECT_TRUE(entities) << entities.error().detail();
  Request request;
  request.user = "ann";
  request.agents = agents;
  request.scope = scope;
  const Result<Explanation> told = Engine(*compilation.policy, *entities).explain(request);
  EXPECT_TRUE(told) << told.error().detail();
  EXPECT_EQ(told->steps.size(), 1U);
  return told->steps.front();
}

TEST(Remedy, AndNeedsAllThatIsNotTrue) {
  EXPECT_EQ(step_of("allow read:doc_* if p and q and r").change, (Lines{"user.q", "user.r (user.r is missing)"}));
}

TEST(Remedy, OrNeedsTheShortest) {
  EXPECT_EQ(step_of("allow read:doc_* if (q and r) or not p").change, Lines{"not user.p"});
  EXPECT_EQ(step_of("allow read:doc_* if q or r").change, Lines{"user.q"});
}

TEST(Remedy, ARestrictionGoesAwayOnlyWhenFalse) {
  EXPECT_EQ(step_of("deny read:doc_* if p and r because \"x\"").change, Lines{"not user.p"});
  EXPECT_EQ(step_of("deny read:doc_* if p or r because \"x\"").change,
            (Lines{"not user.p", "not user.r (user.r is missing)"}));
  EXPECT_EQ(step_of("require user.level >= 5 before read:doc_* ask \"x\"").change,
            Lines{"5 <= user.level (user.level is 3)"});
}

TEST(Remedy, AnAuthorityThatHoldsSaysWhatItHangsOn) {
  EXPECT_EQ(step_of("allow read:doc_* if p").change, Lines{"not user.p"});
  EXPECT_EQ(step_of("allow read:doc_*").change, Lines());
}

TEST(Remedy, ComparisonsAreTurnedAround) {
  EXPECT_EQ(step_of("deny read:doc_* if user.level == 3 because \"x\"").change,
            Lines{"user.level != 3 (user.level is 3)"});
  EXPECT_EQ(step_of("deny read:doc_* if user.level < 4 because \"x\"").change,
            Lines{"user.level >= 4 (user.level is 3)"});
}

TEST(Remedy, WhatIsMissingIsNamed) {
  EXPECT_EQ(step_of("allow read:doc_* if doc.owner == user").change, Lines{"doc.owner == user (doc.owner is missing)"});
}

TEST(Remedy, TheBestAgentCounts) {
  EXPECT_EQ(step_of("trust any agent with read:doc_* if agent.level >= 2 and q", {"a", "b"}).change, Lines{"user.q"});
}

TEST(Remedy, NothingMakesANarrowPatternSpeakOfMore) {
  const Explanation::Step step = step_of("allow read:doc_1", {}, "read:doc_*");
  EXPECT_EQ(step.outcome, "unknown");
  EXPECT_EQ(step.change, Lines());
  EXPECT_EQ(step.facts, Lines{"it names only a part of what is asked for"});
}

}  // namespace
}  // namespace writ
