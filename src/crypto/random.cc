// Tested by tests/unit/crypto/random_test.cc.
#include "src/crypto/random.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include <openssl/rand.h>

#include "src/crypto/failure.h"
#include "src/crypto/secret.h"

namespace writ::crypto {
namespace {

// A page that is all zero in a forked child, whoever forked and however: `left` is then 0, and the child draws its own.
// pthread_atfork would not see a clone(2); a process's number may come back.
struct Block {
  std::size_t left;
  unsigned char bytes[4096 - sizeof(std::size_t)];
};

class Pool {
 public:
  Pool() noexcept {
    void* const page = ::mmap(nullptr, sizeof(Block), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    if (::madvise(page, sizeof(Block), MADV_WIPEONFORK) == 0) {
      block_ = static_cast<Block*>(page);
    } else {
      ::munmap(page, sizeof(Block));  // a kernel that cannot wipe: nothing is kept
    }
  }
  ~Pool() {
    if (block_ == nullptr) return;
    wipe(block_, sizeof(Block));
    ::munmap(block_, sizeof(Block));
    block_ = nullptr;
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool take(std::span<unsigned char> out) noexcept {
    if (block_ == nullptr || out.size() > sizeof(block_->bytes)) return draw(out.data(), out.size());
    if (block_->left < out.size()) {
      if (!draw(block_->bytes, sizeof(block_->bytes))) return false;
      block_->left = sizeof(block_->bytes);
    }
    // Taken bytes are overwritten, so that who reads this memory later cannot tell what was given out.
    unsigned char* const from = block_->bytes + (block_->left - out.size());
    std::memcpy(out.data(), from, out.size());
    wipe(from, out.size());
    block_->left -= out.size();
    return true;
  }

 private:
  static bool draw(unsigned char* out, std::size_t size) noexcept {
    const Failures failures;
    return RAND_bytes(out, static_cast<int>(size)) == 1;
  }

  Block* block_ = nullptr;
};

}  // namespace

bool random_bytes(std::span<unsigned char> out) noexcept {
  constexpr std::size_t kMost = std::size_t{1} << 20;  // RAND_bytes counts in int
  thread_local Pool pool;
  for (std::size_t done = 0; done < out.size(); done += std::min(kMost, out.size() - done)) {
    if (!pool.take(out.subspan(done, std::min(kMost, out.size() - done)))) return false;
  }
  return true;
}

}  // namespace writ::crypto
