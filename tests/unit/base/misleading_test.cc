#include "src/base/misleading.h"

#include <gtest/gtest.h>

#include <string>

#include "src/base/utf8.h"

namespace writ {
namespace {

TEST(Misleading, ExactlyControlsAndBidirectionalMarks) {
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    std::string character;
    if (!append_utf8(c, character)) continue;
    const bool expected =
        c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    ASSERT_EQ(is_misleading(character), expected) << c;
    ASSERT_EQ(character_end(character + "x", 0), character.size());
  }
}

}  // namespace
}  // namespace writ
