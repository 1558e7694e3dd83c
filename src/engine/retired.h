// Retired: states that were replaced, until it is certain that nobody reads them any more.
//
// To be certain takes a fence in every thread of the process (hazard.h), which interrupts those that decide. So states
// are gathered, up to a bound, and one fence is made for all of them.
//
// Why one is enough for many, however long ago they were replaced. A reader names in its slot what it found live, and
// looks whether that is still live, in this order; it reads only what it found both times. The writer takes a state out
// of `live`, later makes the fence, and then looks at the slots. The fence falls somewhere between any two steps of
// each reader. Of a reader that named the state before it, the slot is seen. One that named it after it looks a second
// time after it, too, and by then it was taken out: the reader finds another state, and does not read this one. All
// that matters is that each state was taken out before the fence, and that the slots are looked at after it; no state
// is older than the fence by too much. Nor can the second look be deceived by a new state at the address of an old one:
// no address is free before the slots were looked at, and a state that is found live at an address is the one to read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/engine/live.h"

namespace writ {

// Not thread-safe: for whoever holds the writer's lock.
class Retired {
 public:
  // What engine.h promises: so many states, and about so many bytes that only they hold, wait at the most.
  static constexpr std::size_t kMostStates = 1024;
  static constexpr std::size_t kMostBytes = std::size_t{16} << 20U;

  Retired() = default;
  Retired(const Retired&) = delete;
  Retired& operator=(const Retired&) = delete;
  // Precondition: nobody reads.
  ~Retired();

  // Takes over `old`, which `next` has replaced already. `without_slot`: how many read now whose slots do not show it.
  void add(const Live* old, const Live& next, const std::atomic<std::uint32_t>& without_slot);

 private:
  bool is_new(const void* held);
  void give_back(const std::atomic<std::uint32_t>& without_slot);

  std::vector<const Live*> states_;
  std::vector<const void*> counted_;  // programs and snapshots that are in bytes_
  std::size_t bytes_ = 0;
};

}  // namespace writ
