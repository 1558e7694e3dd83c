// What OpenSSL has to say when it refuses.
#pragma once

#include <string_view>

#include <openssl/err.h>

#include "writ/result.h"

namespace writ::crypto {

// What.          Everything that OpenSSL reports within a scope is gone at its end, and what the host had in its own
//                queue is there as before.
// Thread-safety. The queue is the thread's own.
// Lifetime.      A scope.
// Cost.          A few stores.
// Fails.         Never.
class Failures {
 public:
  Failures() noexcept { ERR_set_mark(); }
  ~Failures() { ERR_pop_to_mark(); }
  Failures(const Failures&) = delete;
  Failures& operator=(const Failures&) = delete;

  // `what`, and the last reason that OpenSSL gives. Reasons are constants of the library; the data that can come with
  // them may quote what was read, and is left out.
  Error error(ErrorCode code, std::string_view what) const noexcept {
    Error error(code, what);
    const unsigned long last = ERR_peek_last_error();
    const char* const reason = last == 0 ? nullptr : ERR_reason_error_string(last);
    if (reason != nullptr) error.append(": ").append(reason);
    return error;
  }
};

}  // namespace writ::crypto
