// The digests of an image: XXH3 of each chunk of it, and one over those and the header, which is the policy's own.
// Entities that follow the program have the same of their own.
// They find what went wrong by itself: a bit that flipped, a block that was not written. They do not find forgery,
// which is what signatures are for, and a cryptographic digest of the whole file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "src/base/hash.h"
#include "src/policy/program.h"

namespace writ::policy {

inline constexpr std::size_t kChunkBytes = std::size_t{64} << 10U;

// Chunks of what lies between the header and the chunks section.
constexpr std::uint64_t chunk_count(std::uint64_t body_bytes) noexcept {
  return (body_bytes + kChunkBytes - 1) / kChunkBytes;
}

// Fills in the chunks section and the header's digest; then those of the entities, if some follow, and of which program
// they are. False, and nothing is done, where the program's section is not its last or not as large as it has to be.
bool seal_image(std::span<std::byte> image) noexcept;

// Whether all digests of a program are right. The whole of it is covered: header, chunks section and all between them.
bool is_intact(std::span<const std::byte> program) noexcept;
// The same of entities; `of` is the program that they follow.
bool is_intact(std::span<const std::byte> entities, const ImageHeader& of) noexcept;

// What the entities' header has to say of their size, if so many bytes are left behind the program.
bool has_right_size(const EntitiesHeader& header, std::size_t bytes) noexcept;

}  // namespace writ::policy
