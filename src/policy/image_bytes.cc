// Tested by tests/image: files, sealed memory, and what is neither.
#include "src/policy/image_bytes.h"

#include <cerrno>
#include <cstring>
#include <new>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/bulk.h"
#include "src/policy/check_header.h"

namespace writ::policy {
namespace {

Error unreadable(std::string_view what, int number = 0) {
  Error error(ErrorCode::kUnreadable, what);
  if (number != 0) error.append(": ").append(std::strerror(number));
  return error;
}

class File {
 public:
  explicit File(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Its size, where it is a file of bytes.
Result<std::size_t> size_of(int descriptor) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return unreadable("cannot read the file", errno);
  if (!S_ISREG(about.st_mode)) return unreadable("not a regular file");
  return static_cast<std::size_t>(about.st_size);
}

template <class Header>
Result<Header> header_at(int descriptor, std::size_t place) {
  Header head;
  const ssize_t got = pread(descriptor, &head, sizeof(head), static_cast<off_t>(place));
  if (got < 0) return unreadable("cannot read the file", errno);
  return head;
}

// What says of itself that it is no image, or another size, is not read: a file with a hole may be as long as it likes.
Result<void> check_begin(int descriptor, std::size_t size) {
  if (size < sizeof(ImageHeader)) return {};  // verify() refuses it
  const Result<ImageHeader> head = header_at<ImageHeader>(descriptor, 0);
  if (!head) return head.error();
  const Result<std::size_t> program = check_header(*head, size);
  if (!program) return program.error();
  if (*program == size) return {};
  const Result<EntitiesHeader> entities = header_at<EntitiesHeader>(descriptor, *program);
  if (!entities) return entities.error();
  return check_header(*entities, size - *program);
}

}  // namespace

ImageBytes& ImageBytes::operator=(ImageBytes&& other) noexcept {
  if (this == &other) return *this;
  release();
  first_ = std::exchange(other.first_, nullptr);
  size_ = std::exchange(other.size_, 0);
  mapped_ = std::exchange(other.mapped_, false);
  return *this;
}

ImageBytes::~ImageBytes() {
  release();
}

void ImageBytes::release() noexcept {
  if (mapped_) {
    munmap(first_, size_);
  } else {
    bulk::give(first_, size_);
  }
}

ImageBytes ImageBytes::room(std::size_t size) {
  ImageBytes image;
  if (size == 0) return image;
  image.first_ = static_cast<std::byte*>(bulk::take(size));
  image.size_ = size;
  return image;
}

ImageBytes ImageBytes::copy(std::span<const std::byte> from) {
  ImageBytes image = room(from.size());
  if (!from.empty()) std::memcpy(image.first_, from.data(), from.size());
  return image;
}

Result<ImageBytes> ImageBytes::read(const std::string& path) {
  const File file(path);
  if (file.descriptor() < 0) return unreadable("cannot read the file", errno);
  const Result<std::size_t> size = size_of(file.descriptor());
  if (!size) return size.error();
  if (const Result<void> fine = check_begin(file.descriptor(), *size); !fine) return fine.error();
  ImageBytes image;
  try {
    image = room(*size);
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::kTooMany, "an image larger than the memory there is");
  }
  for (std::size_t at = 0; at < *size;) {
    const ssize_t got = ::read(file.descriptor(), image.first_ + at, *size - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable("cannot read the file", errno);
    if (got == 0) return unreadable("the file got shorter while it was read");
    at += static_cast<std::size_t>(got);
  }
  return image;
}

Result<ImageBytes> ImageBytes::map_sealed([[maybe_unused]] int descriptor) {
#ifdef F_GET_SEALS
  // Without F_SEAL_WRITE somebody could change what was verified; without F_SEAL_SHRINK, take it from under the reader.
  constexpr int kNeeded = F_SEAL_WRITE | F_SEAL_SHRINK;
  const int seals = fcntl(descriptor, F_GET_SEALS);
  if (seals < 0 || (seals & kNeeded) != kNeeded) {
    return unreadable("not sealed: a memfd with F_SEAL_WRITE and F_SEAL_SHRINK is needed");
  }
  const Result<std::size_t> size = size_of(descriptor);
  if (!size) return size.error();
  ImageBytes image;
  if (*size == 0) return image;
  void* const first = mmap(nullptr, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
  if (first == MAP_FAILED) return unreadable("cannot map the file", errno);
  image.first_ = static_cast<std::byte*>(first);
  image.size_ = *size;
  image.mapped_ = true;
  return image;
#else
  return Error(ErrorCode::kUnsupported, "this system has no sealed memory");
#endif
}

}  // namespace writ::policy
