// Tested by tests/unit/cli/one_line_test.cc.
#include "src/cli/one_line.h"

#include <cstdint>

#include "src/base/misleading.h"

namespace writ::cli {
namespace {

void append_escape(std::uint32_t unit, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (unsigned shift = 16; shift != 0; shift -= 4)
    out += kHex[(unit >> (shift - 4)) & 0xFU];
}

// Of what can mislead none lies past U+FFFF.
std::uint32_t code_point_of(std::string_view character) {
  const auto bits = [character](std::size_t i, unsigned mask) {
    return static_cast<unsigned char>(character[i]) & mask;
  };
  if (character.size() == 1) return bits(0, 0x7F);
  if (character.size() == 2) return (bits(0, 0x1F) << 6U) | bits(1, 0x3F);
  return (bits(0, 0x0F) << 12U) | (bits(1, 0x3F) << 6U) | bits(2, 0x3F);
}

}  // namespace

std::string one_line(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const std::string_view character = json.substr(0, character_end(json, 0));
    json.remove_prefix(character.size());
    if (character.size() == 1 && static_cast<unsigned char>(character[0]) < 0x20) {
      out += ' ';
    } else if (!is_misleading(character)) {
      out += character;
    } else {
      append_escape(code_point_of(character), out);
    }
  }
  return out;
}

}  // namespace writ::cli
