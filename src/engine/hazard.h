// Hazards: where each thread says what it is reading right now, so that whoever replaces it does not give it back too
// early (hazard pointers, M. Michael, "Hazard Pointers: Safe Memory Reclamation for Lock-Free Objects", 2004).
//
// A reader stores what it found and looks again whether that is still live; between the two every processor wants a
// fence, which costs as much as a decision. Here the writer pays: it makes all threads of the process pass a fence
// (membarrier(2)) before it looks at their slots. Where the kernel has no such call, readers fence for themselves.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>

namespace writ {

// A line of its own, so that threads do not meet. Belongs to one thread at a time, shared by all engines: a thread is
// inside one call of one of them.
struct alignas(64) HazardSlot {
  std::atomic<const void*> reading{nullptr};
  std::atomic<bool> taken{false};
};

namespace hazard {

// Of the calling thread; nullptr until it has asked take_slot() for it.
extern constinit thread_local HazardSlot* own_slot;
// Whether the writer's fence works. Set by prepare().
extern constinit std::atomic<bool> writer_fences;

// Takes a slot until the thread ends. nullptr where more threads are there than slots. Allocates nothing.
HazardSlot* take_slot() noexcept;

// Must have returned once before anything is read under a hazard.
void prepare() noexcept;

// Between a reader's store and its second look.
inline void reader_fence() noexcept {
  if (writer_fences.load(std::memory_order_relaxed)) {
    std::atomic_signal_fence(std::memory_order_seq_cst);
  } else {
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
}

// Between a writer's store and its look at the slots. False: it cannot be told who reads what, give nothing back.
bool writer_fence() noexcept;

// Every slot that was ever taken.
std::span<const HazardSlot> slots() noexcept;

}  // namespace hazard
}  // namespace writ
