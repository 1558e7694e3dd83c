#include "tests/suites/json_text.h"

#include <cstdio>
#include <stdexcept>

namespace writ::suites {

Json in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

Json array_of(const std::vector<Json>& values) {
  std::string out = "[";
  for (const Json& value : values) {
    if (out.size() > 1) out += ',';
    out += value;
  }
  return out + ']';
}

Json texts(const std::vector<std::string>& values) {
  std::vector<Json> values_in_quotes;
  for (const std::string& value : values)
    values_in_quotes.push_back(in_quotes(value));
  return array_of(values_in_quotes);
}

Json written(const json::Node& node) {
  switch (node.kind()) {
    case json::Kind::kNull:
      return "null";
    case json::Kind::kBool:
      return node.boolean() ? "true" : "false";
    case json::Kind::kNumber:
      return std::string(node.text());
    case json::Kind::kString:
      return in_quotes(node.text());
    case json::Kind::kArray: {
      std::vector<Json> values;
      for (const json::Node& value : node)
        values.push_back(written(value));
      return array_of(values);
    }
    case json::Kind::kObject: {
      Object object;
      for (const json::Node& member : node)
        object.add(member.key(), written(member));
      return object.done();
    }
  }
  return "null";
}

Object& Object::add(std::string_view key, const Json& value) {
  if (!members_.empty()) members_ += ',';
  members_ += in_quotes(key) + ':' + value;
  return *this;
}

Json entity(std::string_view type, std::string_view id, const Object& attributes,
            const std::vector<std::string>& parents) {
  Object out;
  out.text("type", type).text("id", id);
  if (!parents.empty()) out.add("parents", texts(parents));
  if (!attributes.empty()) out.add("attributes", attributes.done());
  return out.done();
}

bool has(const json::Node& object, std::string_view key) {
  for (const json::Node& member : object) {
    if (member.key() == key) return true;
  }
  return false;
}

json::Node at(const json::Node& object, std::string_view key) {
  if (!object.is_object()) throw std::runtime_error("no object that could have a member " + std::string(key));
  for (const json::Node& member : object) {
    if (member.key() == key) return member;
  }
  throw std::runtime_error("no member " + std::string(key) + " in line " + std::to_string(object.line()));
}

std::string text_of(const json::Node& node) {
  if (!node.is_string()) throw std::runtime_error("no string in line " + std::to_string(node.line()));
  return std::string(node.text());
}

std::string text_at(const json::Node& object, std::string_view key) {
  return text_of(at(object, key));
}

json::Node element(const json::Node& array, std::size_t index) {
  std::size_t place = 0;
  for (const json::Node& value : array) {
    if (place++ == index) return value;
  }
  throw std::runtime_error("no element " + std::to_string(index) + " in line " + std::to_string(array.line()));
}

}  // namespace writ::suites
