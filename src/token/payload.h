// The JSON of a token while it is written.
#pragma once

#include <cstddef>
#include <string_view>

#include "writ/token.h"

namespace writ::token {

// What.          Bytes up to what fits into a token of kMaxToken bytes.
// Thread-safety. Not.
// Lifetime.      Owns its bytes; nothing on the heap.
// Cost.          12 KiB of stack, of which only what is written is touched.
// Fails.         What no longer fits is left out, and full() says so.
class Payload {
 public:
  void add(std::string_view text) noexcept {
    if (text.size() > sizeof(bytes_) - size_) {
      full_ = true;
      return;
    }
    text.copy(bytes_ + size_, text.size());  // not memcpy(), which may not be given the null of an empty view
    size_ += text.size();
  }
  bool full() const noexcept { return full_; }
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char bytes_[kMaxToken / 4 * 3];
  std::size_t size_ = 0;
  bool full_ = false;
};

}  // namespace writ::token
