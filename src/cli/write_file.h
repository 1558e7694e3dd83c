// Bytes -> file.
#pragma once

#include <string>
#include <string_view>

namespace writ::cli {

// Puts the bytes in place of the file's, at once or not at all: whoever opens it sees what was there before, or all of
// what is there now. Keeps the permissions of a file that is replaced, and follows a symbolic link to it. What is no
// file (a pipe, a device) is written to. Says on standard error what went wrong, and then leaves the file as it was.
bool write_file(const std::string& path, std::string_view bytes);

}  // namespace writ::cli
