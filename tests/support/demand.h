// What a fuzzer holds an answer to, and what it holds it against.
#pragma once

#include <string_view>

#include "writ/policy.h"

namespace writ::test {

// Says what does not hold, with the text that showed it where one is given, and ends the process.
void demand(bool holds, std::string_view what, std::string_view text = {});

// Of text that must compile.
Policy compiled(std::string_view text);

}  // namespace writ::test
