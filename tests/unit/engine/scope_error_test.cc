// A scope that is none: decide() says what is wrong, explain() also what was probably meant.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

std::string explained(std::string_view scope) {
  const std::vector<PolicyText> texts = {
      {"world.writ", "entity invoice\nactions read, write for invoice\nallow *:invoice_* to user:alice\n"}};
  const Compilation compilation = compile_texts(texts);
  if (!compilation.policy) return render(compilation.diagnostics);
  const Engine engine(*compilation.policy, Entities::none(*compilation.policy));
  Request request;
  request.user = "user:alice";
  request.scope = scope;
  const Result<Decision> decided = engine.decide(request);
  const Result<Explanation> told = engine.explain(request);
  EXPECT_EQ(decided.has_value(), told.has_value());
  if (told) return "decided";
  EXPECT_EQ(decided.error().code, told.error().code);
  EXPECT_TRUE(told.error().detail().starts_with(decided.error().detail()));
  return std::string(told.error().detail());
}

TEST(ScopeError, SaysWhatWasMeant) {
  EXPECT_EQ(explained("read:invoice_1"), "decided");
  EXPECT_EQ(explained("raed:invoice_1"), "invoice has no action `raed`; did you mean `read:invoice_1`?");
  EXPECT_EQ(explained("read:invioce_1"), "there is no type `invioce`; did you mean `read:invoice_1`?");
  EXPECT_EQ(explained("fly:invoice_1"), "invoice has no action `fly`");
  EXPECT_EQ(explained("invoice"), "`invoice` is no scope: write `action:type_id`");
}

}  // namespace
}  // namespace writ
