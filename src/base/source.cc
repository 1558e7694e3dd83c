// Tested by tests/unit/base/source_test.cc.
#include "src/base/source.h"

#include <algorithm>

namespace writ {

namespace {

std::uint32_t line_ends(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  ends_before_.reserve(text_.size() / kStride + 1);
  std::uint32_t ends = 0;
  for (std::size_t at = 0; at < text_.size(); at += kStride) {
    ends_before_.push_back(ends);
    ends += line_ends(this->text().substr(at, kStride));
  }
  line_count_ = ends + 1;
}

std::uint32_t Source::line_at(std::uint32_t offset) const {
  if (offset >= text_.size()) return line_count_;
  const std::size_t stride = offset / kStride;
  return ends_before_[stride] + line_ends(text().substr(stride * kStride, offset % kStride)) + 1;
}

std::uint32_t Source::line_begin(std::uint32_t number) const {
  if (number <= 1) return 0;
  // The line end before it lies in the last stride before which there are fewer.
  const auto past = std::lower_bound(ends_before_.begin(), ends_before_.end(), number - 1);
  const auto stride = static_cast<std::size_t>(past - ends_before_.begin()) - 1;
  std::size_t at = stride * kStride;
  for (std::uint32_t left = number - 1 - ends_before_[stride]; left > 0; --left)
    at = text_.find('\n', at) + 1;
  return static_cast<std::uint32_t>(at);
}

LineColumn Source::position(std::uint32_t offset) const {
  const std::uint32_t line = line_at(offset);
  const std::uint32_t start = line_begin(line);
  std::uint32_t column = 1;
  for (std::uint32_t at = start; at < offset && at < text_.size(); ++at) {
    // Continuation bytes of UTF-8 belong to the code point before them.
    if ((static_cast<unsigned char>(text_[at]) & 0xC0U) != 0x80U) ++column;
  }
  return {line, column};
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > line_count_) return {};
  const std::uint32_t start = line_begin(number);
  const std::size_t stop = number < line_count_ ? text_.find('\n', start) : text_.size();
  std::string_view line = text().substr(start, stop - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace writ
