#include "src/cli/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "src/cli/command.h"

namespace writ::cli {
namespace {

namespace fs = std::filesystem;

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// 0, or what went wrong. Closes the file whatever happens.
int fill(int file, std::string_view bytes, bool sync) {
  if (file < 0) return errno;
  int error = write_all(file, bytes) && (!sync || ::fsync(file) == 0) ? 0 : errno;
  if (::close(file) != 0 && error == 0) error = errno;
  return error;
}

int replace(const std::string& path, std::string_view bytes) {
  struct stat old {};
  const bool there = ::stat(path.c_str(), &old) == 0;
  if (there && !S_ISREG(old.st_mode)) return fill(::open(path.c_str(), O_WRONLY | O_CLOEXEC), bytes, false);
  std::error_code ignored;
  const std::string target = there ? fs::canonical(path, ignored).string() : path;
  std::string half = target + ".XXXXXX";
  const int file = ::mkostemp(half.data(), O_CLOEXEC);
  if (file < 0) return errno;
  // A new file gets what any program would give it.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = there ? old.st_mode & 07777U : 0666U & ~mask;
  int error = ::fchmod(file, mode) == 0 ? 0 : errno;
  const int filled = fill(file, bytes, true);
  if (error == 0) error = filled;
  if (error == 0 && ::rename(half.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(half.c_str());
  return error;
}

}  // namespace

bool write_file(const std::string& path, std::string_view bytes) {
  const int error = replace(path, bytes);
  if (error == 0) return true;
  complain(path + ": cannot write the file: " + std::strerror(error) + "; check the path and its permissions");
  return false;
}

}  // namespace writ::cli
