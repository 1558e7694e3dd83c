// Tested by tests/unit/token/key_folder_test.cc.
#include "src/token/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace writ::token {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;

Error about(ErrorCode code, const std::string& path, std::string_view what) {
  return Error(code, path).append(": ").append(what);
}

Result<crypto::Secret> read_open(int file, const std::string& path, Access access) {
  struct stat state {};
  if (::fstat(file, &state) != 0) return about(ErrorCode::kUnreadable, path, std::strerror(errno));
  if (!S_ISREG(state.st_mode)) return about(ErrorCode::kUnreadable, path, "not a file");
  if (access == Access::kOwnerAlone) {
    if (state.st_uid != ::geteuid() && state.st_uid != 0) {
      return about(ErrorCode::kBadKey, path, "belongs to another user: only its owner may have a private key");
    }
    if ((state.st_mode & 077U) != 0) {
      return about(ErrorCode::kBadKey, path,
                   "others may open it: chmod 600, and make new keys if they may have done so");
    }
  }
  const auto size = static_cast<std::size_t>(state.st_size);
  if (size > kMaxFile) return about(ErrorCode::kTooMany, path, "more than 1 MiB");
  crypto::Secret bytes(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = ::read(file, bytes.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return about(ErrorCode::kUnreadable, path, std::strerror(errno));
    if (count == 0) return about(ErrorCode::kUnreadable, path, "it shrank while it was read");
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

Result<crypto::Secret> read_file(const std::string& path, Access access) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe would wait for its writer
  if (file < 0) return about(ErrorCode::kUnreadable, path, std::strerror(errno));
  Result<crypto::Secret> bytes = read_open(file, path, access);
  ::close(file);
  return bytes;
}

}  // namespace writ::token
