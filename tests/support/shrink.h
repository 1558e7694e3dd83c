// Failing cases, made small, shown and kept.
#pragma once

#include <functional>
#include <string>

#include "tests/reference/generate.h"

namespace writ::test {

// Drops statements, parts of conditions, data and facts as long as the case still fails. Cases that do not compile are
// for `fails` to refuse.
reference::Case shrink(reference::Case from, const std::function<bool(const reference::Case&)>& fails);

// Everything one needs to see.
std::string show(const reference::Case& failing);

// Writes NAME.writ, NAME.data.jsonl and NAME.jsonl (the requests); reads them back.
void save(const reference::Case& failing, const std::string& folder, const std::string& name);
reference::Case read_case(const std::string& path_without_ending);

}  // namespace writ::test
