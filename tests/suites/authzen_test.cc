// AuthZEN's Todo decisions, in both shapes of the request.
#include <gtest/gtest.h>

#include "tests/suites/suite.h"

namespace writ::suites {
namespace {

Json people(const json::Node& subjects) {
  std::vector<Json> out;
  for (const json::Node& subject : subjects) {
    std::vector<std::string> roles;
    for (const json::Node& role : at(subject, "roles"))
      roles.push_back("role:" + text_of(role));
    Object attributes;
    attributes.text("email", text_at(subject, "email")).text("name", text_at(subject, "name"));
    out.push_back(entity("user", subject.key(), attributes, roles));
  }
  return array_of(out);
}

// The owner stands among the resource's properties, in the older shape beside its id.
Json resource_of(const json::Node& resource) {
  Object out;
  out.text("type", text_at(resource, "type")).text("id", text_at(resource, "id"));
  const json::Node properties = has(resource, "properties") ? at(resource, "properties") : resource;
  if (has(properties, "ownerID"))
    out.add("attributes", Object().text("ownerID", text_at(properties, "ownerID")).done());
  return out.done();
}

Json request_of(const json::Node& subject, const json::Node& action, const json::Node& resource) {
  const std::string id = text_at(subject, has(subject, "identity") ? "identity" : "id");
  Object out;
  out.text("user", "user:" + id).text("action", text_at(action, "name")).add("resource", resource_of(resource));
  return out.done();
}

void decide_file(const std::string& name) {
  const SharedFile shared("authzen/" + name + ".json");
  const Judge judge("todo", people(at(shared.root(), "subject_attributes")));
  Suite suite("authzen/" + name);
  for (const json::Node& one : at(shared.root(), "cases")) {
    const json::Node request = at(one, "request");
    const Json asked = request_of(at(request, "subject"), at(request, "action"), at(request, "resource"));
    suite.check(text_at(one, "id"), at(one, "expect").boolean(), judge.ask(asked));
  }
  if (!has(shared.root(), "batch_cases")) return;
  for (const json::Node& one : at(shared.root(), "batch_cases")) {
    const json::Node request = at(one, "request");
    std::size_t place = 0;
    for (const json::Node& evaluation : at(request, "evaluations")) {
      const Json asked = request_of(at(request, "subject"), at(request, "action"), at(evaluation, "resource"));
      const bool allowed = element(at(one, "expect"), place).boolean();
      suite.check(text_at(one, "id") + '/' + std::to_string(place++), allowed, judge.ask(asked));
    }
  }
}

TEST(Authzen, Todo00) {
  WRIT_NEEDS_SUITES();
  decide_file("todo-1.0-00");
}

TEST(Authzen, Todo02) {
  WRIT_NEEDS_SUITES();
  decide_file("todo-1.0-02");
}

}  // namespace
}  // namespace writ::suites
