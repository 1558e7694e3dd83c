// What `writ help` says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace writ::cli {

// The names of all commands, in the order in which the overview lists them.
std::vector<std::string_view> command_names();
// The overview.
std::string help_text();
// What there is to know of one command, with an example; empty if there is none of that name.
std::string help_text(std::string_view command);

}  // namespace writ::cli
