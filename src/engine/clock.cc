// Tests of the calendar: weekday and time of day by the wall clock of a zone, and until when their answer stays.
// The answer can change only where the local time crosses one of the test's own bounds, and at transitions of the zone;
// so these instants are gone through, soonest first, until one of them brings another answer.
// Tested by tests/unit/engine/clock_test.cc.
#include <algorithm>
#include <array>
#include <span>

#include "src/engine/evaluate.h"

namespace writ {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
// Years 0001 to 9999; far enough from the ends of 64 bits that nothing below can overflow.
constexpr std::int64_t kLeast = -62'135'596'800 * kSecond;
constexpr std::int64_t kMost = 253'402'300'800 * kSecond;
// A week has seven midnights and a day two bounds; transitions add a few.
constexpr int kMostCandidates = 40;

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

// Where local time stands still against UTC: one offset, up to the next transition.
struct Stretch {
  std::int64_t offset = 0;      // microseconds east of UTC
  std::int64_t end = kForever;  // the instant the next one begins
};

Stretch stretch_at(const Zone& zone, std::int64_t at) noexcept {
  const std::int64_t seconds = floor_div(at, kSecond);
  const auto after = std::upper_bound(zone.transitions.begin(), zone.transitions.end(), seconds,
                                      [](std::int64_t s, const ZoneTransition& t) { return s < t.at; });
  Stretch result;
  result.offset = (after - 1)->offset * kSecond;
  result.end = (after == zone.transitions.end() ? kZoneEnd : after->at) * kSecond;
  return result;
}

// The first instant after `at` at which local time crosses one of the bounds, or the stretch ends.
std::int64_t next_candidate(std::int64_t at, const Stretch& stretch, std::span<const std::int64_t> bounds) noexcept {
  const std::int64_t midnight = floor_div(at + stretch.offset, kDay) * kDay - stretch.offset;
  std::int64_t soonest = stretch.end;
  for (const std::int64_t bound : bounds) {
    std::int64_t candidate = midnight + bound;
    if (candidate <= at) candidate += kDay;
    soonest = std::min(soonest, candidate);
  }
  return soonest;
}

// `stretch(t)`: the stretch that t lies in. `holds(local)`: the test at a local time. `end`: from here on nothing is
// known.
template <class StretchAt, class Holds>
Truth test(std::int64_t now, std::int64_t end, std::span<const std::int64_t> bounds, StretchAt&& stretch,
           Holds&& holds) noexcept {
  Stretch current = stretch(now);
  const bool answer = holds(now + current.offset);
  Truth result = truth_of(answer);
  std::int64_t at = now;
  for (int i = 0; i < kMostCandidates; ++i) {
    at = next_candidate(at, current, bounds);
    if (at >= end) {
      result.until = end;
      return result;
    }
    if (at >= current.end) current = stretch(at);
    if (holds(at + current.offset) != answer) {
      result.until = at;
      return result;
    }
  }
  return result;
}

template <class Holds>
Truth in_zone(std::int64_t now, const Zone& zone, std::span<const std::int64_t> bounds, Holds&& holds) noexcept {
  if (now < kZoneBegin * kSecond || now >= kZoneEnd * kSecond) return unknown_until();
  return test(
      now, kZoneEnd * kSecond, bounds, [&zone](std::int64_t at) { return stretch_at(zone, at); }, holds);
}

template <class Holds>
Truth at_offset(std::int64_t now, std::int64_t offset, std::span<const std::int64_t> bounds, Holds&& holds) noexcept {
  if (now < kLeast || now >= kMost) return unknown_until();
  return test(
      now, kForever, bounds,
      [offset](std::int64_t) {
        return Stretch{offset, kForever};
      },
      holds);
}

constexpr std::array<std::int64_t, 1> kMidnight = {0};

auto weekday_test(std::int64_t mask) {
  return [mask](std::int64_t local) {
    const std::int64_t days = floor_div(local, kDay);
    const std::int64_t weekday = ((days + 3) % 7 + 7) % 7 + 1;  // 1970-01-01 was a Thursday
    return ((mask >> weekday) & 1) != 0;
  };
}

auto clock_test(std::int64_t from, std::int64_t to) {
  return [from, to](std::int64_t local) {
    const std::int64_t time = local - floor_div(local, kDay) * kDay;
    return from <= to ? from <= time && time < to : time >= from || time < to;
  };
}

}  // namespace

Truth weekday_in(std::int64_t now, const Zone& zone, std::int64_t mask) noexcept {
  return in_zone(now, zone, kMidnight, weekday_test(mask));
}

Truth weekday_in(std::int64_t now, std::int64_t offset, std::int64_t mask) noexcept {
  return at_offset(now, offset, kMidnight, weekday_test(mask));
}

Truth clock_in(std::int64_t now, const Zone& zone, std::int64_t from, std::int64_t to) noexcept {
  const std::array<std::int64_t, 2> bounds = {from % kDay, to % kDay};
  return in_zone(now, zone, bounds, clock_test(from, to));
}

Truth clock_in(std::int64_t now, std::int64_t offset, std::int64_t from, std::int64_t to) noexcept {
  const std::array<std::int64_t, 2> bounds = {from % kDay, to % kDay};
  return at_offset(now, offset, bounds, clock_test(from, to));
}

}  // namespace writ
