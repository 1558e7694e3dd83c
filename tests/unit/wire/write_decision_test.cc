// The members of an answer and their order are a contract: each line here is one of the interface.
#include "src/wire/write_decision.h"

#include <gtest/gtest.h>

#include "src/json/reader.h"

namespace writ::wire {
namespace {

Explanation allowed() {
  Explanation told;
  told.decision.verdict = Verdict::kAllow;
  told.decision.lifetime = 600;
  told.scope = "read:invoice_123";
  told.rules = {"clerks-read"};
  return told;
}

TEST(WriteDecision, Allow) {
  EXPECT_EQ(write_decision(allowed()),
            R"({"decision":"allow","scope":"read:invoice_123","lifetime":600,"once":false,"rules":["clerks-read"]})");
  EXPECT_EQ(write_public_decision(allowed()),
            R"({"decision":"allow","scope":"read:invoice_123","lifetime":600,"once":false})");
}

TEST(WriteDecision, AllowWithDemands) {
  Explanation told = allowed();
  told.decision.lifetime = 60;
  told.decision.once = true;
  told.decision.valid_until = Time{1772470800000000};
  told.audience = {"https://billing.example"};
  told.scope = "void:invoice_7";
  told.rules = {"billing.writ:21"};
  EXPECT_EQ(
      write_decision(told),
      R"({"decision":"allow","scope":"void:invoice_7","lifetime":60,"once":true,)"
      R"("valid_until":"2026-03-02T17:00:00Z","audience":["https://billing.example"],"rules":["billing.writ:21"]})");
  told.decision.proof_dpop = true;
  told.notify = {"pager"};
  EXPECT_EQ(write_decision(told),
            R"({"decision":"allow","scope":"void:invoice_7","lifetime":60,"once":true,)"
            R"("valid_until":"2026-03-02T17:00:00Z","audience":["https://billing.example"],"proof":"dpop",)"
            R"("notify":["pager"],"rules":["billing.writ:21"]})");
  EXPECT_EQ(write_public_decision(told),
            R"({"decision":"allow","scope":"void:invoice_7","lifetime":60,"once":true,)"
            R"("valid_until":"2026-03-02T17:00:00Z","audience":["https://billing.example"],"proof":"dpop"})");
}

Explanation denied() {
  Explanation told;
  told.decision.verdict = Verdict::kDeny;
  told.scope = "write:invoice_123";
  told.rules = {"billing.writ:21"};
  told.because = {"the agent has read untrusted input"};
  told.link = "policy";
  return told;
}

TEST(WriteDecision, Deny) {
  EXPECT_EQ(write_decision(denied()), R"({"decision":"deny","scope":"write:invoice_123","rules":["billing.writ:21"],)"
                                      R"("because":["the agent has read untrusted input"],"link":"policy"})");
  Explanation nothing = denied();
  nothing.scope = "read:invoice_9";
  nothing.rules.clear();
  nothing.because = {"nothing allows it"};
  nothing.missing = {"context.mfa_age"};
  nothing.link = "agent:claude";
  EXPECT_EQ(write_decision(nothing),
            R"({"decision":"deny","scope":"read:invoice_9","rules":[],"because":["nothing allows it"],)"
            R"("missing":["context.mfa_age"],"link":"agent:claude"})");
}

TEST(WriteDecision, WhatAClientIsNotTold) {
  Explanation told = denied();
  told.missing = {"invoice.amount"};
  const std::string silent = R"({"decision":"deny","scope":"write:invoice_123","error":"not_allowed"})";
  EXPECT_EQ(write_public_decision(told), silent);
  // Whatever the reasons are, the answer is the same.
  told.because = {"another"};
  told.rules = {"x"};
  told.link = "user";
  EXPECT_EQ(write_public_decision(told), silent);
  told.decision.public_reason = true;
  EXPECT_EQ(write_public_decision(told), R"({"decision":"deny","scope":"write:invoice_123","because":["another"]})");
}

TEST(WriteDecision, StepUp) {
  Explanation told;
  told.decision.verdict = Verdict::kStepUp;
  told.scope = "void:invoice_123";
  told.ask = {"acr:mfa"};
  told.rules = {"billing.writ:25"};
  EXPECT_EQ(write_decision(told),
            R"({"decision":"step_up","scope":"void:invoice_123","ask":["acr:mfa"],"rules":["billing.writ:25"]})");
  EXPECT_EQ(write_public_decision(told), R"({"decision":"step_up","scope":"void:invoice_123","ask":["acr:mfa"]})");
}

TEST(WriteDecision, WithoutAScopeThereIsNone) {
  Explanation told = allowed();
  told.scope.clear();
  EXPECT_EQ(write_decision(told), R"({"decision":"allow","lifetime":600,"once":false,"rules":["clerks-read"]})");
}

TEST(WriteDecision, TextsCannotBreakTheLine) {
  Explanation told = denied();
  told.because = {"a \"quoted\"\nline \\ \x1B[31m \xFF"};
  const std::string line = write_decision(told);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  json::Document document;
  EXPECT_TRUE(json::read(line, document));
}

TEST(WriteError, HasCodeDetailAndLine) {
  EXPECT_EQ(write_error(Error(ErrorCode::kBadScope, "`x` is no scope", 7)),
            R"({"error":{"code":"bad_scope","detail":"`x` is no scope","line":7}})");
  EXPECT_EQ(write_error(Error(ErrorCode::kMissingMember, "a \"b\"")),
            R"({"error":{"code":"missing_member","detail":"a \"b\""}})");
}

}  // namespace
}  // namespace writ::wire
