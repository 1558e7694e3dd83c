// Bytes that must not outlive their use: private parts of keys.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace writ::crypto {

// Overwrites memory in a way that no compiler takes out.
void wipe(void* memory, std::size_t size) noexcept;

// What.          Bytes that are overwritten before their memory is given back.
// Thread-safety. As a string.
// Lifetime.      Owns its bytes. Moved, never copied: the bytes stay in one place. (A std::string would leave a copy of
//                a short text behind whenever it moves or grows.)
// Cost.          One allocation.
// Fails.         Never.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size) : bytes_(std::make_unique<char[]>(size)), size_(size) {}
  explicit Secret(std::string_view bytes) : Secret(bytes.size()) { bytes.copy(bytes_.get(), size_); }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
  Secret& operator=(Secret&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Secret() {
    if (bytes_ != nullptr) wipe(bytes_.get(), size_);
  }

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  char* data() noexcept { return bytes_.get(); }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace writ::crypto
