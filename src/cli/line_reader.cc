#include "src/cli/line_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace writ::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10U;
constexpr std::size_t kMaxLine = std::size_t{256} << 20U;  // no JSON value is longer

}  // namespace

LineReader::LineReader(const std::string& path, std::function<void()> before_waiting)
    : file_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
      before_waiting_(std::move(before_waiting)) {
  if (file_ >= 0) return;
  error_ = errno;
  end_ = true;
}

LineReader::~LineReader() {
  if (file_ > STDIN_FILENO) ::close(file_);
}

bool LineReader::fill() {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  const std::size_t size = buffer_.size();
  before_waiting_();
  buffer_.resize(size + kPiece);
  ssize_t count = 0;
  do {
    count = ::read(file_, buffer_.data() + size, kPiece);
  } while (count < 0 && errno == EINTR);
  if (count < 0) error_ = errno;
  buffer_.resize(size + static_cast<std::size_t>(count > 0 ? count : 0));
  end_ = count <= 0;
  return !end_;
}

bool LineReader::next(std::string_view& line) {
  for (;;) {
    const std::size_t at = buffer_.find('\n', scanned_);
    if (at != std::string::npos) {
      line = std::string_view(buffer_).substr(begin_, at - begin_);
      begin_ = scanned_ = at + 1;
      ++number_;
      return true;
    }
    scanned_ = buffer_.size();
    if (scanned_ - begin_ > kMaxLine) {
      error_ = EMSGSIZE;
      end_ = true;
    }
    if (!end_ && fill()) continue;
    // What broke off is no line.
    if (begin_ == buffer_.size() || error_ != 0) return false;
    line = std::string_view(buffer_).substr(begin_);
    begin_ = buffer_.size();
    ++number_;
    return true;
  }
}

}  // namespace writ::cli
