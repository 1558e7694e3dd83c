// JSON as text: what the suites' cases are turned into before the library reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/json/document.h"

namespace writ::suites {

// Text that holds one JSON value.
using Json = std::string;

Json in_quotes(std::string_view text);
Json array_of(const std::vector<Json>& values);
Json texts(const std::vector<std::string>& values);  // an array of strings
// The node as it was read; strings are escaped again.
Json written(const json::Node& node);

class Object {
 public:
  Object& add(std::string_view key, const Json& value);
  Object& text(std::string_view key, std::string_view value) { return add(key, in_quotes(value)); }
  bool empty() const { return members_.empty(); }
  Json done() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

// One entity of Writ's data.
Json entity(std::string_view type, std::string_view id, const Object& attributes = {},
            const std::vector<std::string>& parents = {});

// Reading: a member that is not there, or of another kind than asked for, throws std::runtime_error.
bool has(const json::Node& object, std::string_view key);
json::Node at(const json::Node& object, std::string_view key);
std::string text_at(const json::Node& object, std::string_view key);
std::string text_of(const json::Node& node);
json::Node element(const json::Node& array, std::size_t index);

}  // namespace writ::suites
