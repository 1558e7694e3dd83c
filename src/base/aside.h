// Aside: work that another thread may do meanwhile. Tested by tests/unit/base/aside_test.cc.
#pragma once

#include <exception>
#include <functional>
#include <thread>

namespace writ {

class Aside {
 public:
  // Begins the work on a thread of its own where `threads` are more than one and the system has one to give; elsewhere
  // wait() does it.
  Aside(unsigned threads, std::function<void()> work);
  // Work that has begun is waited for; what it threw is lost, as whoever does not wait is on the way out himself.
  ~Aside();
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  // Once. Afterwards the work is done; throws what it threw.
  void wait();

 private:
  std::function<void()> work_;
  std::exception_ptr thrown_;
  std::thread thread_;
};

}  // namespace writ
