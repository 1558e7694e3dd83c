#include "src/cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace writ::cli {
namespace {

constexpr std::size_t kBuffer = std::size_t{64} << 10U;

// https://no-color.org: any value but the empty one.
bool wants_colour() {
  const char* const no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) != "dumb";
}

std::size_t columns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::clamp<std::size_t>(size.ws_col, 40, 120);
}

}  // namespace

Output::Output(int descriptor) : descriptor_(descriptor), terminal_(isatty(descriptor) == 1) {
  if (!terminal_) return;
  colour_ = wants_colour();
  width_ = columns(descriptor);
}

Output::~Output() { flush(); }

Output& Output::operator<<(std::string_view text) {
  if (failed()) return *this;
  buffer_ += text;
  if (buffer_.size() >= kBuffer) flush();
  return *this;
}

void Output::flush() {
  std::size_t done = 0;
  while (!failed() && done < buffer_.size()) {
    const ssize_t count = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  buffer_.clear();
}

std::string Output::paint(Style style, std::string_view text) const {
  static constexpr const char* kCodes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m"};
  if (!colour_ || style == Style::kPlain) return std::string(text);
  return kCodes[static_cast<std::size_t>(style)] + std::string(text) + "\x1b[0m";
}

}  // namespace writ::cli
