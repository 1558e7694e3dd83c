#include "tests/reference/clock.h"

#include <date/tz.h>

namespace writ::reference {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kFirst = 0;                       // 1970-01-01
constexpr std::int64_t kLast = 4'133'980'800 * kSecond;  // 2101-01-01: from here on no zone is known
constexpr std::int64_t kFurthestOffset = 18 * 3600 * kSecond;
// Any test that ever changes does so within two weeks, even if the zone leaves out a day (Apia, 30 December 2011).
constexpr std::int64_t kHorizon = 16 * kDay;

using Zone = std::variant<std::string, std::int64_t>;

std::int64_t floor_to_day(std::int64_t at) {
  return at - ((at % kDay) + kDay) % kDay;
}

// A stretch of time in which the offset does not change.
struct Stretch {
  std::int64_t offset = 0;
  std::int64_t end = kForever;
};

Stretch stretch_at(const Zone& zone, std::int64_t now) {
  if (const auto* offset = std::get_if<std::int64_t>(&zone)) return {*offset, kForever};
  const date::sys_time<std::chrono::microseconds> instant{std::chrono::microseconds{now}};
  const date::sys_info info = date::locate_zone(std::get<std::string>(zone))->get_info(instant);
  const std::int64_t end = info.end.time_since_epoch().count();
  return {info.offset.count() * kSecond, end > kLast / kSecond ? kForever : end * kSecond};
}

Wall wall_at(const Zone& zone, std::int64_t now) {
  const std::int64_t local = now + stretch_at(zone, now).offset;
  const std::int64_t midnight = floor_to_day(local);
  const std::int64_t days = midnight / kDay;  // 1970-01-01 was a Thursday
  return {static_cast<int>(((days + 3) % 7 + 7) % 7) + 1, local - midnight};
}

// Every instant after now, up to the horizon, at which something may change.
std::set<std::int64_t> candidates(const Zone& zone, std::int64_t now, const std::set<std::int64_t>& edges) {
  std::set<std::int64_t> found;
  for (std::int64_t at = now; at < now + kHorizon;) {
    const Stretch stretch = stretch_at(zone, at);
    const std::int64_t stop = std::min(stretch.end, now + kHorizon);
    for (std::int64_t day = floor_to_day(at + stretch.offset); day - stretch.offset < stop; day += kDay) {
      found.insert(day - stretch.offset);
      for (const std::int64_t edge : edges) {
        if (day + edge - stretch.offset < stop) found.insert(day + edge - stretch.offset);
      }
    }
    found.insert(stop);
    at = stop;
  }
  found.erase(found.begin(), found.upper_bound(now));
  return found;
}

}  // namespace

Outcome on_the_wall(const Zone& zone, std::int64_t now, const std::set<std::int64_t>& edges,
                    const std::function<bool(const Wall&)>& test) {
  const bool named = std::holds_alternative<std::string>(zone);
  if (named && (now < kFirst || now >= kLast)) return unknown();
  if (!named && std::abs(std::get<std::int64_t>(zone)) > kFurthestOffset) return unknown();
  const bool is = test(wall_at(zone, now));
  for (const std::int64_t at : candidates(zone, now, edges)) {
    if (named && at >= kLast) return truth(is, kLast);
    if (test(wall_at(zone, at)) != is) return truth(is, at);
  }
  return truth(is);
}

}  // namespace writ::reference
