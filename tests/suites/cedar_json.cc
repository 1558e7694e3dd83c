#include "tests/suites/cedar_json.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace writ::suites {
namespace {

std::string type_name(const std::string& cedar) {
  std::string name = cedar.substr(cedar.rfind(':') + 1);  // npos + 1 is 0: no namespace
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name == "administrator" || name == "public" ? "user" : name;
}

// Cedar's document cloud has a Document where its schema says DocumentShare; its policies only ask who is in it.
Json access_list(const json::Node& node) {
  return in_quotes("documentshare:" + cedar_name(node).id);
}

std::string field_name(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

CedarName cedar_name(const json::Node& node) {
  const json::Node name = has(node, "__entity") ? at(node, "__entity") : node;
  return {type_name(text_at(name, "type")), text_at(name, "id")};
}

Json cedar_value(const json::Node& node) {
  if (node.is_array()) {
    std::vector<Json> values;
    for (const json::Node& value : node)
      values.push_back(cedar_value(value));
    return array_of(values);
  }
  if (!node.is_object()) return written(node);
  if (has(node, "__extn")) return written(at(at(node, "__extn"), "arg"));
  if (has(node, "__entity") || (node.size() == 2 && has(node, "type") && has(node, "id"))) {
    return in_quotes(cedar_name(node).reference());
  }
  return cedar_record(node).done();
}

Object cedar_record(const json::Node& record, const std::vector<std::string>& left_out) {
  Object out;
  for (const json::Node& member : record) {
    const std::string key = field_name(member.key());
    if (std::find(left_out.begin(), left_out.end(), key) != left_out.end()) continue;
    out.add(key, key.ends_with("ACL") ? access_list(member) : cedar_value(member));
  }
  return out;
}

Json cedar_entities(const json::Node& entities) {
  std::vector<Json> out;
  std::set<std::string> there;
  std::map<std::string, CedarName> named;
  for (const json::Node& one : entities) {
    const CedarName name = cedar_name(at(one, "uid"));
    if (name.type == "action") continue;
    there.insert(name.reference());
    std::vector<std::string> parents;
    for (const json::Node& parent : at(one, "parents")) {
      const CedarName above = cedar_name(parent);
      parents.push_back(above.reference());
      named[above.reference()] = above;
    }
    out.push_back(entity(name.type, name.id, cedar_record(at(one, "attrs")), parents));
  }
  for (const auto& [reference, name] : named) {
    if (there.find(reference) == there.end()) out.push_back(entity(name.type, name.id));
  }
  return array_of(out);
}

Json cedar_request(const json::Node& request) {
  const CedarName user = cedar_name(at(request, "principal"));
  const CedarName resource = cedar_name(at(request, "resource"));
  Object out;
  out.text("user", user.reference());
  out.text("action", cedar_name(at(request, "action")).id);
  out.add("resource", Object().text("type", resource.type).text("id", resource.id).done());
  const Object context = cedar_record(at(request, "context"));
  if (!context.empty()) out.add("context", context.done());
  return out.done();
}

}  // namespace writ::suites
