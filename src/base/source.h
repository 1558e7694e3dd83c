// The text of one policy file, and positions in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace writ {

// A half-open range of bytes in one source. Which source is known from where the span is kept: an Ast belongs to one
// file. Offsets are 32 bits wide because a source is at most 256 MiB.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// A span together with the index of its file in the compilation.
struct Location {
  std::uint32_t file = 0;
  Span span;
};

struct LineColumn {
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, counted in code points
};

inline constexpr std::size_t kMaxSourceBytes = std::size_t{256} << 20;

// One file: its name as it is to be shown and used in statement ids (relative to the policy's root, forward slashes)
// and its bytes. Immutable after construction and shared by everything that points into it.
class Source {
 public:
  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  std::string_view at(Span span) const { return text().substr(span.begin, span.end - span.begin); }

  // These look through less than kStride bytes, or a line if that is longer; line_begin() also searches, in the
  // logarithm of the size. What they need is made by the constructor, so that they are safe from any thread.
  LineColumn position(std::uint32_t offset) const;
  // The line (from 1) that an offset is on, and where a line begins.
  std::uint32_t line_at(std::uint32_t offset) const;
  std::uint32_t line_begin(std::uint32_t number) const;
  // The line (from 1) without its line end.
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_count() const { return line_count_; }

 private:
  static constexpr std::size_t kStride = 1024;
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> ends_before_;  // line ends before each multiple of kStride
  std::uint32_t line_count_ = 1;
};

}  // namespace writ
