// OpenFGA's sample stores. What a tuple means for the data is said for each relation: a set of an entity, a parent, a
// flag. Lists are asked one resource, or one person, at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

enum class Becomes {
  kSet,      // object.attribute gets the subject
  kOne,      // object.attribute is the subject
  kFlag,     // object.attribute is true, whoever the subject
  kParent,   // the object stands in the subject
  kMember,   // the subject stands in the object
  kNothing,  // said otherwise
};

struct Meaning {
  Becomes becomes = Becomes::kSet;
  const char* attribute = "";  // where it is not the relation's name
};

// "type relation", or "type relation of the subject's type" where that matters.
using Meanings = std::map<std::string, Meaning>;

struct Store {
  const char* name;
  const char* policy;
  Meanings meanings;
  std::vector<Json> beside = {};  // data that stands in conditions of the tuples
};

std::string type_name(const std::string& fga) {
  if (fga == "employee" || fga == "customer") return "user";
  std::string name;
  for (const char c : fga) {
    if (c != '-' && c != '_') name += c;
  }
  return name;
}

// "group:fabrikam#member" to "group:fabrikam".
std::string reference_of(const std::string& fga) {
  const std::string name = fga.substr(0, fga.find('#'));
  const std::size_t colon = name.find(':');
  return type_name(name.substr(0, colon)) + name.substr(colon);
}

std::pair<std::string, std::string> split(const std::string& reference) {
  const std::size_t colon = reference.find(':');
  return {reference.substr(0, colon), reference.substr(colon + 1)};
}

struct Sketch {
  std::vector<std::string> parents;
  std::map<std::string, std::vector<std::string>> sets;
  Object plain;
};

class Sketches {
 public:
  Sketch& at(const std::string& reference) { return sketches_[split(reference)]; }

  void take(const Store& store, const json::Node& tuple) {
    const std::string subject = text_at(tuple, "user");
    const std::string object = reference_of(text_at(tuple, "object"));
    const std::string relation = text_at(tuple, "relation");
    const std::string who = reference_of(subject);
    at(object);
    if (subject.ends_with(":*")) {
      at(object).plain.add("public", "true");
      return;
    }
    at(who);
    const std::string type = split(object).first;
    auto found = store.meanings.find(type + ' ' + relation + ' ' + split(who).first);
    if (found == store.meanings.end()) found = store.meanings.find(type + ' ' + relation);
    const Meaning meaning = found == store.meanings.end() ? Meaning{} : found->second;
    add(meaning, *meaning.attribute == '\0' ? relation : meaning.attribute, who, object);
  }

  Json done(const std::vector<Json>& beside) {
    std::vector<Json> out = beside;
    for (auto& [name, sketch] : sketches_) {
      if (name.second.empty()) continue;
      for (const auto& [attribute, references] : sketch.sets)
        sketch.plain.add(attribute, texts(references));
      out.push_back(entity(name.first, name.second, sketch.plain, sketch.parents));
    }
    return array_of(out);
  }

  void erase(const std::string& reference) { sketches_.erase(split(reference)); }

 private:
  void add(const Meaning& meaning, const std::string& attribute, const std::string& who, const std::string& object) {
    switch (meaning.becomes) {
      case Becomes::kSet:
        at(object).sets[attribute].push_back(who);
        break;
      case Becomes::kOne:
        at(object).plain.text(attribute, who);
        break;
      case Becomes::kFlag:
        at(object).plain.add(attribute, "true");
        break;
      case Becomes::kParent:
        at(object).parents.push_back(who);
        break;
      case Becomes::kMember:
        at(who).parents.push_back(object);
        break;
      case Becomes::kNothing:
        break;
    }
  }

  std::map<std::pair<std::string, std::string>, Sketch> sketches_;
};

// ------------------------------------------------------------------------------------------ the stores

