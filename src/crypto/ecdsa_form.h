// The two spellings of an ECDSA signature over P-256: DER, which OpenSSL speaks, and r || s, which JOSE does.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace writ::crypto {

// RFC 7518, section 3.4: two numbers of 32 bytes each.
using RawSignature = std::array<unsigned char, 64>;

struct DerSignature {
  std::array<unsigned char, 72> bytes;
  std::size_t size = 0;
};

// SEQUENCE { INTEGER r, INTEGER s }. RFC 3279, section 2.2.3.
DerSignature to_der(const RawSignature& raw) noexcept;
// None for anything but DER's one spelling of two numbers of at most 32 bytes.
std::optional<RawSignature> to_raw(std::string_view der) noexcept;

}  // namespace writ::crypto
