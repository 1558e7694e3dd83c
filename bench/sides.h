// The two sides of a workload: the same requests decided by a policy, and by what a careful person would write by hand
// for that one workload. Before anything is timed, both have given every request the same answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/session.h"
#include "writ/engine.h"

namespace writ::bench {

inline constexpr std::size_t kRequests = 1U << 14U;  // of a workload: more than a branch predictor learns by heart
inline constexpr Time kNow{1'772'442'000'000'000};

// Prints what went wrong, and ends the program.
[[noreturn]] void give_up(std::string_view what);
Policy compiled(std::string text);
Entities entities_of(const Policy& policy, std::span<const EntityRecord> records);

// Texts that are looked at while decisions are timed: one after the other in memory, and readable for 64 bytes past the
// end of each. Nothing is added once one of them was looked at.
class Texts {
 public:
  std::size_t add(std::string_view text);
  std::string_view operator[](std::size_t at) const { return {bytes_.data() + begins_[at], sizes_[at]}; }
  std::size_t size() const { return begins_.size(); }

 private:
  std::string bytes_ = std::string(64, '\0');
  std::vector<std::size_t> begins_;
  std::vector<std::size_t> sizes_;
};

inline bool allows(const Engine& engine, const Request& request) {
  const Result<Decision> decision = engine.decide(request);
  return decision && decision->allowed();
}

// `answer(i)`: the i-th of `count` requests, a power of two. Which is next hangs on the answer, in a way that the
// machine cannot foresee, so that no decision begins before the one before it has ended.
template <class Answer>
std::uint64_t chained(std::size_t first, std::size_t rounds, std::size_t count, const Answer& answer) {
  std::uint64_t sum = 0;
  std::size_t at = first;
  for (std::size_t i = 0; i < rounds; ++i) {
    auto one = static_cast<std::uint32_t>(answer(at & (count - 1)));
    asm volatile("" : "+r"(one));
    at += 1 + (one >> 4U);
    sum += one;
  }
  return sum;
}

// `by_hand(i)`: whether the i-th request is allowed.
template <class ByHand>
Comparison compare_sides(Session& session, const std::string& name, const Engine& engine,
                         std::span<const Request> requests, const ByHand& by_hand) {
  session.progress(name);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (by_hand(i) == allows(engine, requests[i])) continue;
    give_up(name + ": the two sides do not agree about " + std::string(requests[i].scope) + " for " +
            std::string(requests[i].user));
  }
  return session.compare(
      name, [&](std::size_t first, std::size_t rounds) { return chained(first, rounds, requests.size(), by_hand); },
      [&](std::size_t first, std::size_t rounds) {
        return chained(first, rounds, requests.size(), [&](std::size_t i) { return allows(engine, requests[i]); });
      });
}

// The ratio to the floor, and a time that is a goal of its own.
void put_with_ns(Session& session, const std::string& name, const Comparison& comparison,
                 std::optional<double> most_ns);

}  // namespace writ::bench
