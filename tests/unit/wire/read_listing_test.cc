// What is asked to be listed: nothing of it is left aside.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/wire/read_request.h"

namespace writ::wire {
namespace {

Policy policy() {
  const std::vector<PolicyText> texts = {
      {"p.writ",
       "entity invoice\nentity profile single\nactions read for invoice\nactions read for profile\n"
       "allow *\ntrust any agent with *\n"}};
  return *compile_texts(texts).policy;
}

std::string told(std::string_view json) {
  const Result<WireListing> read = read_listing(policy(), json, 3);
  if (!read) return std::string(code_name(read.error().code)) + ": " + std::string(read.error().detail());
  const WireRequest& request = read->request;
  return request.user + " " + std::to_string(request.agents.size()) + " " + request.action + " " +
         request.resource_type + ":" + request.resource_id + (read->of_actions ? " actions" : " resources");
}

TEST(ReadListing, OfResourcesOrOfActions) {
  EXPECT_EQ(told(R"({"user":"user:a","agents":["agent:b"],"action":"read","type":"invoice"})"),
            "user:a 1 read invoice: resources");
  EXPECT_EQ(told(R"({"user":"user:a","resource":"invoice:7"})"), "user:a 0  invoice:7 actions");
  EXPECT_EQ(told(R"({"user":"user:a","resource":{"type":"invoice","id":"x y"}})"), "user:a 0  invoice:x y actions");
  EXPECT_EQ(told(R"({"user":"user:a","resource":"profile"})"), "user:a 0  profile: actions");
}

TEST(ReadListing, WhatIsWrongIsNamed) {
  EXPECT_EQ(told(R"({"action":"read","type":"invoice"})"), "missing_member: a listing needs a `user`");
  EXPECT_EQ(told(R"({"user":"user:a","action":"read"})"),
            "missing_member: a listing needs an `action` and a `type`, or a `resource`");
  EXPECT_EQ(told(R"({"user":"user:a","action":"read","type":"invoice","resource":"invoice:7"})"),
            "repeated: a listing is of resources, by `action` and `type`, or of actions, by `resource`");
  EXPECT_EQ(told(R"({"user":"user:a","scopes":["read:invoice_7"]})"),
            "unknown_member: a listing has no member `scopes`: user, agents, action, type, resource, context, "
            "audience, time");
  EXPECT_EQ(told(R"({"user":"user:a","resource":"bill:7"})"), "unknown_type: there is no type `bill`");
  EXPECT_EQ(told(R"({"user":"user:a","resource":7})"),
            "wrong_type: not an object: `resource`: write {\"type\":...,\"id\":...}");
  EXPECT_EQ(told("[]"), "wrong_type: a listing is asked for by one JSON object");
}

}  // namespace
}  // namespace writ::wire
