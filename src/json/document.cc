#include "src/json/document.h"

#include <cstring>

namespace writ::json {

std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "true or false";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kArray:
      return "an array";
    case Kind::kObject:
      return "an object";
  }
  return "";
}

char* Document::take_over(std::string_view text, std::size_t zeros) {
  entries_.clear();
  texts_.clear();
  char* const copy = static_cast<char*>(texts_.allocate(text.size() + zeros, 1));
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  std::memset(copy + text.size(), 0, zeros);
  whole_ = {copy, text.size()};
  return copy;
}

void Document::overwrite() noexcept {
  entries_.clear();
  if (!whole_.empty())
    ::explicit_bzero(whole_.data(), whole_.size());  // nothing was taken over of a text refused at once
}

}  // namespace writ::json
