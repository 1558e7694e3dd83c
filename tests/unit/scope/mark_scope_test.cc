// The marks of a scope string by vectors against the marks a byte at a time.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "src/scope/mark_scope.h"

namespace writ {
namespace {

// At every length a text that ends with its memory, so that a sanitizer sees a read past it.
TEST(MarkScope, BothWaysSayTheSameOfAnyBytes) {
  std::mt19937 random(7);
  const std::string likely = "abzAZ09:._-~@/+=*{}[`^,<>?\"; ";
  for (int round = 0; round < 20'000; ++round) {
    const std::size_t size = static_cast<std::size_t>(round) % (kMostMarked + 1);
    std::string text;
    while (text.size() < size)
      text.push_back(random() % 4 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()]);
    const std::vector<char> exact(text.begin(), text.end());
    const std::string_view view(exact.data(), exact.size());
    ASSERT_EQ(mark_scope(view), mark_scope_portably(view)) << text;
  }
}

TEST(MarkScope, EachByteAlone) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t size : {1, 7, 8, 15, 16, 17, 33, 64}) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, ' ');
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(mark_scope(text), mark_scope_portably(text)) << byte << " at " << at << " of " << size;
      }
    }
  }
}

}  // namespace
}  // namespace writ