const Meaning kMemberOf{Becomes::kMember};
const Meaning kParentIs{Becomes::kParent};
const Meaning kOneOf{Becomes::kOne};
const Meaning kFlagged{Becomes::kFlag};
const Meaning kSaidBeside{Becomes::kNothing};

Meanings guide(bool published) {
  Meanings out = {{"group member", kMemberOf},
                  {"folder parent", kParentIs},
                  {"folder organization", kOneOf},
                  {"document parent", kOneOf}};
  if (published) out["document published"] = kFlagged;
  return out;
}

const Meanings kModular = {{"project organization", kOneOf}, {"space organization", kOneOf}};

const std::vector<Store>& stores() {
  static const std::vector<Store> all = {
      {"abac-with-rebac",
       "abac_with_rebac",
       {{"user email_verified", kFlagged}, {"document draft", kFlagged}, {"document published", kFlagged}}},
      {"banking",
       "banking",
       {{"account bank", kOneOf}, {"bank transfer_limit_policy", kSaidBeside}},
       {R"({"type":"bank","id":"acme","attributes":{"customer_limit":100,"account_manager_limit":1000,)"
        R"("customer":["user:anne","user:peter"],"account_manager":["user:bob"]}})"}},
      {"custom-roles",
       "custom_roles",
       {{"role assignee", kMemberOf},
        {"team member", kMemberOf},
        {"org member", kMemberOf},
        {"assetcategory org", kOneOf},
        {"asset category", kOneOf}}},
      {"entitlements", "entitlements", {{"organization member", kMemberOf}}},
      {"expenses", "expenses", {{"user manager", kParentIs}, {"report submitter", kOneOf}}},
      {"gdrive", "gdrive", {{"group member", kMemberOf}, {"folder parent", kParentIs}, {"doc parent", kOneOf}}},
      {"groups-resource-attributes",
       "groups_resource_attributes",
       {{"document organization", kOneOf}, {"group member", kMemberOf}, {"organization can_access_docs", kSaidBeside}},
       {R"({"type":"organization","id":"acme","attributes":{"can_access_docs":[)"
        R"({"group":"group:content","allowed_statuses":["draft","published"]},)"
        R"({"group":"group:marketing","allowed_statuses":["published"]}]}})"}},
      {"iot",
       "iot",
       {{"device it_admin devicegroup", {Becomes::kSet, "it_admins_of"}},
        {"device security_guard devicegroup", {Becomes::kSet, "security_guards_of"}}}},
      {"modeling-guide_step-1-basic", "modeling_guide", guide(false)},
      {"modeling-guide_step-2-multi-tenancy", "modeling_guide", guide(false)},
      {"modeling-guide_step-3-groups", "modeling_guide", guide(false)},
      {"modeling-guide_step-4-public-access", "modeling_guide", guide(false)},
      {"modeling-guide_step-5-relation-based-abac", "modeling_guide_step_5", guide(true)},
      {"modular", "modular", kModular},
      {"modular_core", "modular", kModular},
      {"modular_issue-tracker", "modular", kModular},
      {"modular_wiki", "modular", kModular},
      {"slack",
       "slack",
       {{"channel parent_workspace", kOneOf},
        {"channel writer workspace", {Becomes::kSet, "writers_of"}},
        {"channel commenter workspace", {Becomes::kSet, "commenters_of"}}}},
  };
  return all;
}

// ------------------------------------------------------------------------------------------ asking

Json request_of(const std::string& user, const std::string& relation, const std::string& object,
                const json::Node* context) {
  const auto [type, id] = split(reference_of(object));
  Object request;
  request.text("user", reference_of(user)).text("action", relation);
  request.add("resource", Object().text("type", type).text("id", id).done());
  if (context != nullptr) {
    // The one map among the contexts holds what the policy calls by its own name.
    const bool nested = has(*context, "document_attributes");
    request.add("context", written(nested ? at(*context, "document_attributes") : *context));
  }
  return request.done();
}

