// Casbin's functions over paths, addresses and times, as operators of the language.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

std::string lower(std::string text) {
  for (char& c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// The same mistake in Writ: an operand too many, too few, or of another type. It does not compile.
bool refused_when_compiled(const std::string& function, const json::Node& arguments) {
  const std::string left = function == "IPMatch" ? "address in " : "path like ";
  std::string right;
  std::size_t place = 0;
  for (const json::Node& argument : arguments) {
    if (place++ != 0) right += written(argument) + ' ';
  }
  const std::string text =
      "entity thing actions match for thing context { path: string, address: ip } allow match:thing_* if " + left +
      right;
  const Compilation compilation = compile_texts(std::vector<PolicyText>{{"mistake.writ", text}});
  return !compilation.policy.has_value();
}

// Patterns whose meaning is that of a regular expression, or compares two parts of one text.
bool has_no_operator(const std::string& function, const std::string& pattern) {
  static const std::set<std::pair<std::string, std::string>> without = {
      {"KeyMatch2", "/foo*"},
      {"KeyMatch3", "/foo*"},
      {"KeyMatch5", "/foo*"},
      {"KeyMatch4", "/parent/{id}/child/{id}"},
      {"KeyMatch4", "/parent/{id}/child/{id}/book/{id}"},
      {"RegexMatch", "/topic/edit/[0-9]+"},
      {"RegexMatch", "/topic/delete/[0-9]+"},
  };
  return function.starts_with("KeyGet") || without.contains({function, pattern});
}

Json request_of(const std::string& function, const json::Node& arguments) {
  const std::string first = text_of(element(arguments, 0));
  const std::string second = text_of(element(arguments, 1));
  Object resource;
  resource.text("type", lower(function)).text("id", function == "TimeMatch" ? first + ' ' + second : second);
  Object request;
  request.text("user", "user:someone").text("action", "match").add("resource", resource.done());
  request.add("context", Object().text(function == "IPMatch" ? "address" : "path", first).done());
  request.text("time", "2026-03-02T09:00:00Z");
  return request.done();
}

TEST(Casbin, MatcherFunctions) {
  WRIT_NEEDS_SUITES();
  const SharedFile shared("casbin/matcher_functions_dev.json");
  const Judge judge("suites/casbin/matchers.writ");
  Suite suite("casbin/matcher_functions_dev");
  for (const json::Node& table : at(shared.root(), "tables")) {
    const std::string function(table.key());
    for (const json::Node& one : table) {
      const json::Node arguments = at(one, "args");
      std::string id = function;
      for (const json::Node& argument : arguments)
        id += ' ' + std::string(argument.is_string() ? argument.text() : "?");
      if (has(one, "error") && at(one, "error").is_string()) {
        suite.check(id, refused_when_compiled(function, arguments), "it compiles");
      } else if (has_no_operator(function, text_of(element(arguments, 1)))) {
        suite.leave_out(id);
      } else {
        suite.check(id, at(one, "expect").boolean(), judge.ask(request_of(function, arguments)));
      }
    }
  }
}

}  // namespace
}  // namespace writ::suites
