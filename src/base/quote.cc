#include "src/base/quote.h"

#include "src/base/misleading.h"
#include "src/base/utf8.h"

namespace writ {

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
    // Of the character at the beginning, if there is one; four bytes are enough for any.
    const std::string_view valid = text.substr(0, valid_utf8_prefix(text.substr(0, 4)));
    const std::string_view character = text.substr(0, valid.empty() ? 1 : character_end(valid, 0));
    error.append(valid.empty() || is_misleading(character) ? "?" : character);
    text.remove_prefix(character.size());
  }
  return error.append(cut ? "...`" : "`");
}

}  // namespace writ
