// KeyState -> Context.
#pragma once

#include <memory>

#include "src/crypto/key_state.h"

namespace writ::crypto {

enum class Direction : bool { kSign, kVerify };

// From the key's pool, or new; nullptr where OpenSSL cannot.
std::unique_ptr<Context> prepare(const KeyState& key, Direction direction) noexcept;

// HMAC over `message` into 32 bytes at `out`. Precondition: an HS256 key's context.
bool mac(const Context& context, std::string_view message, unsigned char* out) noexcept;

}  // namespace writ::crypto
