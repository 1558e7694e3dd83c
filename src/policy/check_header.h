// The beginning of an image: that it is one, of this version, and as long as it says.
#pragma once

#include <cstddef>

#include "src/policy/program.h"
#include "writ/result.h"

namespace writ::policy {

Result<void> check_header(const ImageHeader& head, std::size_t size);

}  // namespace writ::policy
