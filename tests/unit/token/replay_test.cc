#include "writ/replay.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <string>

#include "tests/unit/token/tokens.h"

namespace writ {
namespace {

using test::at;

constexpr std::string_view kRealm = "https://as.example";

std::string answer(const Result<void>& used) {
  return used ? "first" : std::string(code_name(used.error().code));
}

TEST(Replay, TakesEachIdOnce) {
  const auto guard = MemoryReplayGuard::make(10).value();
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(1))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(1))), "replayed");
  EXPECT_EQ(answer(guard->use(kRealm, "b", at(100), at(1))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(200), at(99))), "replayed") << "whatever is said about its end";
  EXPECT_EQ(answer(guard->use("https://other.example", "a", at(100), at(1))), "first");
  EXPECT_EQ(guard->held(), 3U);
}

TEST(Replay, RealmAndIdAreNotOneText) {
  const auto guard = MemoryReplayGuard::make(10).value();
  EXPECT_EQ(answer(guard->use("ab", "c", at(100), at(1))), "first");
  EXPECT_EQ(answer(guard->use("a", "bc", at(100), at(1))), "first");
  EXPECT_EQ(answer(guard->use("", "abc", at(100), at(1))), "first");
}

TEST(Replay, RefusesWhatItMayHaveForgotten) {
  const auto guard = MemoryReplayGuard::make(10).value();
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(1))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "b", at(500), at(100))), "first");
  EXPECT_EQ(guard->held(), 1U);
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(100))), "replayed");
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(1))), "replayed") << "the clock went back";
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(0))), "replayed");
  EXPECT_EQ(answer(guard->use(kRealm, "c", at(100), at(100))), "replayed") << "dead on arrival";
  // A second is remembered to its end.
  EXPECT_EQ(answer(guard->use(kRealm, "d", Time{200'000'001}, at(100))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "d", Time{200'000'001}, at(200))), "replayed");
  EXPECT_EQ(guard->held(), 2U);
}

TEST(Replay, AFullGuardRefusesRatherThanForgets) {
  const auto guard = MemoryReplayGuard::make(2).value();
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(1))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "b", at(200), at(1))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "c", at(300), at(99))), "too_many");
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(100), at(99))), "replayed");
  EXPECT_EQ(answer(guard->use(kRealm, "c", at(300), at(100))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "d", at(300), at(100))), "too_many");
  EXPECT_EQ(answer(guard->use(kRealm, "b", at(200), at(100))), "replayed");
}

TEST(Replay, SaysWhatCannotBeRemembered) {
  EXPECT_FALSE(MemoryReplayGuard::make(0));
  EXPECT_FALSE(MemoryReplayGuard::make(MemoryReplayGuard::kMaxCapacity + 1));
  const auto guard = MemoryReplayGuard::make(2).value();
  EXPECT_EQ(answer(guard->use(kRealm, "", at(100), at(1))), "missing_member");
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(-1), at(1))), "bad_value");
  EXPECT_EQ(answer(guard->use(kRealm, "a", at(1), at(-1))), "bad_value");
  constexpr Time kLast{std::numeric_limits<std::int64_t>::max()};
  EXPECT_EQ(answer(guard->use(kRealm, "a", kLast, at(1))), "first");
  EXPECT_EQ(answer(guard->use(kRealm, "a", kLast, at(1'000'000'000))), "replayed");
  EXPECT_EQ(answer(guard->use(kRealm, "b", kLast, kLast)), "first") << "its last second has not ended";
  EXPECT_EQ(answer(guard->use(kRealm, "c", at(100), at(1))), "replayed");
}

// Against a guard that forgets nothing, over clocks that stand still, tick, jump and go back.
TEST(Replay, AnswersAsAListWould) {
  std::mt19937_64 random(7);  // NOLINT: the same run each time
  for (int round = 0; round < 200; ++round) {
    constexpr std::size_t kCapacity = 40;
    const auto guard = MemoryReplayGuard::make(kCapacity).value();
    std::map<std::string, std::int64_t> used;
    std::int64_t now = static_cast<std::int64_t>(random() % 5'000);
    std::int64_t latest = 0;
    for (int step = 0; step < 400; ++step) {
      const std::uint64_t way = random() % 16;
      if (way == 0) now += static_cast<std::int64_t>(random() % 100'000);
      if (way < 6) now += static_cast<std::int64_t>(random() % 3);
      if (way == 6) now = std::max<std::int64_t>(0, now - static_cast<std::int64_t>(random() % 10));
      latest = std::max(latest, now);
      const std::string id = std::to_string(random() % 200);
      const auto life = static_cast<std::int64_t>(random() % (random() % 4 == 0 ? 200'000 : 70));
      const std::int64_t until = now + life;
      std::size_t alive = 0;
      for (const auto& [other, dies] : used)
        alive += dies > latest ? 1 : 0;
      const auto known = used.find(id);
      const bool remembered = known != used.end() && known->second > latest;
      const std::string expected = until <= latest || remembered ? "replayed"
                                   : alive == kCapacity          ? "too_many"
                                                                 : "first";
      ASSERT_EQ(answer(guard->use(kRealm, id, at(until), at(now))), expected) << "round " << round << " step " << step;
      if (expected == "first") used[id] = until;
      ASSERT_EQ(guard->held(), alive + (expected == "first" ? 1 : 0));
    }
  }
}

}  // namespace
}  // namespace writ
