// The signature algorithms of tokens. RFC 7518, section 3.1; RFC 8037, section 3.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace writ {

enum class Algorithm : std::uint8_t {
  kEdDSA,  // Ed25519
  kES256,  // ECDSA over P-256 with SHA-256
  kRS256,  // RSASSA-PKCS1-v1_5 with SHA-256
  kPS256,  // RSASSA-PSS with SHA-256 and a salt of 32 bytes
  kHS256,  // HMAC with SHA-256, for whoever mints and verifies in one process: who verifies can also mint
};

// "EdDSA", "ES256", ...: what stands in a header's `alg`.
std::string_view algorithm_name(Algorithm algorithm) noexcept;
// None for any other text; letters count as they are, so `none` and all its spellings are no algorithm.
std::optional<Algorithm> algorithm_named(std::string_view name) noexcept;

}  // namespace writ
