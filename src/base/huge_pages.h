// Memory in large pages, for what is filled once from end to end: with pages of 4 KiB the kernel spends longer on
// handing out a gigabyte than a parser does on filling it.
#pragma once

#include <cstddef>

namespace writ {

// A hint that the `size` bytes at `begin` may be backed by large pages. Changes nothing else, and nothing at all where
// the system has no such thing or the range is too small to matter.
void prefer_huge_pages(void* begin, std::size_t size) noexcept;

}  // namespace writ
