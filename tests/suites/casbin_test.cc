// Casbin's enforcement tests. Each of its tests names the policy that says the same; a mapping turns its rows of role
// edges into data and its request, a row of fields, into a request.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "src/json/reader.h"
#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

using Row = std::vector<std::string>;  // "p" or "g", and its fields

std::vector<Row> rules_of(const json::Node& phase) {
  std::vector<Row> rows;
  for (const json::Node& rule : at(phase, "rules")) {
    Row& row = rows.emplace_back();
    for (const json::Node& field : rule)
      row.push_back(text_of(field));
  }
  return rows;
}

// ------------------------------------------------------------------------------------------ data

using Data = std::function<Json(const std::vector<Row>&)>;

Json no_data(const std::vector<Row>&) {
  return "[]";
}

struct Sketch {
  std::vector<std::string> parents;
  std::map<std::string, std::vector<Json>> sets;
  Object plain;
};

class Sketches {
 public:
  Sketch& at(const std::string& type, const std::string& id) { return sketches_[{type, id}]; }
  Json done() {
    std::vector<Json> out;
    for (auto& [name, sketch] : sketches_) {
      for (const auto& [attribute, values] : sketch.sets)
        sketch.plain.add(attribute, array_of(values));
      out.push_back(entity(name.first, name.second, sketch.plain, sketch.parents));
    }
    return array_of(out);
  }

 private:
  std::map<std::pair<std::string, std::string>, Sketch> sketches_;
};

// g: user, role. g2: thing, group of things. The people who are asked about are there, with a role or without.
Json roles(const std::vector<Row>& rules) {
  Sketches out;
  out.at("user", "alice");
  out.at("user", "bob");
  for (const Row& rule : rules) {
    if (rule[0] == "g") {
      out.at("role", rule[2]);
      out.at("user", rule[1]).parents.push_back("role:" + rule[2]);
    } else if (rule[0] == "g2") {
      out.at("datagroup", rule[2]);
      out.at("data", rule[1]).parents.push_back("datagroup:" + rule[2]);
    }
  }
  return out.done();
}

// p: role, domain, thing, action. g: user, role, domain.
Json domain_roles(const std::vector<Row>& rules) {
  Sketches out;
  std::map<std::string, std::string> domains;
  for (const Row& rule : rules) {
    const std::string& domain = rule[0] == "p" ? rule[2] : rule[3];
    const std::string role = domain + '/' + (rule[0] == "p" ? rule[1] : rule[2]);
    domains[role] = domain;
    if (rule[0] == "p") {
      out.at("role", role).sets["permissions"].push_back(in_quotes(rule[4] + ":data_" + rule[3]));
    } else {
      out.at("user", rule[1]).parents.push_back("role:" + role);
    }
  }
  for (const auto& [role, domain] : domains)
    out.at("role", role).plain.text("domain", domain);
  return out.done();
}

// "2999-12-30 00:00:00" to RFC 3339; the calendar begins with the year 1.
std::string instant(const std::string& text) {
  const std::string year = text.substr(0, 4) == "0000" ? "0001" : text.substr(0, 4);
  return year + text.substr(4, 6) + 'T' + text.substr(11) + 'Z';
}

// g: user, role, domain, from, until. g2: thing, domain.
Json timed_roles(const std::vector<Row>& rules) {
  Sketches out;
  for (const Row& rule : rules) {
    if (rule[0] == "g") {
      Object role;
      role.text("role", rule[2]).text("in", "domain:" + rule[3]);
      if (rule[4] != "_") role.text("from", instant(rule[4]));
      if (rule[5] != "_") role.text("until", instant(rule[5]));
      out.at("domain", rule[3]);
      out.at("user", rule[1]).sets["roles"].push_back(role.done());
    } else if (rule[0] == "g2") {
      out.at("domain", rule[2]);
      out.at("data", rule[1]).parents.push_back("domain:" + rule[2]);
    }
  }
  return out.done();
}

Json timed_domain_roles(const std::vector<Row>& rules) {
  Sketches out;
  for (const Row& rule : rules) {
    if (rule[0] != "g") continue;
    Object role;
    role.text("role", rule[2]).text("domain", rule[3]);
    if (rule[5] != "_") role.text("until", instant(rule[5]));
    out.at("user", rule[1]).sets["roles"].push_back(role.done());
  }
  return out.done();
}

// p: user, action.
Json permissions(const std::vector<Row>& rules) {
  Sketches out;
  for (const Row& rule : rules)
    out.at("user", rule[1]).sets["permissions"].push_back(in_quotes(rule[2] + ":thing"));
  return out.done();
}

// g: user, document, relation.
Json relations(const std::vector<Row>& rules) {
  Sketches out;
  for (const Row& rule : rules) {
    if (rule[0] == "g") out.at("doc", rule[2]).sets[rule[3] + 's'].push_back(in_quotes("user:" + rule[1]));
  }
  return out.done();
}

