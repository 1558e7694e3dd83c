// What works once: ids of tokens and proofs that have been used, remembered until they are dead.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "writ/result.h"
#include "writ/value.h"

namespace writ {

// What.          Says of an id whether it is used for the first time. RFC 7519, section 4.1.7; RFC 9449, section 11.1.
//                Servers that share work share one: a store in which inserting an id that is there fails will do.
// Thread-safety. use() from any number of threads. Of several that bring one id at once, one is the first.
// Lifetime.      Must outlive whoever holds a reference to it.
// Cost.          Of an implementation.
// Fails.         Closed: what cannot be remembered is refused.
class ReplayGuard {
 public:
  ReplayGuard() = default;
  virtual ~ReplayGuard() = default;
  ReplayGuard(const ReplayGuard&) = delete;
  ReplayGuard& operator=(const ReplayGuard&) = delete;

  // The first use of `id` in `realm` (the issuer of a token, the key of a proof), which is dead from `until` on (its
  // `exp` and the verifier's leeway). kReplayed: it was used before, or `until` is past, so that it may be forgotten
  // already. kMissingMember: no id. kBadValue: a time before 1970. Any other error: it could not be remembered. Each of
  // them means: refuse.
  virtual Result<void> use(std::string_view realm, std::string_view id, Time until, Time now) = 0;
};

// What.          A guard in memory, for one process.
// Thread-safety. As its base; one lock, held for a look-up.
// Lifetime.      Independent.
// Cost.          36 to 40 bytes for each id of its capacity, taken at once. use() is one SHA-256 and a look-up; ids
//                that have died are given back then, each in a small constant number of steps.
// Fails.         kTooMany: as many as it may hold are alive. It never forgets one of them to take another. A clock that
//                goes back is held at the latest instant seen: what was forgotten by then stays refused.
class MemoryReplayGuard final : public ReplayGuard {
 public:
  static constexpr std::size_t kMaxCapacity = std::size_t{1} << 28U;

  // kBadValue: a capacity of 0 or past kMaxCapacity. kUnsupported: OpenSSL has no randomness.
  static Result<std::unique_ptr<MemoryReplayGuard>> make(std::size_t capacity);
  ~MemoryReplayGuard() override;

  Result<void> use(std::string_view realm, std::string_view id, Time until, Time now) override;

  std::size_t held() const;  // ids it remembers at this moment

 private:
  struct State;
  explicit MemoryReplayGuard(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace writ
