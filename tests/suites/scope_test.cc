// Scope strategies: fosite's three, Shopify's implied scopes, GitHub's hierarchy.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

std::vector<std::string> strings(const json::Node& array) {
  std::vector<std::string> out;
  if (!array.is_array()) return out;
  for (const json::Node& value : array)
    out.push_back(text_of(value));
  return out;
}

Json holder(const std::vector<std::string>& permissions) {
  return array_of({entity("user", "holder", Object().add("permissions", texts(permissions)))});
}

Json use_of(const std::string& user, const std::string& name) {
  Object request;
  request.text("user", "user:" + user).text("action", "use");
  request.add("resource", Object().text("type", "name").text("id", name).done());
  return request.done();
}

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values)
    out += (out.empty() ? "" : " ") + value;
  return out;
}

std::string case_name(const std::string& strategy, const json::Node& one) {
  return strategy + '/' + joined(strings(at(one, "granted"))) + '/' + text_at(one, "requested");
}

void decide_by_permissions(const std::string& strategy, bool goes_on) {
  const SharedFile shared("scope/fosite.json");
  Suite suite("scope/fosite");
  for (const json::Node& one : at(at(shared.root(), "strategies"), strategy)) {
    std::vector<std::string> permissions;
    for (const std::string& granted : strings(at(one, "granted"))) {
      permissions.push_back("use:name_" + granted);
      if (goes_on) permissions.push_back("use:name_" + granted + ".*");
    }
    const Judge judge("suites/scope/" + strategy + ".writ", holder(permissions));
    const Said said = judge.ask(use_of("holder", text_at(one, "requested")));
    suite.check(case_name(strategy, one), at(one, "expect").boolean(), said);
  }
}

TEST(Fosite, Hierarchic) {
  WRIT_NEEDS_SUITES();
  decide_by_permissions("hierarchic", true);
}

TEST(Fosite, Exact) {
  WRIT_NEEDS_SUITES();
  decide_by_permissions("exact", false);
}

TEST(Fosite, Wildcard) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("scope/fosite.json");
  const Judge judge("suites/scope/wildcard.writ");
  Suite suite("scope/fosite");
  for (const json::Node& one : at(at(shared.root(), "strategies"), "wildcard")) {
    const std::string granted = joined(strings(at(one, "granted")));
    std::string path = text_at(one, "requested");
    std::replace(path.begin(), path.end(), '.', '/');
    const Said said = judge.ask(use_of(granted.empty() ? "nobody" : granted, path));
    suite.check(case_name("wildcard", one), at(one, "expect").boolean(), said);
  }
}

// Whoever holds `granted` may do all that `requested` says.
bool covers(const std::vector<std::string>& granted, const std::vector<std::string>& requested) {
  const Judge judge("suites/scope/shopify.writ", holder(granted));
  return std::all_of(requested.begin(), requested.end(), [&](const std::string& scope) {
    return judge.ask(Object().text("user", "user:holder").text("scope", scope).done()).answer == Answer::kAllow;
  });
}

TEST(Shopify, ImpliedScopes) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("scope/shopify_implied.json");
  Suite suite("scope/shopify_implied");
  std::size_t number = 0;
  for (const json::Node& one : at(shared.root(), "cases")) {
    const std::string operation = text_at(one, "op");
    const std::string id = operation + '/' + std::to_string(number++);
    if (operation == "normalize") {
      suite.leave_out(id);
      continue;
    }
    const std::vector<std::string> granted = strings(at(one, "granted"));
    const std::vector<std::string> requested = strings(at(one, "requested"));
    const bool got = covers(granted, requested) && (operation == "has" || covers(requested, granted));
    const bool expected = at(one, "expect").boolean();
    suite.check(id, got == expected, std::string("expected ") + (expected ? "true" : "false"));
  }
}

// A token that holds GitHub's wider scope gets the narrower one, and the other way round not.
TEST(Github, ScopeHierarchy) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("scopes_vocab/scopes.json");
  const json::Node github = element(at(shared.root(), "providers"), 0);
  const Judge judge("codehost", array_of({entity("user", "mona")}));
  const auto holds = [&](const std::string& held, const std::string& asked) {
    Object request;
    request.text("user", "user:mona").text("scope", asked);
    request.add("context", Object().add("token", texts({held})).add("tainted", "false").done());
    return judge.ask(request.done());
  };
  Suite suite("scopes_vocab/github");
  for (const json::Node& scope : at(github, "scopes")) {
    const std::string name = text_at(scope, "scope");
    suite.check(name + " holds itself", true, holds(name, name));
  }
  for (const json::Node& wider : at(github, "hierarchy")) {
    for (const json::Node& narrower : wider) {
      const std::string name(wider.key());
      suite.check(name + " holds " + text_of(narrower), true, holds(name, text_of(narrower)));
      suite.check(text_of(narrower) + " does not hold " + name, false, holds(text_of(narrower), name));
    }
  }
}

}  // namespace
}  // namespace writ::suites
