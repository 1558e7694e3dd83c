// SpiceDB's assertions. It answers with three values as well: what it calls conditional is a deny here, and the facts
// that are missing are named.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

// By the item's name. `office` is left out: see not_expressible.md.
const std::map<std::string, std::string>& policies() {
  static const std::map<std::string, std::string> all = {
      {"examples/basic-rebac", "basic_rebac"},
      {"examples/docs-style-sharing", "docs_style_sharing"},
      {"examples/github", "github"},
      {"examples/multiple-validation-files/validations/reader-role", "spanner"},
      {"spicedb/3letterrbac", "three_letters"},
      {"spicedb/allopscaveat", "all_ops_caveat"},
      {"spicedb/arrowovermultiexclusion", "arrow_over_exclusion"},
      {"spicedb/arrowsublr", "arrow_sublr"},
      {"spicedb/arrowtosamesubject", "arrow_to_folders"},
      {"spicedb/bannedintersectwildcard", "banned_twice"},
      {"spicedb/basicrbac", "basic_rbac"},
      {"spicedb/caveatedintersectionarrow", "caveated_intersection_arrow"},
      {"spicedb/caveatindirectarrow", "caveat_indirect_arrow"},
      {"spicedb/caveatlist", "caveat_list"},
      {"spicedb/caveatmap", "caveat_map"},
      {"spicedb/caveatunderarrow", "caveat_under_arrow"},
      {"spicedb/directandindirect", "direct_and_indirect"},
      {"spicedb/expirationwithcaveat", "expiration_with_caveat"},
      {"spicedb/groupsintersection", "groups_intersection"},
      {"spicedb/indirectnestedgroups", "indirect_nested_groups"},
      {"spicedb/intersectionarrow", "intersection_arrow"},
      {"spicedb/lrordering", "lr_ordering"},
      {"spicedb/mixednil", "nil"},
      {"spicedb/multipleops", "multiple_ops"},
      {"spicedb/nil", "nil"},
      {"spicedb/public", "public"},
      {"spicedb/publiccaveatexclusion", "public_caveat_exclusion"},
      {"spicedb/publicviattu", "public_via_folder"},
      {"spicedb/quay", "quay"},
      {"spicedb/relexpiration", "rel_expiration"},
      {"spicedb/teamwitharrow", "github"},
      {"spicedb/widearrow", "arrow_to_folders"},
      {"spicedb/wildcardmainexclusionintersect", "wildcard_exclusion_intersection"},
      {"spicedb/wildcardunionlookup", "wildcard_union"},
      {"spicedb/wildcardwithnestedexclusions", "wildcard_nested_exclusions"}};
  return all;
}

const std::set<std::string> kKindsOfUsers = {"user", "usr", "specialuser", "anonymoususer", "anotherkindofuser"};

struct Name {
  std::string type;
  std::string id;
  std::string reference() const { return type + ':' + id; }
};

// Without a prefix and underscores. Another kind of user is a user that says its kind.
Name name_of(const std::string& spicedb_type, const std::string& id) {
  std::string type;
  for (const char c : spicedb_type.substr(spicedb_type.find('/') + 1)) {
    if (c != '_') type += c;
  }
  if (type == "resource") return {"thing", id};
  if (type == "anotherkindofuser") return {"user", type + '/' + id};
  return {kKindsOfUsers.contains(type) ? "user" : type, id};
}

struct Sketch {
  std::vector<std::string> parents;
  std::map<std::string, std::vector<Json>> sets;
  Object plain;
};

using Sketches = std::map<std::pair<std::string, std::string>, Sketch>;

// Relations that are the hierarchy, by the object's type: the object stands in the subject.
bool is_parent(const std::string& type, const std::string& relation) {
  static const std::set<std::pair<std::string, std::string>> parents = {
      {"team", "parent"}, {"namespace", "parent"}, {"repo", "parent"}};
  return parents.contains({type, relation});
}

// Attributes that hold one entity.
bool is_one(const std::string& type, const std::string& relation) {
  return (type == "spannerdatabase" && relation == "instance") || (type == "spannerinstance" && relation == "project");
}

// The name of the set, where the subject is `group#member` and not a group.
std::string userset_attribute(const Name& subject, const std::string& relation) {
  if (subject.type == "groupwithparent") return relation + "_of_parents";
  if (subject.type == "groupwithchild") return relation + "_of_children";
  return relation + "_of";
}

