#include "src/base/aside.h"

#include <system_error>
#include <utility>

#include "src/base/bulk.h"

namespace writ {

Aside::Aside(unsigned threads, std::function<void()> work) : work_(std::move(work)) {
  if (threads < 2) return;
  try {
    thread_ = std::thread([this, pool = BulkReuse::pool()] {
      const BulkReuse reuse(pool);
      try {
        work_();
      } catch (...) {
        thrown_ = std::current_exception();
      }
    });
  } catch (const std::system_error&) {
    // A system that has no threads to give, or forbids them, gets the same result later.
  }
}

Aside::~Aside() {
  if (thread_.joinable()) thread_.join();
}

void Aside::wait() {
  if (!thread_.joinable()) return work_();
  thread_.join();
  if (thrown_) std::rethrow_exception(thrown_);
}

}  // namespace writ
