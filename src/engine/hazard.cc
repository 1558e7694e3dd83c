// Tested by tests/threads.
#include "src/engine/hazard.h"

#include <pthread.h>

#include <mutex>

#ifdef __linux__
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace writ::hazard {
namespace {

constexpr std::size_t kSlots = 1024;
constinit HazardSlot all_slots[kSlots];
constinit std::atomic<std::size_t> slots_used{0};
constinit std::once_flag prepared;
pthread_key_t key_of_slot;
bool has_key = false;

#ifdef __linux__
bool membarrier(int command) noexcept {
  return syscall(SYS_membarrier, command, 0, 0) == 0;
}
bool register_writer() noexcept {
  return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}
bool fence_all_threads() noexcept {
  return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}
#else
bool register_writer() noexcept {
  return false;
}
bool fence_all_threads() noexcept {
  return false;
}
#endif

void give_slot_back(void* slot) noexcept {
  own_slot = nullptr;
  static_cast<HazardSlot*>(slot)->taken.store(false, std::memory_order_release);
}

}  // namespace

constinit thread_local HazardSlot* own_slot = nullptr;
constinit std::atomic<bool> writer_fences{false};

void prepare() noexcept {
  std::call_once(prepared, [] {
    writer_fences.store(register_writer());
    has_key = pthread_key_create(&key_of_slot, give_slot_back) == 0;
  });
}

HazardSlot* take_slot() noexcept {
  // A slot that would not come back when the thread ends is not taken.
  if (!has_key) return nullptr;
  for (std::size_t i = 0; i < kSlots; ++i) {
    HazardSlot& slot = all_slots[i];
    bool taken = slot.taken.load(std::memory_order_relaxed);
    if (taken || !slot.taken.compare_exchange_strong(taken, true, std::memory_order_acquire)) continue;
    if (pthread_setspecific(key_of_slot, &slot) != 0) {
      slot.taken.store(false, std::memory_order_release);
      return nullptr;
    }
    std::size_t used = slots_used.load();
    while (used <= i && !slots_used.compare_exchange_weak(used, i + 1)) {
    }
    own_slot = &slot;
    return &slot;
  }
  return nullptr;
}

bool writer_fence() noexcept {
  if (writer_fences.load()) return fence_all_threads();
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return true;
}

std::span<const HazardSlot> slots() noexcept {
  return {all_slots, slots_used.load()};
}

}  // namespace writ::hazard
