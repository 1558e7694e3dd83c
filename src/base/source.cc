#include "src/base/source.h"

#include <algorithm>
#include <cstring>

namespace writ {

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  const char* const begin = text_.data();
  const char* const end = begin + text_.size();
  for (const char* at = begin; at != end;) {
    const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    if (found == nullptr) break;
    at = static_cast<const char*>(found) + 1;
    line_starts_.push_back(static_cast<std::uint32_t>(at - begin));
  }
}

std::uint32_t Source::line_at(std::uint32_t offset) const {
  return static_cast<std::uint32_t>(std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) -
                                    line_starts_.begin());
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
  if (number == 0 || number > line_starts_.size()) return {};
  const std::uint32_t start = line_starts_[number - 1];
  const std::size_t stop = number < line_starts_.size() ? line_starts_[number] - 1 : text_.size();
  std::string_view line = text().substr(start, stop - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace writ
