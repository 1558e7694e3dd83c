// Sorting and searching among very many things, against the library's own.
#include "src/base/radix_sort.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>

#include "src/base/hash.h"
#include "src/base/index_table.h"

namespace writ {
namespace {

Bulk<Keyed> numbered(std::size_t count) {
  Bulk<Keyed> items(count);
  for (std::uint32_t i = 0; i < count; ++i)
    items[i].index = i;
  return items;
}

// Texts that share beginnings, end where others go on, repeat, and hold NUL and bytes past 0x7F.
std::vector<std::string> texts(std::size_t count, std::mt19937_64& random) {
  constexpr std::string_view kBytes{"ab\0\xFF", 4};
  std::vector<std::string> made;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = random() % 2 == 0 ? "" : "a-long-beginning-of-many/";
    for (std::size_t length = random() % 20; length > 0; --length)
      text += kBytes[random() % kBytes.size()];
    made.push_back(text);
  }
  return made;
}

TEST(RadixSort, OrdersNumbersAndKeepsTheOrderOfEquals) {
  std::mt19937_64 random(1);
  for (const std::size_t count : {0U, 1U, 2U, 1'000U, 5'000U}) {
    for (const std::uint64_t mask : {~std::uint64_t{0}, std::uint64_t{0xFF00000000000003}, std::uint64_t{0}}) {
      Bulk<Keyed> items = numbered(count);
      for (Keyed& item : items)
        item.key = random() & mask;
      Bulk<Keyed> expected = items;
      std::stable_sort(expected.begin(), expected.end(), [](const Keyed& a, const Keyed& b) { return a.key < b.key; });
      Bulk<Keyed> scratch;
      radix_sort(items, scratch);
      for (std::size_t i = 0; i < count; ++i)
        ASSERT_EQ(items[i].index, expected[i].index);
    }
  }
}

TEST(RadixSort, OrdersTextsAsStringsAreOrdered) {
  std::mt19937_64 random(2);
  for (const std::size_t count : {0U, 1U, 47U, 49U, 20'000U}) {
    const std::vector<std::string> of = texts(count, random);
    Bulk<Keyed> items = numbered(count);
    Bulk<Keyed> scratch;
    const auto text_of = [&](std::uint32_t i) { return std::string_view(of[i]); };
    sort_by_text(std::span(items), scratch, text_of, std::less<>());
    std::vector<std::uint32_t> expected(count);
    for (std::uint32_t i = 0; i < count; ++i)
      expected[i] = i;
    std::sort(expected.begin(), expected.end(),
              [&](std::uint32_t a, std::uint32_t b) { return of[a] != of[b] ? of[a] < of[b] : a < b; });
    for (std::size_t i = 0; i < count; ++i)
      ASSERT_EQ(items[i].index, expected[i]) << i;
  }
}

TEST(IndexTable, FindsWhatIsEqualWhateverItsHash) {
  std::mt19937_64 random(3);
  const std::vector<std::string> all = texts(5'000, random);
  // Of the second hash every text has one of four, so that those that are not equal must be told apart.
  for (const std::uint64_t mask : {~std::uint64_t{0}, std::uint64_t{3} << 62U}) {
    IndexTable table;
    std::vector<std::string> distinct;
    const auto same_as = [&](const std::string& text) {
      return [&distinct, &text](std::uint32_t i) { return distinct[i] == text; };
    };
    for (const std::string& text : all) {
      const std::uint64_t hash = hash_bytes(text, 0) & mask;
      const auto fresh = static_cast<std::uint32_t>(distinct.size());
      const auto first = std::find(distinct.begin(), distinct.end(), text);
      const std::uint32_t before = table.find(hash, same_as(text));
      ASSERT_EQ(before == IndexTable::kNone, first == distinct.end());
      const std::uint32_t at = table.find_or_add(hash, fresh, same_as(text));
      ASSERT_EQ(at, static_cast<std::uint32_t>(first - distinct.begin()));
      if (at == fresh) distinct.push_back(text);
    }
  }
}

}  // namespace
}  // namespace writ
