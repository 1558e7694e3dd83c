// Tested by tests/unit/crypto/key_test.cc.
#include "src/crypto/key.h"

#include "src/crypto/key_state.h"

namespace writ::crypto {

Algorithm Key::algorithm() const noexcept {
  return state_->algorithm;
}

bool Key::can_sign() const noexcept {
  return state_->can_sign;
}

std::size_t Key::signature_size() const noexcept {
  return state_->signature_size;
}

}  // namespace writ::crypto
