// Work beside other work: it is done by the time one has waited for it, by whichever thread.
#include "src/base/aside.h"

#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace writ {
namespace {

TEST(Aside, IsDoneAfterWaiting) {
  for (const unsigned threads : {0U, 1U, 2U, 8U}) {
    int done = 0;
    Aside aside(threads, [&] { ++done; });
    aside.wait();
    EXPECT_EQ(done, 1) << threads;
  }
}

TEST(Aside, IsDoneByWhoeverWaitsWhereOneThreadIsAllowed) {
  std::thread::id by;
  Aside aside(1, [&] { by = std::this_thread::get_id(); });
  aside.wait();
  EXPECT_EQ(by, std::this_thread::get_id());
}

TEST(Aside, IsDoneByAnotherThreadWhereTwoAreAllowed) {
  std::thread::id by;
  Aside aside(2, [&] { by = std::this_thread::get_id(); });
  aside.wait();
  EXPECT_NE(by, std::this_thread::get_id());
}

TEST(Aside, ThrowsWhatTheWorkThrew) {
  for (const unsigned threads : {1U, 2U}) {
    Aside aside(threads, [] { throw std::runtime_error("broken"); });
    EXPECT_THROW(aside.wait(), std::runtime_error) << threads;
  }
}

TEST(Aside, LetsNothingOutlastIt) {
  int done = 0;
  {
    const Aside aside(2, [&] {
      std::this_thread::yield();
      ++done;
    });
  }
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace writ
