#include "src/policy/literal.h"

#include <algorithm>

#include "src/base/civil_time.h"
#include "src/base/misleading.h"
#include "src/base/utf8.h"

namespace writ::policy {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// `text` begins after `\u`. The length of `{HEX}`, or 0 if it is none.
std::size_t decode_code_point(std::string_view text, std::string& out) {
  if (!text.starts_with('{')) return 0;
  std::uint32_t value = 0;
  std::size_t at = 1;
  for (; at < text.size() && at <= 6 && hex_value(text[at]) >= 0; ++at) {
    value = value * 16 + static_cast<std::uint32_t>(hex_value(text[at]));
  }
  if (at == 1 || at >= text.size() || text[at] != '}') return 0;
  if (value == 0 || !append_utf8(value, out)) return 0;
  return at + 1;
}

char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    default:
      return '\0';
  }
}

// Where the escape at `begin` seems to end, for pointing at it.
std::size_t escape_end(std::string_view body, std::size_t begin) {
  if (begin + 2 < body.size() && body[begin + 1] == 'u' && body[begin + 2] == '{') {
    const std::size_t brace = body.find('}', begin);
    if (brace != std::string_view::npos && brace - begin < 16) return brace + 1;
  }
  std::size_t end = std::min(begin + 2, body.size());
  while (end < body.size() && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U)
    ++end;
  return end;
}

std::uint32_t code_point(std::string_view character) {
  auto value = static_cast<std::uint32_t>(static_cast<unsigned char>(character[0]));
  if (character.size() > 1) value &= 0xFFU >> (character.size() + 1);
  for (const char c : character.substr(1))
    value = value << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return value;
}

std::string hex(std::uint32_t value) {
  std::string digits;
  for (; value > 0 || digits.empty(); value >>= 4U)
    digits.insert(digits.begin(), "0123456789ABCDEF"[value & 0xFU]);
  return digits;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string two_digits(std::int64_t value) {
  return std::to_string(100 + value).substr(1);
}

}  // namespace

std::optional<TextFault> decode_text(std::string_view body, std::string& out) {
  out.clear();
  out.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    if (body[at] != '\\') {
      out.push_back(body[at++]);
      continue;
    }
    const char next = at + 1 < body.size() ? body[at + 1] : '\0';
    if (const char simple = simple_escape(next); simple != '\0') {
      out.push_back(simple);
      at += 2;
      continue;
    }
    const std::size_t length = next == 'u' ? decode_code_point(body.substr(at + 2), out) : 0;
    if (length == 0) return TextFault{at, escape_end(body, at)};
    at += 2 + length;
  }
  return std::nullopt;
}

std::string quote_text(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, character_end(text, at) - at);
    at += character.size();
    if (character == "\"" || character == "\\") {
      out.append("\\").append(character);
    } else if (character == "\n") {
      out += "\\n";
    } else if (character == "\t") {
      out += "\\t";
    } else if (character == "\r") {
      out += "\\r";
    } else if (is_misleading(character)) {
      out.append("\\u{").append(hex(code_point(character))).append("}");
    } else {
      out += character;
    }
  }
  return out += '"';
}

std::optional<std::int64_t> parse_clock(std::string_view text) {
  if (text.size() != 5 && text.size() != 8) return std::nullopt;
  std::int64_t seconds = 0;
  std::int64_t unit = 3600;
  for (std::size_t at = 0; at < text.size(); at += 3, unit /= 60) {
    if (!is_digit(text[at]) || !is_digit(text[at + 1]) || (at > 0 && text[at - 1] != ':')) return std::nullopt;
    const int value = (text[at] - '0') * 10 + (text[at + 1] - '0');
    if (at > 0 && value > 59) return std::nullopt;
    seconds += value * unit;
  }
  if (seconds > 24 * 3600) return std::nullopt;
  return seconds;
}

std::string format_clock(std::int64_t seconds) {
  std::string text = two_digits(seconds / 3600) + ":" + two_digits(seconds / 60 % 60);
  if (seconds % 60 != 0) text += ":" + two_digits(seconds % 60);
  return text;
}

ParsedNumber parse_lifetime(std::string_view text) {
  if (text.starts_with('-') || text.ends_with("us")) return {0, NumberFault::kMalformed};
  return parse_duration(text);
}

bool is_bare_id_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
         std::string_view("._~@/+=-").find(c) != std::string_view::npos;
}

bool is_bare_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_bare_id_char);
}

}  // namespace writ::policy
