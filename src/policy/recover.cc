#include "src/policy/recover.h"

#include <algorithm>
#include <string>

#include "src/base/misleading.h"
#include "src/base/utf8.h"
#include "src/policy/reserved.h"
#include "src/policy/token.h"

namespace writ::policy {
namespace {

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word_char(text[end]))
    ++end;
  return text.substr(at, end - at);
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t'))
    ++at;
  return at;
}

bool begins_line(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))
    --at;
  return at == 0 || text[at - 1] == '\n';
}

// Whether the word is followed by a colon, as the name of an attribute in braces is.
bool names_field(std::string_view text, std::size_t at) {
  const std::size_t after = skip_blanks(text, at + word_at(text, at).size());
  return after < text.size() && text[after] == ':';
}

// The first line after `from`, from its first word on, for which `wanted` holds; otherwise the end.
template <typename Wanted>
std::size_t find_line(std::string_view text, std::size_t from, Wanted wanted) {
  while (from < text.size()) {
    const std::size_t line_end = text.find('\n', from);
    if (line_end == std::string_view::npos) return text.size();
    from = line_end + 1;
    const std::size_t first = skip_blanks(text, from);
    if (first < text.size() && wanted(first)) return first;
  }
  return text.size();
}

// Past the bracket that closes the innermost one open at `from`; or the line before it that cannot be inside.
std::size_t leave_brackets(std::string_view text, std::size_t from) {
  int depth = 1;
  for (std::size_t at = from; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      do
        ++at;
      while (at < text.size() && text[at] != '"' && text[at] != '\n');
    } else if (c == '{' || c == '[' || c == '(') {
      ++depth;
    } else if (c == '}' || c == ']' || c == ')') {
      if (--depth == 0) return at + 1;
    } else if (c == '\n') {
      const std::size_t first = skip_blanks(text, at + 1);
      if (begins_expectation(text, first) || begins_statement(text, first)) return at;
    }
  }
  return text.size();
}

bool is_plain(unsigned char byte) {
  return (byte >= 0x20U && byte < 0x7FU) || byte == '\t' || byte == '\n' || byte == '\r';
}

// The first misleading character other than tab, CR and LF, or the end.
std::size_t find_misleading(std::string_view text) {
  constexpr std::size_t kBlock = 64;
  for (std::size_t begin = 0; begin < text.size(); begin += kBlock) {
    const std::string_view block = text.substr(begin, kBlock);
    // Without an early exit, so that the compiler looks at many bytes at once.
    unsigned odd = 0;
    for (const char c : block)
      odd |= is_plain(static_cast<unsigned char>(c)) ? 0U : 1U;
    for (std::size_t at = begin; odd != 0 && at < begin + block.size(); ++at) {
      if (is_plain(static_cast<unsigned char>(text[at]))) continue;
      if (is_misleading(text.substr(at, character_end(text, at) - at))) return at;
    }
  }
  return text.size();
}

// The character at `at`, which is well-formed, in hexadecimal digits, at least four.
std::string code_point_name(std::string_view text, std::size_t at) {
  const std::size_t size = character_end(text, at) - at;
  auto value = static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
  if (size > 1) value &= 0xFFU >> (size + 1);
  for (std::size_t i = 1; i < size; ++i)
    value = value << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string name;
  for (int shift = value > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
    name += kHex[value >> static_cast<unsigned>(shift) & 0xFU];
  return name;
}

}  // namespace

bool begins_statement(std::string_view text, std::size_t offset) {
  if (offset >= text.size() || !begins_line(text, offset)) return false;
  if (text[offset] == '@') return true;
  return is_statement_word(word_at(text, offset)) && !names_field(text, offset);
}

bool begins_expectation(std::string_view text, std::size_t offset) {
  if (offset >= text.size() || !begins_line(text, offset)) return false;
  const std::string_view word = word_at(text, offset);
  return (word == "allow" || word == "deny" || word == "step_up" || word == "at") && !names_field(text, offset);
}

bool check_text(const Ast& ast, Span part, Report& report) {
  const std::string_view text = ast.source->text().substr(part.begin, part.end - part.begin);
  const auto error = [&](std::size_t begin, std::size_t end, std::string_view name, std::string message,
                         std::string help) {
    report.error(
        {ast.file, {static_cast<std::uint32_t>(part.begin + begin), static_cast<std::uint32_t>(part.begin + end)}},
        name, std::move(message), std::move(help));
    return false;
  };
  if (text.size() > kMaxSourceBytes) {
    return error(0, 0, "source-too-large", "this file has more than 256 MiB", "split it into several files");
  }
  const std::size_t valid = valid_utf8_prefix(text);
  if (valid != text.size()) {
    return error(valid, valid + 1, "not-utf8", "this byte belongs to no character of UTF-8", "policies are UTF-8 text");
  }
  const std::size_t control = find_misleading(text);
  if (control != text.size()) {
    const std::string code_point = code_point_name(text, control);
    return error(control, character_end(text, control), "control-character",
                 "the character U+" + code_point + " has no place in a policy",
                 code_point == "0000" ? "" : "inside a text it can be written \\u{" + code_point + "}");
  }
  return true;
}

std::size_t resume(Builder& builder, std::string_view text, std::size_t begin, std::uint32_t offset, bool misspelt) {
  const bool in_test = builder.in_test();
  const bool in_brackets = builder.open_bracket().end > 0;
  if (!in_test) {
    builder.abandon_statement();
    if (offset > begin && begins_statement(text, offset)) return offset;
    return find_line(text, std::max<std::size_t>(offset, begin), [&](std::size_t at) {
      return begins_statement(text, at) ||
             (misspelt && !names_field(text, at) && !meant_statement_word(word_at(text, at)).empty());
    });
  }
  builder.abandon_line();
  if (offset > begin && begins_expectation(text, offset)) return offset;
  std::size_t from = std::max<std::size_t>(offset, begin);
  if (in_brackets) from = leave_brackets(text, from);
  return find_line(text, from, [&](std::size_t at) {
    return text[at] == '}' || text[at] == '@' || (is_word_char(text[at]) && !names_field(text, at));
  });
}

}  // namespace writ::policy
