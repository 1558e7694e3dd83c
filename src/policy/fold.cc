// Tested by tests/unit/policy/print_test.cc.
#include "src/policy/fold.h"

#include <algorithm>

namespace writ::policy {
namespace {

bool is_operator_break(char c) {
  return c >= operator_break(0) && c <= operator_break(kDeepest);
}
bool is_comma_break(char c) {
  return c >= comma_break(0) && c <= comma_break(kDeepest);
}
int depth_of(char c) {
  return is_operator_break(c) ? c - operator_break(0) : c - comma_break(0);
}

// The least depth of a place to break, or -1.
int shallowest(std::string_view text) {
  int least = -1;
  for (const char c : text) {
    if (!is_operator_break(c) && !is_comma_break(c)) continue;
    if (least < 0 || depth_of(c) < least) least = depth_of(c);
  }
  return least;
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string flat(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return is_operator_break(c) || is_comma_break(c); }, ' ');
  return out;
}

std::string fold(std::string_view text, std::size_t before, std::size_t indent) {
  const int depth = shallowest(text);
  if (depth < 0 || before + columns(text) <= kColumns) return flat(text);
  std::string out;
  std::size_t used = before;
  for (char mark = '\0';;) {
    const std::size_t end =
        std::min(text.size(), text.find_first_of(std::string{operator_break(depth), comma_break(depth)}));
    const std::string_view part = text.substr(0, end);
    if (is_comma_break(mark) && used + 1 + columns(part) <= kColumns) {
      out += ' ';
      ++used;
    } else if (mark != '\0') {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    }
    const std::string lines = fold(part, used, indent + 4);
    const std::size_t last = lines.rfind('\n');
    used = last == std::string::npos ? used + columns(lines) : columns(lines) - columns(lines.substr(0, last + 1));
    out += lines;
    if (end == text.size()) return out;
    mark = text[end];
    text.remove_prefix(end + 1);
  }
}

}  // namespace writ::policy
