// The three mistakes that make a deny vanish elsewhere: policies/vanishing/README.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/suites/suite.h"
#include "tests/support/paths.h"

namespace writ::suites {
namespace {

using testing::HasSubstr;

const Json kData = R"([{"type":"user","id":"mia","parents":["role:managers"]},
                       {"type":"invoice","id":"7","attributes":{"amount":"120.00"}}])";

Said pay(const Json& context_member) {
  const Judge judge("vanishing", kData);
  return judge.ask(R"({"user":"user:mia","scope":"pay:invoice_7")" + context_member + "}");
}

TEST(VanishingDeny, BitesAndOnlyThere) {
  EXPECT_EQ(pay(R"(,"context":{"labels":["label:untrusted"]})").answer, Answer::kDeny);
  EXPECT_EQ(pay(R"(,"context":{"labels":["label:personal"]})").answer, Answer::kAllow);
  EXPECT_EQ(pay(R"(,"context":{"labels":[]})").answer, Answer::kAllow);
}

TEST(VanishingDeny, FieldLeftOut) {
  EXPECT_EQ(pay("").answer, Answer::kDeny);
  EXPECT_EQ(pay(R"(,"context":{})").answer, Answer::kDeny);
}

TEST(VanishingDeny, WrongType) {
  // A text in place of the list, which a substring test would let pass; a list of texts; a number; nothing; no such
  // label.
  for (const char* labels : {R"("label:untrusted")", R"("untrusted")", R"(["untrusted"])", "7", "null", "{}", "true",
                             R"(["label:untrustd"])", R"(["role:clerks"])", R"([["label:untrusted"]])"}) {
    const Said said = pay(R"(,"context":{"labels":)" + std::string(labels) + "}");
    EXPECT_EQ(said.answer, Answer::kError) << labels;
  }
}

TEST(VanishingDeny, MisspeltByTheCaller) {
  for (const char* member :
       {R"(,"context":{"lables":["label:untrusted"]})", R"(,"Context":{"labels":[]})", R"(,"context":{"Labels":[]})",
        R"(,"context":{"labels":[],"labels":["label:untrusted"]})"}) {
    EXPECT_EQ(pay(member).answer, Answer::kError) << member;
  }
}

// The diagnostics of the policy with `right` spelt `wrong` in its deny.
std::string misspelt(const std::string& right, const std::string& wrong) {
  std::string text = read_text(test::source_folder() + "/policies/vanishing/vanishing.writ");
  const std::size_t rule = text.find("deny {write,pay,send}");
  const std::size_t place = text.find(right, rule);
  text.replace(place, right.size(), wrong);
  const Compilation compilation = compile_texts(std::vector<PolicyText>{{"vanishing.writ", text}});
  EXPECT_FALSE(compilation.policy.has_value()) << wrong;
  return render(compilation.diagnostics);
}

TEST(VanishingDeny, MisspeltInThePolicy) {
  EXPECT_THAT(misspelt("labels", "lables"), HasSubstr("did you mean `labels`?"));
  EXPECT_THAT(misspelt("label:untrusted", "label:untrustd"), HasSubstr("did you mean `untrusted`?"));
  EXPECT_THAT(misspelt("label:untrusted", "lable:untrusted"), HasSubstr("did you mean `label`?"));
  EXPECT_THAT(misspelt("pay", "pey"), HasSubstr("did you mean `pay`?"));
  EXPECT_THAT(misspelt("labels contains", "labels contians"), HasSubstr("error[syntax]"));
  // A text is no label, and a condition that can never be true does not compile either.
  EXPECT_THAT(misspelt("label:untrusted", "\"untrusted\""), HasSubstr("error["));
}

}  // namespace
}  // namespace writ::suites
