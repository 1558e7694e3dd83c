// What is behind a Key: OpenSSL's object, and contexts that are kept between uses.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "src/crypto/handles.h"
#include "src/crypto/key.h"

namespace writ::crypto {

// Prepared for one key and one direction; which of them is there depends on the algorithm.
struct Context {
  DigestContext digest;  // EdDSA
  PkeyContext pkey;      // ES256, RS256, PS256
  MacContext mac;        // HS256
};

// What.          Contexts between uses: preparing one costs up to a tenth of a signature. A thread takes one out, uses
//                it alone and puts it back; threads that meet in a slot make a further one and give it up afterwards.
// Thread-safety. All of it; a slot is one atomic exchange, no lock.
// Lifetime.      The key's, so that nothing made from a private key outlives it. (Contexts that each thread keeps by
//                itself would.)
// Cost.          Two exchanges a use; a context for each thread that has used the key, at most kSlots.
// Fails.         Never; an empty slot is nullptr.
class ContextPool {
 public:
  ContextPool() = default;
  ContextPool(const ContextPool&) = delete;
  ContextPool& operator=(const ContextPool&) = delete;
  ~ContextPool() {
    for (Slot& slot : slots_)
      delete slot.kept.load(std::memory_order_acquire);
  }

  std::unique_ptr<Context> take() noexcept {
    return std::unique_ptr<Context>(mine().exchange(nullptr, std::memory_order_acquire));
  }
  void put_back(std::unique_ptr<Context> context) noexcept {
    delete mine().exchange(context.release(), std::memory_order_acq_rel);
  }

 private:
  static constexpr std::size_t kSlots = 32;
  struct alignas(64) Slot {
    std::atomic<Context*> kept{nullptr};
  };

  std::atomic<Context*>& mine() noexcept { return slots_[thread_number() % kSlots].kept; }
  static std::size_t thread_number() noexcept {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
    return number;
  }

  std::array<Slot, kSlots> slots_;
};

class KeyState {
 public:
  KeyState(Algorithm of, PkeyHandle made, bool has_private, std::size_t bytes)
      : algorithm(of), can_sign(has_private), signature_size(bytes), pkey(std::move(made)) {}
  KeyState(Algorithm of, Secret shared)
      : algorithm(of), can_sign(true), signature_size(32), mac_key(std::move(shared)) {}

  Algorithm algorithm;
  bool can_sign;
  std::size_t signature_size;
  PkeyHandle pkey;  // none for HS256
  Secret mac_key;
  mutable ContextPool signing;
  mutable ContextPool verifying;
};

}  // namespace writ::crypto
