#include "src/base/quote.h"

#include <algorithm>

#include "src/base/utf8.h"

namespace writ {
namespace {

// C0, DEL, and C1, which some terminals obey in UTF-8 as well.
bool begins_control(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  return first < 0x20 || first == 0x7F || (first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0);
}

}  // namespace

Error& append_quoted(Error& error, std::string_view text) noexcept {
  constexpr std::size_t kMostBytes = 60;
  const bool cut = text.size() > kMostBytes;
  if (cut) {
    text = text.substr(0, kMostBytes);
    const std::size_t valid = valid_utf8_prefix(text);
    // At most the last character was cut in two.
    if (text.size() - valid < 4) text = text.substr(0, valid);
  }
  error.append("`");
  while (!text.empty()) {
    const std::string_view valid = text.substr(0, valid_utf8_prefix(text));
    std::size_t plain = 0;
    while (plain < valid.size() && !begins_control(valid.substr(plain)))
      ++plain;
    error.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    error.append("?");
    text.remove_prefix(text.size() > 1 && static_cast<unsigned char>(text[0]) == 0xC2 ? 2 : 1);
  }
  return error.append(cut ? "...`" : "`");
}

}  // namespace writ
