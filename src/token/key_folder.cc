// Tested by tests/unit/token/key_folder_test.cc.
#include "src/token/key_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "src/token/read_file.h"
#include "src/token/read_jwk.h"
#include "src/token/write_jwk.h"
#include "writ/keys.h"

namespace writ::token {
namespace {

constexpr std::string_view kEnding = ".jwk";

Error about(ErrorCode code, const std::string& path, std::string_view what) {
  return Error(code, path).append(": ").append(what);
}

Result<void> check_folder(const std::string& folder) {
  struct stat state {};
  if (::stat(folder.c_str(), &state) != 0) return about(ErrorCode::kUnreadable, folder, std::strerror(errno));
  if (!S_ISDIR(state.st_mode)) return about(ErrorCode::kUnreadable, folder, "not a folder");
  if (state.st_uid != ::geteuid() && state.st_uid != 0) {
    return about(ErrorCode::kBadKey, folder, "belongs to another user: only its owner may have private keys");
  }
  if ((state.st_mode & 022U) != 0) {
    return about(ErrorCode::kBadKey, folder, "others may change it: chmod go-w, or they can put in keys of their own");
  }
  return {};
}

Result<std::vector<std::string>> files_of(const std::string& folder) {
  DIR* const open = ::opendir(folder.c_str());
  if (open == nullptr) return about(ErrorCode::kUnreadable, folder, std::strerror(errno));
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(open)) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(kEnding) && name.size() > kEnding.size()) names.emplace_back(name);
  }
  const int fault = errno;
  ::closedir(open);
  if (fault != 0) return about(ErrorCode::kUnreadable, folder, std::strerror(fault));
  if (names.size() > kMaxKeys) return about(ErrorCode::kTooMany, folder, "more than 256 keys");
  std::sort(names.begin(), names.end());
  return names;
}

// The id is what makes the name; one that is no plain name could lead out of the folder.
bool is_plain(std::string_view id) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !id.empty() && id.size() <= 200 && id[0] != '.' && std::all_of(id.begin(), id.end(), plain);
}

int fill(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

// 0, or an errno. mkostemp() gives the file to its owner alone.
int replace(const std::string& path, std::string_view bytes) {
  std::string half = path + ".XXXXXX";
  const int file = ::mkostemp(half.data(), O_CLOEXEC);
  if (file < 0) return errno;
  int fault = fill(file, bytes);
  if (::close(file) != 0 && fault == 0) fault = errno;
  if (fault == 0 && ::rename(half.c_str(), path.c_str()) != 0) fault = errno;
  if (fault != 0) ::unlink(half.c_str());
  return fault;
}

// So that a new name is there after a loss of power, too.
int sync_folder(const std::string& folder) {
  const int open = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (open < 0) return errno;
  const int fault = ::fsync(open) == 0 ? 0 : errno;
  ::close(open);
  return fault;
}

}  // namespace

Result<std::vector<Jwk>> read_key_folder(const std::string& folder) {
  if (const Result<void> closed = check_folder(folder); !closed) return closed.error();
  const Result<std::vector<std::string>> names = files_of(folder);
  if (!names) return names.error();
  std::vector<Jwk> keys;
  for (const std::string& name : *names) {
    std::string path = folder;
    path.append("/").append(name);
    const Result<crypto::Secret> text = read_file(path, Access::kOwnerAlone);
    if (!text) return text.error();
    Result<ReadKeys> read = read_jwks(text->view());
    if (!read) return about(read.error().code, path, read.error().detail());
    if (read->keys.size() != 1) return about(ErrorCode::kBadKey, path, "holds a set of keys; a file holds one");
    if (read->keys.front().id + std::string(kEnding) != name) {
      return about(ErrorCode::kBadKey, path, "is not named after the key it holds: its kid, and .jwk");
    }
    keys.push_back(std::move(read->keys.front()));
  }
  return keys;
}

Result<void> make_key_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return check_folder(folder);
  return about(ErrorCode::kUnreadable, folder, std::strerror(errno));
}

Result<void> write_key_file(const std::string& folder, const Jwk& jwk) {
  if (!is_plain(jwk.id))
    return Error(ErrorCode::kBadKey, "a kid that is no name of a file cannot be saved in a folder");
  std::string text;
  if (const Result<void> written = write_jwk(jwk, crypto::Parts::kAll, text); !written) return written;
  text += '\n';
  const std::string path = folder + '/' + jwk.id + std::string(kEnding);
  int fault = replace(path, text);
  crypto::wipe(text.data(), text.size());
  if (fault == 0) fault = sync_folder(folder);
  if (fault != 0) return about(ErrorCode::kUnreadable, path, std::strerror(fault));
  return {};
}

Result<void> remove_key_file(const std::string& folder, const std::string& id) {
  if (!is_plain(id)) return Error(ErrorCode::kBadKey, "a kid that is no name of a file is in no folder");
  const std::string path = folder + '/' + id + std::string(kEnding);
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return about(ErrorCode::kUnreadable, path, std::strerror(errno));
  struct stat state {};
  int fault = ::fstat(file, &state) == 0 ? 0 : errno;
  if (fault == 0) fault = fill(file, std::string(static_cast<std::size_t>(state.st_size), '\0'));
  ::close(file);
  if (fault == 0 && ::unlink(path.c_str()) != 0) fault = errno;
  if (fault != 0) return about(ErrorCode::kUnreadable, path, std::strerror(fault));
  return {};
}

}  // namespace writ::token
