// JSON text -> an indented outline for people.
#pragma once

#include <string>
#include <string_view>

namespace writ::json {

// One line a member or element, two spaces a level; lists and objects without anything in them are left out.
// Precondition: `text` is JSON that Writer wrote.
std::string outline(std::string_view text);

}  // namespace writ::json