Json data_of(const Store& store, const json::Node& root, const json::Node* one) {
  Sketches sketches;
  for (const json::Node& tuple : at(root, "tuples"))
    sketches.take(store, tuple);
  if (one != nullptr && has(*one, "extra_tuples")) {
    for (const json::Node& tuple : at(*one, "extra_tuples"))
      sketches.take(store, tuple);
  }
  for (const Json& stated : store.beside) {
    sketches.erase(stated.find("\"bank\"") != Json::npos ? "bank:acme" : "organization:acme");
  }
  return sketches.done(store.beside);
}

// All that the tuples name of one type, in OpenFGA's spelling.
std::set<std::string> named(const json::Node& root, const std::string& type) {
  std::set<std::string> out;
  for (const json::Node& tuple : at(root, "tuples")) {
    for (const char* side : {"user", "object"}) {
      const std::string name = text_at(tuple, side);
      if (name.starts_with(type + ':') && name.find_first_of("#*") == std::string::npos) out.insert(name);
    }
  }
  return out;
}

std::set<std::string> strings(const json::Node& array) {
  std::set<std::string> out;
  for (const json::Node& value : array)
    out.insert(text_of(value));
  return out;
}

std::string joined(const std::set<std::string>& values) {
  std::string out;
  for (const std::string& value : values)
    out += (out.empty() ? "" : " ") + value;
  return out;
}

void check_lists(Suite& suite, const Store& store, const json::Node& root, const Judge& judge) {
  for (const json::Node& one : at(root, "list_objects")) {
    std::set<std::string> found;
    for (const std::string& object : named(root, text_at(one, "type"))) {
      const Json request = request_of(text_at(one, "user"), text_at(one, "relation"), object, nullptr);
      if (judge.ask(request).answer == Answer::kAllow) found.insert(object);
    }
    suite.check(std::string(store.name) + "/objects/" + text_at(one, "id"), found == strings(at(one, "expect")),
                "got " + joined(found));
  }
  for (const json::Node& one : at(root, "list_users")) {
    const std::string id = std::string(store.name) + "/users/" + text_at(one, "id");
    const json::Node filter = element(at(one, "user_filter"), 0);
    const std::set<std::string> expected = strings(at(at(one, "expect"), "users"));
    if (has(filter, "relation") || expected.contains("user:*")) {
      suite.leave_out(id);
      continue;
    }
    std::set<std::string> found;
    for (const std::string& user : named(root, text_at(filter, "type"))) {
      const Json request = request_of(user, text_at(one, "relation"), text_at(one, "object"), nullptr);
      if (judge.ask(request).answer == Answer::kAllow) found.insert(user);
    }
    suite.check(id, found == expected, "got " + joined(found));
  }
}

class Openfga : public testing::TestWithParam<std::size_t> {};

TEST_P(Openfga, SampleStore) {
  WRIT_NEEDS_SUITES();
  const Store& store = stores()[GetParam()];
  const SharedFile shared("openfga/stores/" + std::string(store.name) + ".json");
  const std::string policy = "suites/openfga/" + std::string(store.policy) + ".writ";
  Suite suite("openfga/stores");
  for (const json::Node& one : at(shared.root(), "cases")) {
    const Judge judge(policy, data_of(store, shared.root(), &one));
    std::optional<json::Node> context;
    if (has(one, "context")) context = at(one, "context");
    const Json request = request_of(text_at(one, "user"), text_at(one, "relation"), text_at(one, "object"),
                                    context ? &*context : nullptr);
    suite.check(std::string(store.name) + '/' + text_at(one, "id"), at(one, "expect").boolean(), judge.ask(request));
  }
  check_lists(suite, store, shared.root(), Judge(policy, data_of(store, shared.root(), nullptr)));
}

INSTANTIATE_TEST_SUITE_P(All, Openfga, testing::Range(std::size_t{0}, stores().size()), [](const auto& tested) {
  std::string name = stores()[tested.param].name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace writ::suites
