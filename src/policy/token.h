// Tokens as an author sees them, for pointing at them; the parser itself has none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/source.h"

namespace writ::policy {

bool is_word_char(char c);

// The token that begins at `begin`; of the end of a line an empty span, of a blank that blank.
Span token_at(std::string_view text, std::uint32_t begin);
// Where the word begins that `offset` is in; `offset` where it is in none.
std::uint32_t word_begin(std::string_view text, std::uint32_t offset);

// The text in backticks; of a long one the beginning.
std::string backticked(std::string_view text);

struct Advice {
  std::string message;
  std::string help;
};
// What to say about a token that people bring along from other languages; `rest` is what follows it.
std::optional<Advice> advice_on(std::string_view token, std::string_view rest);

}  // namespace writ::policy
