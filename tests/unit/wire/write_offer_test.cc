// The members of an offer and their order are a contract: each line here is one of the interface.
#include "src/wire/write_offer.h"

#include <gtest/gtest.h>

namespace writ::wire {
namespace {

Offer offer() {
  Offer made;
  made.granted.push_back({"read:invoice_1*", "read:invoice_*", false, {}});
  made.terms.lifetime = 60;
  made.step_up.push_back({"void:invoice_7", "void:invoice_*", {"acr:mfa"}, {"p.writ:3"}, {"context.mfa"}});
  made.refused.push_back({"write:invoice_7", {"closed"}, {"read:invoice_7"}, {"p.writ:4"}, {}, "policy", false, true});
  return made;
}

TEST(WriteOffer, InFull) {
  EXPECT_EQ(write_offer(offer()),
            R"({"granted":[{"scope":"read:invoice_1*","asked":"read:invoice_*"}],"lifetime":60,"once":false,)"
            R"("step_up":[{"scope":"void:invoice_7","asked":"void:invoice_*","ask":["acr:mfa"],"rules":["p.writ:3"],)"
            R"("missing":["context.mfa"]}],)"
            R"("refused":[{"scope":"write:invoice_7","because":["closed"],"instead":["read:invoice_7"],)"
            R"("rules":["p.writ:4"],"link":"policy"}]})");
}

TEST(WriteOffer, ForTheClient) {
  EXPECT_EQ(write_public_offer(offer()),
            R"({"granted":[{"scope":"read:invoice_1*","asked":"read:invoice_*"}],"lifetime":60,"once":false,)"
            R"("step_up":[{"scope":"void:invoice_7","asked":"void:invoice_*","ask":["acr:mfa"]}],)"
            R"("refused":[{"scope":"write:invoice_7","because":["closed"],"instead":["read:invoice_7"]}]})");
  Offer made = offer();
  made.refused.front().public_reason = false;
  made.refused.front().missing = {"context.mfa"};
  EXPECT_EQ(write_public_offer(made),
            R"({"granted":[{"scope":"read:invoice_1*","asked":"read:invoice_*"}],"lifetime":60,"once":false,)"
            R"("step_up":[{"scope":"void:invoice_7","asked":"void:invoice_*","ask":["acr:mfa"]}],)"
            R"("refused":[{"scope":"write:invoice_7","error":"not_allowed"}]})");
}

TEST(WriteOffer, Demands) {
  Offer made;
  made.granted.push_back({"drive", "drive", true, {}});
  made.terms.lifetime = 30;
  made.terms.once = true;
  made.terms.proof_dpop = true;
  made.terms.ceiling = true;
  made.terms.valid_until = Time{1772470800000000};
  made.audience = {"https://a.example"};
  made.notify = {"desk"};
  EXPECT_EQ(write_offer(made),
            R"({"granted":[{"scope":"drive","asked":"drive","ceiling":true}],"lifetime":30,"once":true,)"
            R"("valid_until":"2026-03-02T17:00:00Z","audience":["https://a.example"],"proof":"dpop","notify":["desk"],)"
            R"("step_up":[],"refused":[]})");
}

TEST(WriteOffer, Nothing) {
  Offer made;
  made.terms.cut = true;
  made.refused.push_back({"read:invoice_*", {"more"}, {}, {}, {}, "", true, true});
  EXPECT_EQ(write_offer(made),
            R"({"granted":[],"step_up":[],"refused":[{"scope":"read:invoice_*","because":["more"],"too_many":true,)"
            R"("rules":[]}],"cut":true})");
}

TEST(WriteOffer, Lists) {
  EXPECT_EQ(write_page({{"1", "2 b"}, false, "2 b"}, "invoice"),
            R"({"resources":["invoice:1","invoice:2 b"],"more":true,"next":"2 b"})");
  EXPECT_EQ(write_page({{""}, true, ""}, "profile"), R"({"resources":["profile"],"every":true})");
  EXPECT_EQ(write_actions({"read", "write"}), R"({"actions":["read","write"]})");
}

}  // namespace
}  // namespace writ::wire
