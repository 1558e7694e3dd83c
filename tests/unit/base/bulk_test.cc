// Memory for much: it is what it says, and what one lets go of the next one gets.
#include "src/base/bulk.h"

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace writ {
namespace {

constexpr std::size_t kMuch = std::size_t{8} << 20U;

// False where the sanitizer or the system lets Bulk be malloc().
bool in_large_pages() {
  const Bulk<char> much(kMuch);
  return bulk::held() >= kMuch;
}

TEST(Bulk, HoldsWhatAVectorHolds) {
  Bulk<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < 3'000'000; ++i)
    numbers.push_back(i);
  for (std::uint32_t i = 0; i < 3'000'000; ++i)
    ASSERT_EQ(numbers[i], i);
  const Bulk<std::uint32_t> copy = numbers;
  EXPECT_EQ(copy, numbers);
  EXPECT_NE(copy.data(), numbers.data());
}

TEST(Bulk, IsAligned) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{100}, kMuch / 8 - 1, kMuch / 8, kMuch}) {
    const Bulk<char> items(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(items.data()) % bulk::kAlignment, 0U) << size;
  }
}

TEST(Bulk, GoesBackToTheSystem) {
  const std::size_t before = bulk::held();
  { const Bulk<char> much(kMuch); }
  EXPECT_EQ(bulk::held(), before);
  {
    const BulkReuse reuse;
    { const Bulk<char> much(kMuch); }
    { const BulkReuse inner; }
    if (in_large_pages()) {
      EXPECT_GE(bulk::held(), before + kMuch);
    }
  }
  EXPECT_EQ(bulk::held(), before);
}

TEST(Bulk, TakesWhatWasLetGo) {
  if (!in_large_pages()) GTEST_SKIP() << "Bulk is malloc() here";
  const BulkReuse reuse;
  char* first = nullptr;
  {
    Bulk<char> much(kMuch);
    first = much.data();
  }
  const std::size_t held = bulk::held();
  {
    // Two halves lie where the whole lay, and are one again afterwards.
    const Bulk<char> half(kMuch / 2);
    const Bulk<char> other(kMuch / 2);
    EXPECT_EQ(half.data(), first);
    EXPECT_EQ(other.data(), first + kMuch / 2);
    EXPECT_EQ(bulk::held(), held);
  }
  const Bulk<char> whole(kMuch);
  EXPECT_EQ(whole.data(), first);
  EXPECT_EQ(bulk::held(), held);
}

// What is too small each by itself is one together, and what is missing comes behind.
TEST(Bulk, PiecesAreMovedTogether) {
  if (!in_large_pages()) GTEST_SKIP() << "Bulk is malloc() here";
  const std::size_t before = bulk::held();
  {
    const BulkReuse reuse;
    {
      std::vector<Bulk<char>> pieces;
      std::vector<Bulk<char>> between;
      for (int i = 0; i < 8; ++i) {
        pieces.emplace_back(kMuch, 'p');
        between.emplace_back(kMuch, 'b');
      }
      pieces.clear();
      const std::size_t held = bulk::held();
      Bulk<char> one(6 * kMuch, 'o');
      EXPECT_EQ(bulk::held(), held);
      Bulk<char> more(6 * kMuch, 'm');
      EXPECT_EQ(bulk::held(), held + 4 * kMuch);
      EXPECT_EQ(one, Bulk<char>(6 * kMuch, 'o'));
      EXPECT_EQ(more, Bulk<char>(6 * kMuch, 'm'));
      for (const Bulk<char>& other : between)
        EXPECT_EQ(other, Bulk<char>(kMuch, 'b'));
    }
    const std::size_t held = bulk::held();
    const Bulk<char> all(held - before, 'a');
    EXPECT_EQ(bulk::held(), held);
  }
  EXPECT_EQ(bulk::held(), before);
}

TEST(Bulk, FetchingChangesNothing) {
  Bulk<char> much(kMuch, 'm');
  bulk::fetch(room_of(much));
  EXPECT_EQ(much, Bulk<char>(kMuch, 'm'));
  Bulk<char> little(10, 'l');
  bulk::fetch(room_of(little));
  EXPECT_EQ(little, Bulk<char>(10, 'l'));
}

// What outlives the scope in which it was taken, or is given back by another thread, is nobody else's.
TEST(Bulk, OutlivesTheScope) {
  Bulk<char> kept;
  {
    const BulkReuse reuse;
    { const Bulk<char> before(2 * kMuch); }
    kept = Bulk<char>(kMuch, 'k');
  }
  const Bulk<char> after(2 * kMuch, 'a');
  EXPECT_EQ(Bulk<char>(kMuch, 'k'), kept);
  std::thread([taken = std::move(kept)]() mutable { Bulk<char>().swap(taken); }).join();
}

TEST(Bulk, IsSharedWithAnotherThread) {
  if (!in_large_pages()) GTEST_SKIP() << "Bulk is malloc() here";
  const BulkReuse reuse;
  const char* first = nullptr;
  {
    const Bulk<char> much(kMuch);
    first = much.data();
  }
  std::thread([pool = BulkReuse::pool(), first] {
    const BulkReuse shared(pool);
    const Bulk<char> whole(kMuch);
    EXPECT_EQ(whole.data(), first);
  }).join();
}

TEST(Bulk, ManyPiecesAreDistinct) {
  const BulkReuse reuse;
  for (int round = 0; round < 3; ++round) {
    std::vector<Bulk<char>> pieces;
    for (int i = 0; i < 200; ++i)
      pieces.emplace_back(kMuch / 8, static_cast<char>(i));
    for (int i = 0; i < 200; ++i) {
      ASSERT_EQ(pieces[i].front(), static_cast<char>(i));
      ASSERT_EQ(pieces[i].back(), static_cast<char>(i));
    }
    for (int i = 0; i < 200; i += 2)
      let_go(pieces[i]);
    for (int i = 1; i < 200; i += 2)
      ASSERT_EQ(pieces[i].back(), static_cast<char>(i));
  }
}

}  // namespace
}  // namespace writ
