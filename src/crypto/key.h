// A key of one algorithm, and the parts that keys are made of.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "src/crypto/secret.h"
#include "writ/algorithm.h"

namespace writ::crypto {

// The numbers and texts a key consists of, as bytes, big-endian. RFC 7518, section 6; RFC 8037, section 2. Which are
// there depends on the algorithm; `d` or `k` is there where it can sign.
struct KeyParts {
  std::string x, y;         // Ed25519: x; P-256: x and y
  std::string n, e;         // RSA
  Secret d;                 // private: Ed25519's seed, P-256's number, RSA's exponent
  Secret p, q, dp, dq, qi;  // RSA, private
  Secret k;                 // HMAC
};

inline constexpr std::size_t kMinRsaBits = 2048;  // RFC 7518, section 3.3
inline constexpr std::size_t kMaxRsaBits = 8192;  // past it, verifying costs whoever is sent such a key too much
inline constexpr std::size_t kMinMacBytes = 32;   // RFC 7518, section 3.2
inline constexpr std::size_t kMaxSignature = kMaxRsaBits / 8;

class KeyState;

// What.          A key, checked when it was made, which signs and verifies by one algorithm and by no other.
// Thread-safety. Immutable; any number of threads sign and verify with one key.
// Lifetime.      Copies share one state. The last one wipes it, with every context made from it.
// Cost.          A pointer; the state about 4 KiB.
// Fails.         Never. Moved-from keys may only be assigned to or destroyed.
class Key {
 public:
  explicit Key(std::shared_ptr<const KeyState> state) noexcept : state_(std::move(state)) {}

  Algorithm algorithm() const noexcept;
  bool can_sign() const noexcept;                             // has its private part
  std::size_t signature_size() const noexcept;                // of each of its signatures
  const KeyState& state() const noexcept { return *state_; }  // for src/crypto alone

 private:
  std::shared_ptr<const KeyState> state_;
};

}  // namespace writ::crypto
