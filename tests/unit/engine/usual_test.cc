// What a host hands over is checked before it is decided, also where the usual way is short.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "src/policy/program.h"
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

// A policy of one line, to which about every second scope leads.
class OneLine {
 public:
  explicit OneLine(const std::string& rule) {
    const PolicyText file{"p.writ",
                          "entity user\nentity agent\nentity doc\nentity dog\n"
                          "actions read, list, contents_by_name_read for doc\nactions read for dog\n" +
                              rule};
    Compilation compiled = compile_texts({&file, 1});
    EXPECT_TRUE(compiled.policy.has_value()) << render(compiled.diagnostics);
    policy_ = std::move(compiled.policy);
    const EntityRecord records[] = {{{"user", "ann"}, {}, {}}};
    engine_ = std::make_unique<Engine>(*policy_, *Entities::from_records(*policy_, records));
  }
  bool leads_to_it(std::string_view scope) const {
    const policy::Program& program = policy_->program();
    const policy::ScopeSeeds seeds(program.header().seed);
    return program.place_of(policy::hash_scope(policy::scope_words(scope), scope.size(), seeds)).pair == 0;
  }
  std::string answer(std::string_view scope) const {
    Request request;
    request.user = "ann";
    request.scope = scope;
    const Result<Decision> decision = engine_->decide(request);
    if (!decision) return std::string(code_name(decision.error().code));
    return decision->allowed() ? "allow" : "deny";
  }

 private:
  std::optional<Policy> policy_;
  std::unique_ptr<Engine> engine_;
};

TEST(Usual, ALineAnswersNoScopeButItsOwn) {
  struct Near {
    const char* action;
    const char* before;  // of the id
    const char* behind;
    const char* answer;
    int met = 0;  // the line's place
  };
  Near all[] = {{"read", "list:doc_", "", "deny"},
                {"read", "read:dog_", "", "deny"},
                {"read", "read:doc_9", "", "deny"},
                {"read", "read:doc_", "9", "deny"},
                {"read", "read:doc_", "*", "deny"},
                {"read", "reap:doc_", "", "unknown_action"},
                {"read", "read:dot_", "", "unknown_type"},
                {"read", "read:doc-", "", "bad_scope"},
                {"read", "read_doc_", "", "bad_scope"},
                {"contents_by_name_read", "contents_by_name_read:doc_", "9", "deny"},
                {"contents_by_name_read", "contents_by_name_reap:doc_", "", "unknown_action"},
                {"contents_by_name_read", "contents_by_name_read:dot_", "", "unknown_type"}};
  for (Near& near : all) {
    for (int id = 10; id < 30; ++id) {
      const std::string own = std::string(near.action) + ":doc_" + std::to_string(id);
      const OneLine policy("allow " + own + "\n");
      EXPECT_EQ(policy.answer(own), "allow");
      EXPECT_TRUE(policy.leads_to_it(own));
      const std::string scope = near.before + std::to_string(id) + near.behind;
      EXPECT_EQ(policy.answer(scope), near.answer) << scope;
      near.met += policy.leads_to_it(scope) ? 1 : 0;
    }
    EXPECT_GT(near.met, 0) << near.before;
  }
}

// All that differs is a byte of the id, of which each counts.
TEST(Usual, ALineAnswersForItsWholeId) {
  int met = 0;
  for (std::size_t size = 1; size <= 24; ++size) {
    const std::string id(size, 'a');
    const OneLine policy("allow read:doc_" + id + "\n");
    EXPECT_EQ(policy.answer("read:doc_" + id), "allow") << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = "read:doc_" + id;
      other[9 + at] = 'b';
      EXPECT_EQ(policy.answer(other), "deny") << other;
      met += other.size() <= policy::kMostOfScope && policy.leads_to_it(other) ? 1 : 0;
    }
  }
  EXPECT_GT(met, 50);
}

}  // namespace
}  // namespace writ
