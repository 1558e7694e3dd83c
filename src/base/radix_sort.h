// Sorting of very many things by a number or a text, without comparing them with each other.
// Tested by tests/unit/base/radix_sort_test.cc.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "src/base/bulk.h"

namespace writ {

struct Keyed {
  std::uint64_t key = 0;
  std::uint32_t index = 0;  // of what is sorted
};

// By key, equal keys in the order they had. `scratch` is memory to use, as large as `items` or made so. One pass for
// each byte in which the keys differ.
inline void radix_sort(std::span<Keyed> items, Bulk<Keyed>& scratch) {
  std::array<std::array<std::uint32_t, 256>, 8> counts{};
  for (const Keyed& item : items) {
    for (unsigned byte = 0; byte < 8; ++byte)
      ++counts[byte][(item.key >> (8 * byte)) & 0xFFU];
  }
  if (scratch.size() < items.size()) scratch.resize(items.size());
  std::span<Keyed> from = items;
  std::span<Keyed> to(scratch.data(), items.size());
  for (unsigned byte = 0; byte < 8; ++byte) {
    std::array<std::uint32_t, 256>& starts = counts[byte];
    if (items.empty() || starts[(items[0].key >> (8 * byte)) & 0xFFU] == items.size()) continue;
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts) {
      const std::uint32_t count = start;
      start = sum;
      sum += count;
    }
    for (const Keyed& item : from)
      to[starts[(item.key >> (8 * byte)) & 0xFFU]++] = item;
    std::swap(from, to);
  }
  if (from.data() != items.data()) std::copy(from.begin(), from.end(), items.begin());
}

// By the bytes of `text_of(index)`, a prefix before what it begins; what has equal texts is put in order by `before`,
// of two indices. Keys are overwritten.
template <class TextOf, class Before>
void sort_by_text(std::span<Keyed> items, Bulk<Keyed>& scratch, TextOf text_of, Before before, std::size_t depth = 0) {
  constexpr std::size_t kFew = 48;
  const auto whole = [&](const Keyed& a, const Keyed& b) {
    const int order = text_of(a.index).compare(text_of(b.index));
    return order != 0 ? order < 0 : before(a.index, b.index);
  };
  if (items.size() <= kFew) {
    std::sort(items.begin(), items.end(), whole);
    return;
  }
  // What all have in common tells nothing.
  const std::string_view first = text_of(items[0].index);
  std::size_t common = first.size();
  for (const Keyed& item : items) {
    const std::string_view text = text_of(item.index);
    const std::size_t most = std::min(common, text.size());
    std::size_t at = depth;
    while (at < most && text[at] == first[at])
      ++at;
    common = std::min(at, most);
  }
  for (Keyed& item : items) {
    const std::string_view text = text_of(item.index);
    item.key = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t at = common + i;
      item.key = (item.key << 8U) | (at < text.size() ? static_cast<unsigned char>(text[at]) : 0U);
    }
  }
  radix_sort(items, scratch);
  // A text that ends and one that goes on with NULs have one key, so that equal keys are compared to the end.
  for (std::size_t begin = 0; begin < items.size();) {
    std::size_t end = begin + 1;
    while (end < items.size() && items[end].key == items[begin].key)
      ++end;
    if (end - begin == items.size()) {
      std::sort(items.begin(), items.end(), whole);
      return;
    }
    if (end - begin > 1) sort_by_text(items.subspan(begin, end - begin), scratch, text_of, before, common);
    begin = end;
  }
}

}  // namespace writ
