// "did you mean": the known name that a wrong one was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace writ {

// The known name nearest to `wrong` by insertions, deletions, replacements and swaps of neighbouring bytes, of those
// within max(1, a third of its length); of several equally near the first in byte order, so that the answer does not
// depend on the order of `known`. Empty if there is none. Names longer than 128 bytes are neither asked for nor found.
std::string suggest(std::string_view wrong, const std::vector<std::string_view>& known);

}  // namespace writ
