// Cerbos's tutorials and its engine's own cases. A principal's roles are its parents, and every case has data of its
// own, because the same principal has other roles and attributes in the next.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

// `view:public` and `test` cannot name an action here.
std::string action_name(std::string name) {
  std::replace(name.begin(), name.end(), ':', '_');
  return name == "test" ? "run_test" : name;
}

std::string type_name(const std::string& kind) {
  if (kind == "missing_attr") return "thing";
  std::string name;
  for (const char c : kind) {
    if (c != '_' && c != ':') name += c;
  }
  return name;
}

// Owners are texts in Cerbos and people here.
Object attributes_of(const json::Node& side) {
  Object out;
  if (!has(side, "attr")) return out;
  for (const json::Node& member : at(side, "attr")) {
    if (member.key() == "id") continue;  // its own id, once more
    const bool person = member.key() == "owner" || member.key() == "ownerId";
    out.add(member.key(), person ? in_quotes("user:" + text_of(member)) : written(member));
  }
  return out;
}

// The roles that one role policy's role has for parents.
const std::map<std::string, std::string>& parent_roles() {
  static const std::map<std::string, std::string> parents = {{"acme_assistant", "acme_travel_agent"},
                                                             {"acme_travel_agent", "employee"},
                                                             {"acme_london_employee", "employee"},
                                                             {"20210210_admin", "admin"}};
  return parents;
}

void add_role(std::vector<Json>& out, std::map<std::string, bool>& there, const std::string& role) {
  if (there[role]) return;
  there[role] = true;
  const auto above = parent_roles().find(role);
  if (above != parent_roles().end()) add_role(out, there, above->second);
  std::vector<std::string> parents;
  if (above != parent_roles().end()) parents.push_back("role:" + above->second);
  out.push_back(entity("role", role, {}, parents));
}

// A tutorial leaves out the id where nothing asks for it.
std::string resource_id(const json::Node& resource) {
  return has(resource, "id") ? text_at(resource, "id") : "unnamed";
}

struct Case {
  Json data;
  Json resource;
  std::string user;
};

Case case_of(const json::Node& request, bool with_roles) {
  const json::Node principal = at(request, "principal");
  const json::Node resource = at(request, "resource");
  const std::string type = type_name(text_at(resource, "kind"));
  const std::string id = resource_id(resource);
  std::vector<Json> entities;
  std::vector<std::string> parents;
  std::map<std::string, bool> there;
  if (with_roles) {
    for (const json::Node& role : at(principal, "roles")) {
      add_role(entities, there, text_of(role));
      parents.push_back("role:" + text_of(role));
    }
  }
  const std::string user = text_at(principal, "id");
  entities.push_back(entity("user", user, attributes_of(principal), parents));
  if (type != "user") entities.push_back(entity(type, id, attributes_of(resource)));
  return {array_of(entities), Object().text("type", type).text("id", id).done(), "user:" + user};
}

void decide_case(Suite& suite, const std::string& policy, const json::Node& one, const Object& context,
                 bool with_roles) {
  const Case asked = case_of(at(one, "request"), with_roles);
  const Judge judge(policy, asked.data);
  for (const json::Node& expected : at(one, "expect")) {
    const std::string action(expected.key());
    Object request;
    request.text("user", asked.user).text("action", action_name(action)).add("resource", asked.resource);
    if (!context.empty()) request.add("context", context.done());
    suite.check(text_at(one, "id") + '/' + action, text_of(expected) == "ALLOW", judge.ask(request.done()));
  }
}

class CerbosTutorial : public testing::TestWithParam<const char*> {};

TEST_P(CerbosTutorial, DecidesAlike) {
  WRIT_NEEDS_SUITES();
  const std::string name = GetParam();
  const SharedFile shared("cerbos/" + name + ".json");
  Suite suite("cerbos/" + name);
  for (const json::Node& one : at(shared.root(), "cases")) {
    decide_case(suite, "suites/cerbos/" + name.substr(0, 11) + ".writ", one, {}, true);
  }
}

INSTANTIATE_TEST_SUITE_P(All, CerbosTutorial,
                         testing::Values("tutorial_05-testing-policies", "tutorial_06-adding-conditions",
                                         "tutorial_07-derived-roles"),
                         [](const auto& tested) { return std::string(tested.param).substr(0, 11); });

// Which policy a host of Writ asks is its own business; Cerbos picks one by the kind, the version and the scope.
std::string engine_policy(const json::Node& resource) {
  const std::string kind = text_at(resource, "kind");
  const std::string version = has(resource, "policyVersion") ? text_at(resource, "policyVersion") : "default";
  const std::string scope = has(resource, "scope") ? text_at(resource, "scope") : "";
  if (kind == "the:one:ring") return "the_one_ring";
  if (kind != "leave_request") return kind;
  if (version == "20210210" || version == "staging") return "leave_request_" + version;
  if (version != "default") return "";
  if (scope == "acme.hr.uk.london") return "leave_request_acme_hr_uk_london";
  return "leave_request_acme_hr_uk";  // and below it Bristol, which adds nothing
}

Object engine_context(const json::Node& request, const std::string& policy) {
  Object context;
  if (policy == "global") context.text("environment", "test");
  if (policy == "calendar_entry") {
    const json::Node resource = at(request, "resource");
    const json::Node principal = at(request, "principal");
    context.text("resource_scope", has(resource, "scope") ? text_at(resource, "scope") : "");
    context.text("principal_scope", has(principal, "scope") ? text_at(principal, "scope") : "");
  }
  return context;
}

TEST(CerbosEngine, DecidesAlike) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("cerbos/engine_dev.json");
  Suite suite("cerbos/engine_dev");
  for (const json::Node& one : at(shared.root(), "cases")) {
    const json::Node request = at(one, "request");
    const std::string policy = engine_policy(at(request, "resource"));
    if (policy.empty() || policy == "leave_request_x") {
      for (const json::Node& expected : at(one, "expect")) {
        suite.leave_out(text_at(one, "id") + '/' + std::string(expected.key()));
      }
      continue;
    }
    decide_case(suite, "suites/cerbos/" + policy + ".writ", one, engine_context(request, policy),
                policy != "the_one_ring");
  }
}

}  // namespace
}  // namespace writ::suites
