// ToolHive's MCP cases: claims and tool arguments as context, and what a list may show.
#include <gtest/gtest.h>

#include <map>

#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

// MCP's `resource` is a word of the language.
std::string type_name(const std::string& type) {
  return type == "resource" ? "resourcefile" : type;
}

const std::map<std::string, std::string>& policies() {
  static const std::map<std::string, std::string> by_case = {{"th00", "claim_name"},
                                                             {"th01", "claim_name"},
                                                             {"th02", "admin"},
                                                             {"th03", "arguments"},
                                                             {"th04", "groups"},
                                                             {"th05", "resource_name"},
                                                             {"th06", "resource_uri"},
                                                             {"th07", "resource_name_uri"},
                                                             {"th08", "prompt"},
                                                             {"th09", "lists"},
                                                             {"th10", "lists"},
                                                             {"th11", "lists"},
                                                             {"th12", "delegated"},
                                                             {"th13", "delegated"},
                                                             {"th14", "forbid_delegated"},
                                                             {"th15", "forbid_delegated"},
                                                             {"th16", "has_act"}};
  return by_case;
}

Json request_of(const json::Node& one) {
  const json::Node claims = at(one, "jwt_claims");
  const json::Node resource = at(one, "resource");
  const std::string id = text_at(resource, "id");
  Object named;
  named.text("type", type_name(text_at(resource, "type")));
  if (!id.empty()) named.text("id", id);
  // ToolHive gives a resource these two itself.
  if (text_at(resource, "type") == "resource" && !id.empty()) {
    named.add("attributes", Object().text("name", id).text("uri", id).done());
  }
  Object context;
  for (const json::Node& claim : claims)
    context.add("claim_" + std::string(claim.key()), written(claim));
  if (at(one, "arguments").is_object()) {
    for (const json::Node& argument : at(one, "arguments")) {
      context.add("arg_" + std::string(argument.key()), written(argument));
    }
  }
  Object request;
  request.text("user", "user:" + text_at(claims, "sub")).text("action", text_at(one, "action"));
  request.add("resource", named.done()).add("context", context.done());
  return request.done();
}

TEST(Toolhive, ToolCalls) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("agent/toolhive_mcp.json");
  Suite suite("agent/toolhive_mcp");
  for (const json::Node& one : at(shared.root(), "cases")) {
    const std::string id = text_at(one, "id");
    const Judge judge("suites/agent/" + policies().at(id) + ".writ");
    suite.check(id, text_at(one, "expect") == "allow", judge.ask(request_of(one)));
  }
}

TEST(Toolhive, Lists) {
  WRIT_NEEDS_SUITES();
  const std::map<std::string, std::pair<std::string, std::string>> lists = {
      {"ToolsList", {"call_tool", "tool"}},
      {"PromptsList", {"get_prompt", "prompt"}},
      {"ResourcesList", {"read_resource", "resourcefile"}}};
  const SharedFile shared("agent/toolhive_mcp.json");
  Suite suite("agent/toolhive_mcp");
  for (const json::Node& one : at(at(shared.root(), "list_filtering"), "cases")) {
    const std::string role = text_at(one, "role");
    const auto& [action, type] = lists.at(text_at(one, "list"));
    const Judge judge("suites/agent/list_filtering.writ", array_of({entity("user", "reader", {}, {"role:" + role})}));
    for (const json::Node& item : at(one, "items")) {
      bool visible = false;
      for (const json::Node& shown : at(one, "expect_visible"))
        visible = visible || shown.text() == item.text();
      Object request;
      request.text("user", "user:reader").text("action", action);
      request.add("resource", Object().text("type", type).text("id", text_of(item)).done());
      suite.check(text_at(one, "list") + '/' + role + '/' + text_of(item), visible, judge.ask(request.done()));
    }
  }
}

// The cases of delegation once more, with the acting party as the chain of agents and not as a claim.
TEST(Toolhive, ActAsChain) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("agent/toolhive_mcp.json");
  const Judge judge("suites/agent/act_as_chain.writ");
  Suite suite("agent/toolhive_mcp, act as chain");
  for (const json::Node& one : at(shared.root(), "cases")) {
    const std::string id = text_at(one, "id");
    if (id < "th12" || id > "th15") continue;
    const json::Node claims = at(one, "jwt_claims");
    Object request;
    request.text("user", "user:" + text_at(claims, "sub")).text("action", "call_tool");
    if (has(claims, "act")) request.add("agents", texts({"agent:" + text_at(at(claims, "act"), "sub")}));
    request.add("resource", Object().text("type", "tool").text("id", text_at(at(one, "resource"), "id")).done());
    suite.check(id, text_at(one, "expect") == "allow", judge.ask(request.done()));
  }
}

}  // namespace
}  // namespace writ::suites
