// What somebody sent, shown in a message.
#pragma once

#include <string_view>

#include "writ/result.h"

namespace writ {

// Appends `text` in backticks. What a terminal or a log could take for something else is shown as `?`: characters that
// mislead (src/base/misleading.h), and bytes that are no UTF-8. Cut after about sixty bytes, at a character, with
// `...`.
Error& append_quoted(Error& error, std::string_view text) noexcept;

}  // namespace writ
