// Where the tree and the suites of others are. The one place that knows, so that no other object depends on it.
#pragma once

#include <string>

namespace writ::test {

std::string source_folder();  // the top of the tree
std::string shared_folder();  // suites and drivers of others; need not be there

}  // namespace writ::test
