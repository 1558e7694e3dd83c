#include "src/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace writ::cli {
namespace {

using Clock = std::chrono::steady_clock;

// Draws over itself, and is gone when the work is done.
class Bar {
 public:
  void operator()(const LoadProgress& progress) {
    const Clock::time_point now = Clock::now();
    const bool done = progress.bytes >= progress.total_bytes;
    if (progress.total_bytes == 0 || now - begin_ < std::chrono::seconds(1)) return;
    if (done) {
      if (drawn_) std::fputs("\r\x1b[K", stderr);
      return;
    }
    if (drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
    drawn_ = true;
    last_ = now;
    constexpr std::size_t kCells = 30;
    const auto share = static_cast<double>(progress.bytes) / static_cast<double>(progress.total_bytes);
    const auto full = static_cast<std::size_t>(share * kCells);
    const std::string bar = std::string(full, '#') + std::string(kCells - full, '.');
    std::fprintf(stderr, "\rloading data [%s] %3d %%, %llu entities", bar.c_str(), static_cast<int>(share * 100),
                 static_cast<unsigned long long>(progress.entities));
  }

 private:
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_;
  bool drawn_ = false;
};

// The first line up to its message in colour, and the carets; the rest as it is.
std::string coloured(const Diagnostic& diagnostic) {
  const Style style = diagnostic.severity == Severity::kError ? Style::kRed : Style::kYellow;
  const std::string text = writ::render(diagnostic);
  std::string out;
  bool first = true;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    const std::size_t name = line.find("]: ");
    const std::size_t bar = line.find('|');
    const std::size_t carets = line.find_last_not_of(" ^");
    if (first && name != std::string_view::npos) {
      out += paint(true, style, line.substr(0, name + 1)) + paint(true, Style::kBold, line.substr(name + 1));
    } else if (bar != std::string_view::npos && carets == bar) {
      out += std::string(line.substr(0, bar + 1)) + paint(true, style, line.substr(bar + 1));
    } else {
      out += line;
    }
    out += '\n';
    begin = end + 1;
    first = false;
  }
  return out;
}

}  // namespace

bool colours(int descriptor) {
  const char* const refused = std::getenv("NO_COLOR");
  if (refused != nullptr && *refused != '\0') return false;
  const char* const term = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t width(int descriptor) {
  if (::isatty(descriptor) != 1) return 100;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::clamp<std::size_t>(size.ws_col, 40, 120);
}

std::string paint(bool colours, Style style, std::string_view text) {
  static constexpr const char* kCodes[] = {"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"};
  if (!colours) return std::string(text);
  return kCodes[static_cast<std::size_t>(style)] + std::string(text) + "\x1b[0m";
}

std::string render(const std::vector<Diagnostic>& diagnostics, bool colours) {
  if (!colours) return writ::render(diagnostics);
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics)
    out += coloured(diagnostic);
  return out;
}

std::function<void(const LoadProgress&)> progress_bar() {
  if (::isatty(STDERR_FILENO) != 1) return {};
  return Bar();
}

}  // namespace writ::cli
