// URL -> the one spelling of all that are the same by RFC 3986.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace writ::token {

// An http or https URL without query and fragment, normalised by syntax and by scheme (RFC 3986, sections 6.2.2 and
// 6.2.3), as RFC 9449, section 4.3, compares them: scheme and host in lower case, %XX in upper case and only where the
// character is not unreserved, no `.` and `..`, no port where it is the scheme's own, no path is the path `/`. None
// where it is no such URL, or names a user.
std::optional<std::string> normalize_url(std::string_view url);

}  // namespace writ::token