// What the relation says beside who: the condition's arguments, and until when.
Object conditions_of(const json::Node& relationship) {
  Object out;
  if (has(relationship, "caveat_context")) {
    for (const json::Node& argument : at(relationship, "caveat_context"))
      out.add(argument.key(), written(argument));
  }
  if (has(relationship, "expiration")) out.text("until", text_at(relationship, "expiration"));
  return out;
}

void take(Sketches& out, const json::Node& relationship) {
  const Name object = name_of(text_at(relationship, "resource_type"), text_at(relationship, "resource_id"));
  const Name subject = name_of(text_at(relationship, "subject_type"), text_at(relationship, "subject_id"));
  std::string relation = text_at(relationship, "relation");
  if (object.type == "organization" && relation == "owner") relation = "own";
  Sketch& of_object = out[{object.type, object.id}];
  const bool conditional = has(relationship, "caveat") || has(relationship, "expiration");
  if (subject.id == "*") {
    if (conditional) {
      of_object.sets[relation + "_public_if"].push_back(conditions_of(relationship).done());
    } else {
      of_object.plain.add(relation + "_public", "true");
    }
    return;
  }
  out[{subject.type, subject.id}];
  const std::string group = has(relationship, "subject_relation") ? text_at(relationship, "subject_relation") : "...";
  if (conditional) {
    of_object.sets[relation + "_if"].push_back(conditions_of(relationship).text("who", subject.reference()).done());
  } else if (object.type == "groupwithchild") {
    out[{subject.type, subject.id}].parents.push_back(object.reference());
  } else if (object.type == "role" && relation != "bound_user") {
    of_object.sets["grants"].push_back(in_quotes(relation));
  } else if (is_parent(object.type, relation)) {
    of_object.parents.push_back(subject.reference());
  } else if (is_one(object.type, relation)) {
    of_object.plain.text(relation, subject.reference());
  } else {
    of_object.sets[group == "..." ? relation : userset_attribute(subject, relation)].push_back(
        in_quotes(subject.reference()));
  }
}

// Whoever is asked about is there.
void add_subjects(Sketches& out, const json::Node& item) {
  std::set<std::string> seen;
  for (const json::Node& one : at(item, "cases")) {
    const std::string type = text_at(one, "subject_type");
    const Name name = name_of(type, text_at(one, "subject_id"));
    Sketch& sketch = out[{name.type, name.id}];
    const bool another_kind = type.ends_with("anonymoususer") || type.ends_with("anotherkindofuser");
    if (another_kind && seen.insert(name.id).second) sketch.plain.text("kind", type.substr(type.find('/') + 1));
  }
}

Json data_of(const json::Node& item) {
  Sketches sketches;
  for (const json::Node& relationship : at(item, "relationships"))
    take(sketches, relationship);
  add_subjects(sketches, item);
  std::vector<Json> out;
  for (auto& [name, sketch] : sketches) {
    for (const auto& [attribute, values] : sketch.sets)
      sketch.plain.add(attribute, array_of(values));
    out.push_back(entity(name.first, name.second, sketch.plain, sketch.parents));
  }
  return array_of(out);
}

Json request_of(const json::Node& one) {
  const Name resource = name_of(text_at(one, "resource_type"), text_at(one, "resource_id"));
  const Name user = name_of(text_at(one, "subject_type"), text_at(one, "subject_id"));
  Object request;
  request.text("user", user.reference()).text("action", text_at(one, "relation"));
  request.add("resource", Object().text("type", resource.type).text("id", resource.id).done());
  if (has(one, "context")) request.add("context", written(at(one, "context")));
  request.text("time", "2026-03-02T09:00:00Z");
  return request.done();
}

TEST(Spicedb, Assertions) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("spicedb/assertions_dev.json");
  Suite suite("spicedb/assertions_dev");
  for (const json::Node& item : at(shared.root(), "items")) {
    const std::string name = text_at(item, "name");
    const auto policy = policies().find(name);
    std::size_t number = 0;
    if (policy == policies().end()) {
      for ([[maybe_unused]] const json::Node& one : at(item, "cases"))
        suite.leave_out(name + '/' + std::to_string(number++));
      continue;
    }
    const Judge judge("suites/spicedb/" + policy->second + ".writ", data_of(item));
    for (const json::Node& one : at(item, "cases")) {
      const std::string id = name + '/' + std::to_string(number++);
      const std::string expected = text_at(one, "expect");
      const Said said = judge.ask(request_of(one));
      if (expected == "conditional") {
        suite.check(id, said.answer == Answer::kDeny && said.missing, "expected a deny that says what is missing");
      } else {
        suite.check(id, expected == "true", said);
      }
    }
  }
}

}  // namespace
}  // namespace writ::suites
