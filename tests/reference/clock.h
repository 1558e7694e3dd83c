// Wall clocks: tests of the time of day and the day of the week in a zone, and how long they keep their truth.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <variant>

#include "tests/reference/value.h"

namespace writ::reference {

struct Wall {
  int weekday = 1;          // Monday is 1
  std::int64_t of_day = 0;  // microseconds since local midnight, as the clock on the wall shows them
};

// `zone`: a name, or microseconds east of UTC. `edges`: the times of day at which the test may change, but for
// midnight.
Outcome on_the_wall(const std::variant<std::string, std::int64_t>& zone, std::int64_t now,
                    const std::set<std::int64_t>& edges, const std::function<bool(const Wall&)>& test);

}  // namespace writ::reference
