// The digests of an image: XXH3 of each chunk of it, and one over those and the header, which is the policy's own.
// They find what went wrong by itself: a bit that flipped, a block that was not written. They do not find forgery,
// which is what signatures are for, and a cryptographic digest of the whole file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "src/base/hash.h"

namespace writ::policy {

inline constexpr std::size_t kChunkBytes = std::size_t{64} << 10U;

// Chunks of what lies between the header and the chunks section.
constexpr std::uint64_t chunk_count(std::uint64_t body_bytes) noexcept {
  return (body_bytes + kChunkBytes - 1) / kChunkBytes;
}

// Fills in the chunks section and the header's digest. False, and nothing is done, where the section is not the last or
// not as large as it has to be.
bool seal_image(std::span<std::byte> image) noexcept;

// Whether all digests are right. The whole of the image is covered: header, chunks section and all between them.
bool is_intact(std::span<const std::byte> image) noexcept;

}  // namespace writ::policy
