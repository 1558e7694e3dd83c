#include "src/policy/token.h"

#include <algorithm>
#include <array>
#include <utility>

#include "src/base/misleading.h"

namespace writ::policy {
namespace {

std::string_view next_word(std::string_view rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_word_char);
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

}  // namespace

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

Span token_at(std::string_view text, std::uint32_t begin) {
  constexpr std::array<std::string_view, 11> kPairs = {"==", "!=", "<=", ">=", "&&", "||",
                                                       "..", "->", "=>", "//", "/*"};
  if (begin >= text.size() || text[begin] == '\n' || text[begin] == '\r') return {begin, begin};
  std::size_t end = begin;
  if (is_word_char(text[begin])) {
    while (end < text.size() && is_word_char(text[end]))
      ++end;
  } else if (text[begin] == '"' || text[begin] == '\'') {
    const std::size_t close = text.find_first_of(std::string{text[begin], '\n'}, begin + 1);
    const bool closed = close != std::string_view::npos && text[close] != '\n' && close - begin < 60;
    end = closed ? close + 1 : begin + 1;
  } else if (std::find(kPairs.begin(), kPairs.end(), text.substr(begin, 2)) != kPairs.end()) {
    end = begin + 2;
  } else {
    end = character_end(text, begin);
  }
  return {begin, static_cast<std::uint32_t>(end)};
}

std::uint32_t word_begin(std::string_view text, std::uint32_t offset) {
  if (offset >= text.size() || !is_word_char(text[offset])) return offset;
  while (offset > 0 && is_word_char(text[offset - 1]))
    --offset;
  return offset;
}

std::string backticked(std::string_view text) {
  constexpr std::size_t kLong = 60;
  std::size_t end = text.size();
  if (end > kLong) {
    for (end = 0; end < kLong;)
      end = character_end(text, end);
  }
  return std::string(1, '`').append(text.substr(0, end)).append(end < text.size() ? "...`" : "`");
}

std::optional<Advice> advice_on(std::string_view token, std::string_view rest) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kInstead = {{
      {"&&", "`and`"},
      {"&", "`and`"},
      {"AND", "`and`"},
      {"||", "`or`"},
      {"|", "`or`"},
      {"OR", "`or`"},
      {"!", "`not`"},
      {"NOT", "`not`"},
      {"=", "`==`"},
      {"where", "`if`"},
      {"when", "`if`"},
      {"unless", "`if not`"},
  }};
  for (const auto& [wrong, right] : kInstead) {
    if (token == wrong)
      return Advice{backticked(token) + " is not of this language", "did you mean " + std::string(right) + "?"};
  }
  if (token == ";") return Advice{"a statement does not end with `;`", "leave it out"};
  if (token == "//" || token == "/*")
    return Advice{backticked(token) + " begins no comment", "comments begin with `#`"};
  if (token == "#") return Advice{"a comment stands after white space only", "put a space before the `#`"};
  if (token.starts_with('\'') || token == "\u201C" || token == "\u201D") {
    return Advice{"texts stand in straight double quotes", "write \"...\""};
  }
  if (token == "not") {
    const std::string_view word = next_word(rest);
    if (word == "in" || word == "has" || word == "like" || word == "contains" || word == "covers") {
      return Advice{"`not " + std::string(word) + "` is not of this language",
                    "put `not` before the whole comparison: not x " + std::string(word) + " y"};
    }
  }
  return std::nullopt;
}

}  // namespace writ::policy
