// The headers of an image: that it is one, of this version, and as long as they say together.
#pragma once

#include <cstddef>

#include "src/policy/program.h"
#include "writ/result.h"

namespace writ::policy {

// How many of the image's `size` bytes are the program's. There are as many as its header has, at least.
Result<std::size_t> check_header(const ImageHeader& head, std::size_t size);
// The header behind the program, where so many bytes are left.
Result<void> check_header(const EntitiesHeader& head, std::size_t left);

}  // namespace writ::policy
