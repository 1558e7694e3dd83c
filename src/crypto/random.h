// Random bytes for what is public: ids of tokens. Keys are drawn by OpenSSL itself.
#pragma once

#include <cstdint>
#include <span>

namespace writ::crypto {

// Fills `out` from a block that each thread keeps; one draw from OpenSSL costs as much as forty of these. A process
// that forks cannot draw what its parent draws: the kernel wipes the block in the child. False, and nothing to be used
// in `out`, where OpenSSL has no randomness.
[[nodiscard]] bool random_bytes(std::span<unsigned char> out) noexcept;

}  // namespace writ::crypto
