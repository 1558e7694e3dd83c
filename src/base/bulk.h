// Bulk<T>: a vector for what there may be a million of. Much memory comes in large pages, as with pages of 4 KiB the
// kernel spends longer on handing out a gigabyte than a parser does on filling it; and even large pages it clears
// before it hands them out. So what one stage lets go of, the next one fills: see BulkReuse. Tested by
// tests/unit/base/bulk_test.cc.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace writ {

namespace bulk {

inline constexpr std::size_t kAlignment = 64;

// Memory of `bytes`, aligned to kAlignment, with no particular content; with the same number back again. Thread-safe.
// Throws std::bad_alloc.
void* take(std::size_t bytes);
void give(void* first, std::size_t bytes) noexcept;

struct Room {
  void* first = nullptr;
  std::size_t bytes = 0;
};
// Has the kernel hand out memory, which was taken like that, now and not when it is first written to. Changes nothing
// of what is in it, so that another thread may be writing there, and may have given it back. A hint.
void fetch(const Room& room) noexcept;

// Bytes that came in large pages and are used or wait to be, by all threads: malloc() knows nothing of them.
std::size_t held() noexcept;

}  // namespace bulk

// While one lives, large memory that this thread gives back is kept for what it takes next; then it goes to the system.
// Inside of another one it does nothing.
class BulkReuse {
 public:
  class Pool;

  BulkReuse();
  // Shares what another thread's keeps, which has to live longer. nullptr: that has none.
  explicit BulkReuse(Pool* of_another) noexcept;
  ~BulkReuse();
  BulkReuse(const BulkReuse&) = delete;
  BulkReuse& operator=(const BulkReuse&) = delete;

  // What this thread's keeps; nullptr where none lives.
  static Pool* pool() noexcept;

 private:
  std::unique_ptr<Pool> own_;
  Pool* before_;
};

template <class T>
struct BulkAllocator {
  static_assert(alignof(T) <= bulk::kAlignment);
  using value_type = T;
  BulkAllocator() noexcept = default;
  template <class U>
  BulkAllocator(const BulkAllocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor): allocators convert

  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(bulk::take(count * sizeof(T)));
  }
  void deallocate(T* first, std::size_t count) noexcept { bulk::give(first, count * sizeof(T)); }
  template <class U>
  bool operator==(const BulkAllocator<U>&) const noexcept {
    return true;
  }
};

template <class T>
using Bulk = std::vector<T, BulkAllocator<T>>;

// Of `items = {}` a vector keeps its room.
template <class T>
void let_go(Bulk<T>& items) noexcept {
  Bulk<T>().swap(items);
}

// Where it has room.
template <class T>
bulk::Room room_of(Bulk<T>& items) noexcept {
  return {items.data(), items.capacity() * sizeof(T)};
}

}  // namespace writ
