#include "src/crypto/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <thread>
#include <vector>

namespace {

using Id = std::array<unsigned char, 16>;

Id drawn() {
  Id id{};
  EXPECT_TRUE(writ::crypto::random_bytes(id));
  return id;
}

TEST(Random, NothingIsGivenOutTwice) {
  std::set<Id> seen;
  for (int i = 0; i < 10'000; ++i)
    EXPECT_TRUE(seen.insert(drawn()).second);
}

TEST(Random, LargerThanABlock) {
  std::vector<unsigned char> many(10'000);
  ASSERT_TRUE(writ::crypto::random_bytes(many));
  EXPECT_GT(std::set<unsigned char>(many.begin(), many.end()).size(), 200U);
}

TEST(Random, ThreadsDrawFromTheirOwn) {
  std::vector<Id> drawn_by(8);
  std::vector<std::thread> threads;
  for (Id& id : drawn_by)
    threads.emplace_back([&id] { id = drawn(); });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(std::set<Id>(drawn_by.begin(), drawn_by.end()).size(), drawn_by.size());
}

// Without the wiped page, both go on in the middle of one block.
TEST(Random, AForkedChildDrawsSomethingElse) {
  drawn();
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Id id{};
    const bool done = writ::crypto::random_bytes(id) && ::write(pipe_ends[1], id.data(), id.size()) == 16;
    ::_exit(done ? 0 : 1);
  }
  const Id mine = drawn();
  Id of_child{};
  ASSERT_EQ(::read(pipe_ends[0], of_child.data(), of_child.size()), 16);
  int status = 1;
  ::waitpid(child, &status, 0);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
  EXPECT_EQ(status, 0);
  EXPECT_NE(mine, of_child);
}

}  // namespace
