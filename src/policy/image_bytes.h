// ImageBytes: the bytes of a compiled policy, held so that nobody can change them once they were verified: memory of
// our own, or a mapping of a file that the kernel no longer lets anybody change.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "src/base/bulk.h"
#include "writ/result.h"

namespace writ::policy {

class ImageBytes {
 public:
  static constexpr std::size_t kAlignment = bulk::kAlignment;

  ImageBytes() = default;
  ImageBytes(ImageBytes&& other) noexcept
      : first_(std::exchange(other.first_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        mapped_(std::exchange(other.mapped_, false)) {}
  ImageBytes& operator=(ImageBytes&& other) noexcept;
  ~ImageBytes();

  // Memory of our own, with no particular content.
  static ImageBytes room(std::size_t size);
  static ImageBytes copy(std::span<const std::byte> image);
  // The file, read into memory of our own: a file can be changed by others, also while it is mapped. kUnreadable.
  static Result<ImageBytes> read(const std::string& path);
  // A memfd whose content and size are sealed, mapped as it is. The descriptor can be closed afterwards. kUnreadable
  // where it is no such thing.
  static Result<ImageBytes> map_sealed(int descriptor);

  std::span<const std::byte> bytes() const noexcept { return {first_, size_}; }
  // Precondition: not mapped.
  std::span<std::byte> writable() noexcept { return {first_, size_}; }

 private:
  void release() noexcept;

  std::byte* first_ = nullptr;
  std::size_t size_ = 0;
  bool mapped_ = false;
};

}  // namespace writ::policy
