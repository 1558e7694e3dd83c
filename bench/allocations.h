// How often this thread asked for memory by operator new.
#pragma once

#include <cstdint>

namespace writ::bench {

std::uint64_t allocations() noexcept;

}  // namespace writ::bench
