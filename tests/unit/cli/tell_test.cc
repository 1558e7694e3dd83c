#include "src/cli/tell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "writ/engine.h"

namespace writ::cli {
namespace {

constexpr std::string_view kPolicy = R"(entity user { level: int = 0 }
entity agent
entity doc { owner: user, secret: bool = false }
actions read, write for doc
context { tainted: bool, mfa: bool }
allow read:doc_* if doc.owner == user
@seniors
allow {read,write}:doc_* if user.level >= 5 and not doc.secret
deny write:doc_* if tainted because "tainted"
require mfa before write:doc_* ask "acr:mfa"
trust agent:claude with read:*
)";

constexpr std::string_view kData = R"([
{"type":"user","id":"ann","attributes":{"level":3}},
{"type":"user","id":"bob","attributes":{"level":7}},
{"type":"doc","id":"1","attributes":{"owner":"user:bob"}}])";

struct Asked {
  std::string user;
  std::vector<std::string_view> agents;
  std::string scope;
  bool tainted = false;
};

std::string told(const Asked& asked, bool colours = false, std::size_t width = 100) {
  const PolicyText text{"doc.writ", std::string(kPolicy)};
  const Compilation compilation = compile_texts({&text, 1});
  EXPECT_TRUE(compilation.policy) << compilation.diagnostics;
  const Result<Entities> entities = Entities::from_json(*compilation.policy, kData);
  EXPECT_TRUE(entities) << entities.error().detail();
  const Engine engine(*compilation.policy, *entities);
  Facts facts(*compilation.policy);
  EXPECT_TRUE(facts.set_context("tainted", Value::boolean(asked.tainted)));
  Request request;
  request.user = asked.user;
  request.agents = asked.agents;
  request.scope = asked.scope;
  request.facts = &facts;
  const Result<Explanation> explanation = engine.explain(request);
  EXPECT_TRUE(explanation) << explanation.error().detail();
  return tell(*explanation, colours, width);
}

TEST(Tell, SaysTheVerdictFirst) {
  EXPECT_TRUE(
      told({"bob", {}, "read:doc_1"}).starts_with("allow  read:doc_1\n  for         10m\n  decided by  doc.writ:6\n"))
      << told({"bob", {}, "read:doc_1"});
  EXPECT_TRUE(told({"ann", {}, "read:doc_1"})
                  .starts_with("deny  read:doc_1\n  because     nothing allows it\n"
                               "  refused by  no `allow` applies to the user\n"));
  EXPECT_TRUE(told({"bob", {}, "write:doc_1"}).starts_with("step up  write:doc_1\n  ask for     acr:mfa\n"));
}

TEST(Tell, SaysWhatWouldHaveMadeAStatementApply) {
  const std::string text = told({"ann", {}, "read:doc_1"});
  EXPECT_NE(text.find("\nCame near\n"), std::string::npos) << text;
  EXPECT_NE(text.find("it would apply if doc.owner == user (doc.owner is user:bob)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("it would apply if 5 <= user.level (user.level is 3)\n"), std::string::npos) << text;
}

TEST(Tell, SaysWhatStandsInTheWay) {
  const std::string text = told({"bob", {}, "write:doc_1", true});
  EXPECT_NE(text.find("because     tainted\n"), std::string::npos) << text;
  EXPECT_NE(text.find("it would not apply if not tainted\n"), std::string::npos) << text;
  EXPECT_NE(text.find("missing"), std::string::npos) << text;  // of `mfa` nobody knows
}

TEST(Tell, SaysWhichAgentIsNotTrusted) {
  const std::string text = told({"bob", {"agent:spy"}, "read:doc_1"});
  EXPECT_NE(text.find("refused by  no `trust` applies to agent:spy\n"), std::string::npos) << text;
  EXPECT_NE(text.find("it would apply if agent == agent:claude (agent is agent:spy)\n"), std::string::npos) << text;
}

TEST(Tell, KeepsToTheWidth) {
  const std::string text = told({"ann", {"agent:spy"}, "write:doc_1", true}, false, 50);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 50U) << line;
  EXPECT_EQ(text.find(" \n"), std::string::npos) << text;
}

TEST(Tell, HasColoursOnlyWhereAsked) {
  EXPECT_EQ(told({"bob", {}, "read:doc_1"}).find('\x1b'), std::string::npos);
  EXPECT_TRUE(told({"bob", {}, "read:doc_1"}, true).starts_with("\x1b[32mallow\x1b[0m"));
}

}  // namespace
}  // namespace writ::cli
