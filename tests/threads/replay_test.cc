// One id, many threads: one of them is the first.
#include "writ/replay.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace writ {
namespace {

TEST(Replay, OneThreadIsTheFirst) {
  constexpr int kThreads = 4;
  constexpr int kIds = 2'000;
  const auto guard = MemoryReplayGuard::make(kIds).value();
  std::vector<std::atomic<int>> first(kIds);
  std::atomic<int> other_errors{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kIds; ++i) {
        const Result<void> used = guard->use("realm", std::to_string(i), Time{1'000'000'000}, Time{i});
        if (used) ++first[static_cast<std::size_t>(i)];
        if (!used && used.error().code != ErrorCode::kReplayed) ++other_errors;
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  for (int i = 0; i < kIds; ++i)
    EXPECT_EQ(first[static_cast<std::size_t>(i)], 1) << i;
  EXPECT_EQ(other_errors, 0);
  EXPECT_EQ(guard->held(), static_cast<std::size_t>(kIds));
}

}  // namespace
}  // namespace writ
