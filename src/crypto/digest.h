// SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace writ::crypto {

struct Digest {
  std::array<unsigned char, 32> bytes{};
  std::string_view view() const noexcept { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

// False, and nothing in `out`, where OpenSSL cannot: it is built or configured without SHA-256, or has no memory. A
// thread keeps one context.
[[nodiscard]] bool digest(std::string_view bytes, Digest& out) noexcept;

}  // namespace writ::crypto
