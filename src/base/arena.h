// Memory that is given back all at once. Addresses stay valid until then.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

namespace writ {

// Not thread-safe. Holds trivially destructible things only.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) {
    std::size_t at = (used_ + alignment - 1) & ~(alignment - 1);
    if (blocks_.empty() || at + bytes > size_) {
      grow(bytes);
      at = 0;
    }
    used_ = at + bytes;
    return blocks_.back().bytes.get() + at;
  }

  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < count; ++i)
      new (first + i) T();
    return {first, count};
  }

  template <class T>
  std::span<const T> copy(std::span<const T> from) {
    std::span<T> to = array<T>(from.size());
    for (std::size_t i = 0; i < from.size(); ++i)
      to[i] = from[i];
    return to;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {"", 0};
    char* bytes = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  std::size_t bytes() const { return total_; }

  // Whether it gave out the memory at `address`. Linear in blocks.
  bool contains(const void* address) const {
    const auto* const at = static_cast<const std::byte*>(address);
    for (const Block& block : blocks_) {
      if (!std::less<>()(at, block.bytes.get()) && std::less<>()(at, block.bytes.get() + block.size)) return true;
    }
    return false;
  }

  // Everything it gave out is gone; the newest block is kept for what comes next.
  void clear() {
    if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
    total_ = blocks_.empty() ? 0 : blocks_.back().size;
    used_ = 0;
  }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  void grow(std::size_t least) {
    std::size_t size = blocks_.empty() ? 1024 : size_ * 2;
    if (size > kLargestBlock) size = kLargestBlock;
    if (size < least) size = least;
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
    size_ = size;
    total_ += size;
  }

  static constexpr std::size_t kLargestBlock = std::size_t{1} << 20;
  std::vector<Block> blocks_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  std::size_t total_ = 0;
};

}  // namespace writ