// g: user, role, organisation. g3: thing, view, organisation.
Json organisations(const std::vector<Row>& rules) {
  Sketches out;
  for (const Row& rule : rules) {
    if (rule[0] == "g") {
      out.at("org", rule[3]).sets[rule[2] + 's'].push_back(in_quotes("user:" + rule[1]));
    } else if (rule[0] == "g3") {
      Sketch& data = out.at("data", rule[1]);
      data.parents.push_back("org:" + rule[3]);
      data.plain.text("view", rule[2]);
    }
  }
  return out.done();
}

// g: user, can_manage, engine.
Json engines(const std::vector<Row>& rules) {
  Sketches out;
  for (const Row& rule : rules) {
    if (rule[0] == "g" && rule[3] != "*") {
      out.at("engine", rule[3]).sets["managers"].push_back(in_quotes("user:" + rule[1]));
    }
  }
  return out.done();
}

// ------------------------------------------------------------------------------------------ requests

using Ask = std::function<Json(const json::Node&)>;

struct Request {
  std::string user = "someone";
  std::string action = {};
  std::string type = "data";
  std::string id = {};
  Object user_attributes = {};
  Object attributes = {};
  Object context = {};

  Json done() const {
    Object who;
    who.text("type", "user").text("id", user);
    if (!user_attributes.empty()) who.add("attributes", user_attributes.done());
    Object what;
    what.text("type", type);
    if (!id.empty()) what.text("id", id);
    if (!attributes.empty()) what.add("attributes", attributes.done());
    Object out;
    out.add("user", who.done()).text("action", action).add("resource", what.done());
    if (!context.empty()) out.add("context", context.done());
    out.text("time", "2026-03-02T09:00:00Z");
    return out.done();
  }
};

std::string field(const json::Node& row, std::size_t place) {
  return std::string(element(row, place).text());
}

Json sub_obj_act(const json::Node& row) {
  return Request{.user = field(row, 0), .action = field(row, 2), .id = field(row, 1)}.done();
}

Json doc_of_type(const json::Node& row) {
  return Request{.user = field(row, 0), .action = field(row, 2), .type = "doc", .id = field(row, 1)}.done();
}

Json obj_act(const json::Node& row) {
  return Request{.action = field(row, 1), .id = field(row, 0)}.done();
}

Json sub_act(const json::Node& row) {
  return Request{.user = field(row, 0), .action = field(row, 1), .type = "thing"}.done();
}

Json sub_dom_obj_act(const json::Node& row) {
  Request request{.user = field(row, 0), .action = field(row, 3), .id = field(row, 2)};
  request.context.text("dom", field(row, 1));
  return request.done();
}

Json sub_org_obj_act(const json::Node& row) {
  Request request{.user = field(row, 0), .action = field(row, 3), .id = field(row, 2)};
  request.context.text("at", "org:" + field(row, 1));
  return request.done();
}

Json engine_request(const json::Node& row) {
  return Request{.user = field(row, 0), .action = field(row, 3), .type = "engine", .id = field(row, 1)}.done();
}

Json endpoint_request(const json::Node& row) {
  Request request{.user = field(row, 0), .action = "call", .type = "endpoint", .id = field(row, 3)};
  request.attributes.text("service", field(row, 2));
  request.context.text("dom", field(row, 1));
  return request.done();
}

Json address_obj_act(const json::Node& row) {
  Request request{.action = field(row, 2), .id = field(row, 1)};
  request.context.text("address", field(row, 0));
  return request.done();
}

Json levels(const json::Node& row) {
  Request request{.user = field(row, 0), .action = field(row, 4), .id = field(row, 2)};
  request.user_attributes.add("level", field(row, 1));
  request.attributes.add("level", field(row, 3));
  return request.done();
}

Json two_levels(const json::Node& row) {
  Request request{.user = field(row, 0), .action = field(row, 6), .id = field(row, 3)};
  request.user_attributes.add("confidentiality", field(row, 1)).add("integrity", field(row, 2));
  request.attributes.add("confidentiality", field(row, 4)).add("integrity", field(row, 5));
  return request.done();
}

// An object with attributes is an object of JSON, or one that stands in a string.
Object fields_of(const json::Node& node, const std::string& person = {}) {
  Object out;
  const auto take = [&](const json::Node& object) {
    for (const json::Node& member : object) {
      if (member.key() == "Name") continue;
      out.add(member.key(), member.key() == person ? in_quotes("user:" + text_of(member)) : written(member));
    }
  };
  if (node.is_object()) {
    take(node);
  } else {
    json::Document inner;
    if (json::read(node.text(), inner)) take(inner.root());
  }
  return out;
}

