#include "bench/allocations.h"

#include <cstdlib>
#include <new>

namespace {
thread_local std::uint64_t made = 0;

void* take(std::size_t size, std::size_t alignment) {
  ++made;
  void* const memory = alignment == 0 ? std::malloc(size)
                                      : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

// Not inlined, so that the compiler does not see malloc() where it looks for operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
  return take(size, 0);
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace writ::bench {

std::uint64_t allocations() noexcept {
  return made;
}

}  // namespace writ::bench
