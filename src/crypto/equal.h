// Comparison of secrets.
#pragma once

#include <string_view>

namespace writ::crypto {

// Whether they are equal, in a time that depends on the lengths alone.
bool equal(std::string_view a, std::string_view b) noexcept;

}  // namespace writ::crypto