Json owned(const json::Node& row) {
  Request request{.user = field(row, 0), .action = field(row, 2), .id = "thing"};
  request.attributes = fields_of(element(row, 1), "Owner");
  return request.done();
}

Json aged(const json::Node& row) {
  Request request{.action = field(row, 2), .id = field(row, 1)};
  request.user_attributes = fields_of(element(row, 0));
  return request.done();
}

Json both_sides(const json::Node& row) {
  Request request{.action = field(row, 2), .id = "thing"};
  request.user_attributes = fields_of(element(row, 0));
  request.attributes = fields_of(element(row, 1));
  return request.done();
}

// ------------------------------------------------------------------------------------------ who says what

struct Plan {
  const char* policy;
  Ask ask = sub_obj_act;
  Data data = no_data;
};

// By test, a plan for each phase; the last one stands for those after it.
const std::map<std::string, std::vector<Plan>>& plans() {
  static const std::map<std::string, std::vector<Plan>> all = {
      {"abac_test/TestABACJsonRequest", {{"abac", owned}, {"abac", owned}, {"abac_rule", aged}}},
      {"abac_test/TestABACNotUsingPolicy", {{"abac", owned}}},
      {"biba_test/TestBibaModel", {{"biba", levels}}},
      {"enforcer_test/TestEnableEnforce", {{"enforce_off"}, {"basic"}}},
      {"enforcer_test/TestEvalPriority", {{"eval_operator"}}},
      {"enforcer_test/TestKeyMatchWithRBACInDomain", {{"keymatch_domain", engine_request, engines}}},
      {"enforcer_test/TestMatcherUsingInOperator", {{"in_operator"}}},
      {"lbac_test/TestLBACModel", {{"lbac", two_levels}}},
      {"model_test/TestAllMatchModel", {{"all_pattern", sub_dom_obj_act}}},
      {"model_test/TestBasicModelNoPolicy", {{"empty"}}},
      {"model_test/TestBasicModelWithRootNoPolicy", {{"root"}}},
      {"model_test/TestBasicModelWithoutUsers", {{"without_users", obj_act}}},
      {"model_test/TestGlobMatchModel", {{"glob"}}},
      {"model_test/TestIPMatchModel", {{"ip", address_obj_act}}},
      {"model_test/TestKeyMatchModel", {{"keymatch"}}},
      {"model_test/TestPriorityModelIndeterminate", {{"empty"}}},
      {"model_test/TestRBACModel", {{"rbac", sub_obj_act, roles}}},
      {"model_test/TestRBACModelWithCustomData", {{"rbac", sub_obj_act, roles}}},
      {"model_test/TestRBACModelWithDeny", {{"rbac_deny", sub_obj_act, roles}}},
      {"model_test/TestRBACModelWithDifferentTypesOfRoles", {{"time_bound_roles", sub_obj_act, timed_roles}}},
      {"model_test/TestRBACModelWithDomainTokenRename", {{"domain_pattern", sub_dom_obj_act}}},
      {"model_test/TestRBACModelWithDomainsAtRuntime", {{"domains", sub_dom_obj_act, domain_roles}}},
      {"model_test/TestRBACModelWithResourceRoles", {{"resource_roles", sub_obj_act, roles}}},
      {"model_test/TestReBACModel", {{"rebac", doc_of_type, relations}}},
      {"orbac_test/TestOrBACModel", {{"orbac", sub_org_obj_act, organisations}}},
      {"pbac_test/TestPBACModel", {{"pbac", both_sides}}},
      {"rbac_api_test/TestConditional", {{"conditional_domains", endpoint_request, timed_domain_roles}}},
      {"rbac_api_test/TestPermissionAPI", {{"permissions", sub_act, permissions}}}};
  return all;
}

TEST(Casbin, Enforce) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("casbin/enforce_dev.json");
  Suite suite("casbin/enforce_dev");
  for (const json::Node& test : at(shared.root(), "tests")) {
    const std::string id = text_at(test, "id");
    ASSERT_TRUE(plans().contains(id)) << id;
    std::size_t phase_number = 0;
    for (const json::Node& phase : at(test, "phases")) {
      const std::vector<Plan>& of_test = plans().at(id);
      const Plan& plan = of_test[std::min(phase_number, of_test.size() - 1)];
      const Judge judge("suites/casbin/" + std::string(plan.policy) + ".writ", plan.data(rules_of(phase)));
      std::size_t number = 0;
      for (const json::Node& check : at(phase, "checks")) {
        const std::string name = id + '#' + std::to_string(phase_number) + '/' + std::to_string(number++);
        suite.check(name, at(check, "expect").boolean(), judge.ask(plan.ask(at(check, "request"))));
      }
      ++phase_number;
    }
  }
}

}  // namespace
}  // namespace writ::suites
