// The three applications of Cedar's OOPSLA 2024 benchmarks, twice: with the entities as they are there, and with the
// data as one would keep it for the policies in policies/gdrive and policies/github.
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "tests/suites/cedar_json.h"
#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

// "gdrive/n10_h0" and what follows it.
std::string oopsla(const std::string& hierarchy, const std::string& what) {
  return "oopsla/" + hierarchy + '.' + what + ".json";
}

std::string lower(std::string text) {
  for (char& c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

using ActionName = std::function<std::string(const std::string&)>;

void decide_all(const std::string& name, const std::string& hierarchy, const Judge& judge,
                const ActionName& action_name, const std::map<std::string, std::string>& types) {
  const SharedFile requests(oopsla(hierarchy, "requests"));
  const SharedFile expected(oopsla(hierarchy, "expected"));
  const json::Node decisions = at(expected.root(), "decisions");
  ASSERT_EQ(requests.root().size(), decisions.size());
  Suite suite(name);
  auto decision = decisions.begin();
  std::size_t row_number = 0;
  for (const json::Node& row : requests.root()) {
    const std::string type = lower(text_of(element(row, 2)));
    const auto renamed = types.find(type);
    Object resource;
    resource.text("type", renamed == types.end() ? type : renamed->second).text("id", text_of(element(row, 3)));
    Object request;
    request.text("user", "user:" + text_of(element(row, 0))).text("action", action_name(text_of(element(row, 1))));
    request.add("resource", resource.done());
    suite.check(hierarchy + '/' + std::to_string(row_number++), text_of(*decision) == "allow",
                judge.ask(request.done()));
    ++decision;
  }
}

const std::vector<std::string> kHierarchies = {"n10_h0", "n10_h1", "n50_h0", "n50_h1"};

void decide_as_cedar_has_it(const std::string& application, const std::string& policy) {
  for (const std::string& hierarchy : kHierarchies) {
    const std::string path = application + '/' + hierarchy;
    const SharedFile entities(oopsla(path, "entities"));
    const Judge judge(policy, cedar_entities(entities.root()));
    decide_all("oopsla/" + application, path, judge, [](const std::string& action) { return action; }, {});
  }
}

TEST(Oopsla, Gdrive) {
  WRIT_NEEDS_SUITES();
  decide_as_cedar_has_it("gdrive", "suites/oopsla/gdrive.writ");
}

TEST(Oopsla, Github) {
  WRIT_NEEDS_SUITES();
  decide_as_cedar_has_it("github", "suites/oopsla/github.writ");
}

TEST(Oopsla, Tinytodo) {
  WRIT_NEEDS_SUITES();
  decide_as_cedar_has_it("tinytodo", "tinytodo");
}

// ------------------------------------------------------------------------------------------ as one would keep it

// Entities in the making: sets of references by attribute.
struct Sketch {
  std::vector<std::string> parents;
  std::map<std::string, std::vector<std::string>> sets;
  Object plain;
};

using Sketches = std::map<std::pair<std::string, std::string>, Sketch>;

Json data_of(Sketches sketches) {
  std::vector<Json> out;
  for (auto& [name, sketch] : sketches) {
    for (const auto& [attribute, references] : sketch.sets)
      sketch.plain.add(attribute, texts(references));
    out.push_back(entity(name.first, name.second, sketch.plain, sketch.parents));
  }
  return array_of(out);
}

// "User 3" and "Group 1" name who may view. The generator calls its users user_3, so that grants to users never match;
// here they are people who are not there.
std::string viewer_of(const std::string& view) {
  const std::size_t space = view.find(' ');
  return lower(view.substr(0, space)) + ':' + view.substr(space + 1);
}

Sketches gdrive_sketches(const json::Node& entities) {
  const std::map<std::string, std::string> types = {{"document", "doc"}};
  const auto named = [&](const CedarName& name) { return types.contains(name.type) ? "doc" : name.type; };
  Sketches out;
  for (const json::Node& one : entities) {
    const CedarName name = cedar_name(at(one, "uid"));
    if (name.type == "view") continue;
    Sketch& sketch = out[{named(name), name.id}];
    for (const json::Node& parent : at(one, "parents")) {
      const CedarName above = cedar_name(parent);
      if (above.type == "view") {
        sketch.sets["viewers"].push_back(viewer_of(above.id));
      } else {
        sketch.parents.push_back(named(above) + ':' + above.id);
      }
    }
    const json::Node attributes = at(one, "attrs");
    if (has(attributes, "isPublic")) sketch.plain.add("public", written(at(attributes, "isPublic")));
    for (const char* owned : {"ownedDocuments", "ownedFolders"}) {
      if (!has(attributes, owned)) continue;
      for (const json::Node& thing : at(attributes, owned)) {
        const CedarName of = cedar_name(thing);
        out[{named(of), of.id}].sets["owners"].push_back("user:" + name.id);
      }
    }
  }
  return out;
}

TEST(Oopsla, GdriveAsOneWouldKeepIt) {
  WRIT_NEEDS_SUITES();
  const std::map<std::string, std::string> actions = {{"read", "can_read"},
                                                      {"write", "can_write"},
                                                      {"share", "can_share"},
                                                      {"changeOwner", "can_change_owner"},
                                                      {"createDocument", "can_create_file"}};
  for (const std::string& hierarchy : kHierarchies) {
    const std::string path = "gdrive/" + hierarchy;
    const SharedFile entities(oopsla(path, "entities"));
    const Judge judge("gdrive", data_of(gdrive_sketches(entities.root())));
    decide_all("oopsla/gdrive, kept otherwise", path, judge, [&](const std::string& a) { return actions.at(a); },
               {{"document", "doc"}});
  }
}

// "repo_8_writers" is a role on a repository, "org_4_admins" one on an organisation: whoever is in it stands in its
// set.
void grant(Sketches& out, const std::string& permission, const std::string& type, const std::string& to) {
  const std::size_t cut = permission.rfind('_');
  out[{type, permission.substr(0, cut)}].sets[permission.substr(cut + 1)].push_back(to);
}

Sketches github_sketches(const json::Node& entities) {
  Sketches out;
  for (const json::Node& one : entities) {
    const CedarName name = cedar_name(at(one, "uid"));
    if (name.type == "orgpermission" || name.type == "repopermission") continue;
    Sketch& sketch = out[{name.type, name.id}];
    for (const json::Node& parent : at(one, "parents")) {
      const CedarName above = cedar_name(parent);
      if (above.type == "orgpermission") {
        grant(out, above.id, "organization", name.reference());
      } else if (above.type == "repopermission") {
        grant(out, above.id, "repository", name.reference());
      } else {
        sketch.parents.push_back(above.reference());
      }
    }
    if (name.type == "repository") {
      sketch.plain.text("owner", cedar_name(at(at(one, "attrs"), "owner")).reference());
    }
  }
  return out;
}

TEST(Oopsla, GithubAsOneWouldKeepIt) {
  WRIT_NEEDS_SUITES();
  for (const std::string& hierarchy : kHierarchies) {
    const std::string path = "github/" + hierarchy;
    const SharedFile entities(oopsla(path, "entities"));
    const Judge judge("github", data_of(github_sketches(entities.root())));
    decide_all("oopsla/github, kept otherwise", path, judge, [](const std::string& a) { return a; }, {});
  }
}

}  // namespace
}  // namespace writ::suites
