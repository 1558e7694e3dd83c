// Policies by chance: every construct of the grammar in every place, as far as the parser goes; what they mean is not
// asked.
#pragma once

#include <cstdint>
#include <string>

namespace writ::policy {

// The same text for the same seed. Untidy ones have white space, line breaks and comments wherever they may stand.
std::string random_policy(std::uint64_t seed, bool untidy);

}  // namespace writ::policy
