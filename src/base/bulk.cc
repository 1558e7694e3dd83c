#include "src/base/bulk.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

// The address sanitizer knows only what comes from malloc().
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WRIT_BULK_PLAIN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || !defined(__linux__) || !defined(MADV_HUGEPAGE)
#define WRIT_BULK_PLAIN
#endif

namespace writ {
namespace {

void* take_plain(std::size_t bytes) {
  return ::operator new (bytes, std::align_val_t{bulk::kAlignment});
}
void give_plain(void* first) noexcept {
  ::operator delete (first, std::align_val_t{bulk::kAlignment});
}

#ifndef WRIT_BULK_PLAIN
constexpr std::size_t kPage = std::size_t{2} << 20U;
constexpr std::size_t kLeast = kPage / 2;  // less than that is malloc()'s

std::atomic<std::size_t> held_bytes{0};

// Whole pages; which mapping they came from is all the same to the kernel.
struct Piece {
  std::byte* first = nullptr;
  std::size_t bytes = 0;
};

void unmap(const Piece& piece) noexcept {
  munmap(piece.first, piece.bytes);
  held_bytes.fetch_sub(piece.bytes, std::memory_order_relaxed);
}

std::size_t in_pages(std::size_t bytes) {
  return (bytes + kPage - 1) / kPage * kPage;
}

// Whole large pages, so that the kernel has no reason to use small ones.
std::byte* map(std::size_t bytes) {
  void* const mapped = mmap(nullptr, bytes + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* const begin = static_cast<std::byte*>(mapped);
  // As high as it goes: the next one will end where this one begins, so that both are one piece once they are let go.
  const std::size_t after = reinterpret_cast<std::uintptr_t>(begin) % kPage;
  std::byte* const first = begin + kPage - after;
  munmap(begin, kPage - after);
  if (after != 0) munmap(first + bytes, after);
  madvise(first, bytes, MADV_HUGEPAGE);
  held_bytes.fetch_add(bytes, std::memory_order_relaxed);
  return first;
}
#endif

}  // namespace

#ifdef WRIT_BULK_PLAIN

class BulkReuse::Pool {};

namespace bulk {

void* take(std::size_t bytes) {
  return take_plain(bytes);
}
void give(void* first, std::size_t) noexcept {
  give_plain(first);
}
void fetch(const Room&) noexcept {}

std::size_t held() noexcept {
  return 0;
}

}  // namespace bulk

BulkReuse::BulkReuse() : before_(nullptr) {}
BulkReuse::BulkReuse(Pool*) noexcept : before_(nullptr) {}
BulkReuse::~BulkReuse() = default;
BulkReuse::Pool* BulkReuse::pool() noexcept {
  return nullptr;
}

#else

class BulkReuse::Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    for (std::size_t i = 0; i < count_; ++i)
      unmap(pieces_[i]);
  }

  // The beginning of the smallest piece that is large enough. Where there is none, what there is, moved side by side,
  // and behind it what is missing.
  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    Piece* best = nullptr;
    for (std::size_t i = 0; i < count_; ++i) {
      if (pieces_[i].bytes >= bytes && (best == nullptr || pieces_[i].bytes < best->bytes)) best = &pieces_[i];
    }
    if (best != nullptr) return cut(*best, bytes);
    std::byte* const first = map(bytes);
    for (std::size_t at = 0; at < bytes && count_ != 0; at += kPage) {
      if (move(pieces_[count_ - 1], first + at)) continue;
      // Whether that page is still there is not known, and where it is not it may be somebody else's: it stays as it
      // is.
      held_bytes.fetch_sub(kPage, std::memory_order_relaxed);
      if (at != 0) unmap({first, at});
      if (at + kPage != bytes) unmap({first + at + kPage, bytes - at - kPage});
      return map(bytes);
    }
    return first;
  }

  // Keeps it, with its neighbours as one piece.
  void give(Piece piece) noexcept {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < count_;) {
      Piece& other = pieces_[i];
      if (other.first + other.bytes != piece.first && piece.first + piece.bytes != other.first) {
        ++i;
        continue;
      }
      piece = {std::min(piece.first, other.first), piece.bytes + other.bytes};
      drop(other);
      i = 0;
    }
    if (count_ == kMost) return unmap(piece);
    pieces_[count_++] = piece;
  }

 private:
  static constexpr std::size_t kMost = 64;
  void drop(Piece& piece) noexcept { piece = pieces_[--count_]; }

  std::byte* cut(Piece& piece, std::size_t bytes) noexcept {
    std::byte* const first = piece.first;
    piece.first += bytes;
    piece.bytes -= bytes;
    if (piece.bytes == 0) drop(piece);
    return first;
  }

  // Moves the piece's first page to where nothing was written yet. It is not copied: the kernel says that it lies there
  // from now on. A page at a time, as one mapping alone can be moved and pages side by side may be of several. False
  // where the kernel does not do it.
  bool move(Piece& piece, std::byte* to) noexcept {
    if (mremap(piece.first, kPage, kPage, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED) return false;
    held_bytes.fetch_sub(kPage, std::memory_order_relaxed);
    cut(piece, kPage);
    return true;
  }

  std::mutex mutex_;
  Piece pieces_[kMost];
  std::size_t count_ = 0;
};

namespace {

thread_local constinit BulkReuse::Pool* current = nullptr;

}  // namespace

namespace bulk {

void* take(std::size_t bytes) {
  if (bytes < kLeast) return take_plain(bytes);
  if (bytes > SIZE_MAX - 2 * kPage) throw std::bad_alloc();
  bytes = in_pages(bytes);
  return current == nullptr ? map(bytes) : current->take(bytes);
}

void give(void* first, std::size_t bytes) noexcept {
  if (first == nullptr) return;
  if (bytes < kLeast) return give_plain(first);
  const Piece piece{static_cast<std::byte*>(first), in_pages(bytes)};
  if (current == nullptr) return unmap(piece);
  current->give(piece);
}

void fetch([[maybe_unused]] const Room& room) noexcept {
#ifdef MADV_POPULATE_WRITE
  if (room.bytes < kLeast) return;
  auto* const begin = static_cast<std::byte*>(room.first);
  // A page at a time, so that who maps something meanwhile need not wait for all of it.
  for (std::size_t at = 0; at < room.bytes; at += kPage) {
    if (madvise(begin + at, kPage, MADV_POPULATE_WRITE) != 0) return;
  }
#endif
}

std::size_t held() noexcept {
  return held_bytes.load(std::memory_order_relaxed);
}

}  // namespace bulk

BulkReuse::BulkReuse() : own_(current == nullptr ? std::make_unique<Pool>() : nullptr), before_(current) {
  if (own_ != nullptr) current = own_.get();
}
BulkReuse::BulkReuse(Pool* of_another) noexcept : before_(current) {
  current = of_another;
}
BulkReuse::~BulkReuse() {
  current = before_;
}
BulkReuse::Pool* BulkReuse::pool() noexcept {
  return current;
}

#endif

}  // namespace writ
