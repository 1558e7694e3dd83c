// Lines of a file or of standard input.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace writ::cli {

// What.          Gives one line after the other, without line end. Lines of any bytes, of any length.
// Thread-safety. Not.
// Lifetime.      A line lives until the next one is asked for.
// Cost.          One read(2) for 64 KiB.
// Fails.         error() is an errno after the end, 0 if that was the end of the file.
class LineReader {
 public:
  // `path`, or `-` for standard input. `before_waiting` is called before each read(2), which may wait for whoever is at
  // the other end of a pipe: what was answered so far must be on its way by then.
  LineReader(const std::string& path, std::function<void()> before_waiting);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  bool next(std::string_view& line);
  std::uint64_t number() const { return number_; }  // of the line given last, from 1
  int error() const { return error_; }

 private:
  bool fill();

  int file_;
  int error_ = 0;
  std::function<void()> before_waiting_;
  std::uint64_t number_ = 0;
  std::string buffer_;
  std::size_t begin_ = 0;    // of what was not given yet
  std::size_t scanned_ = 0;  // up to here there is no line end
  bool end_ = false;
};

}  // namespace writ::cli
