// Output: standard output and standard error, with what a terminal can show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace writ::cli {

enum class Style : std::uint8_t { kPlain, kBold, kDim, kRed, kGreen, kYellow, kBlue };

// What.          A buffered writer to one file descriptor. What cannot be written is not forgotten: failed() says so at
//                the end, because a result that nobody got is no result.
// Thread-safety. Not.
// Lifetime.      Does not close the descriptor. What is buffered is written when it goes.
// Cost.          One write(2) for 64 KiB, or for each flush.
// Fails.         failed(); after the first failure nothing more is written.
class Output {
 public:
  explicit Output(int descriptor);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Output& operator<<(std::string_view text);
  void flush();

  bool failed() const { return error_ != 0; }
  int error() const { return error_; }  // errno of the first failure

  bool terminal() const { return terminal_; }
  // Columns to keep to: those of the terminal, within reason, else 100.
  std::size_t width() const { return width_; }
  // The text in that style if this is a terminal that shows colours and NO_COLOR is not set; else the text.
  std::string paint(Style style, std::string_view text) const;

 private:
  int descriptor_;
  int error_ = 0;
  bool terminal_ = false;
  bool colour_ = false;
  std::size_t width_ = 100;
  std::string buffer_;
};

}  // namespace writ::cli
