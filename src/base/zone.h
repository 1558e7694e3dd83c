// Time zones, compiled in: the offsets of a zone as a sorted list of transitions, 1970 to 2100.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace writ {

struct ZoneTransition {
  std::int64_t at = 0;      // seconds since 1970; the offset holds from here to the next one
  std::int32_t offset = 0;  // seconds east of UTC
};

struct Zone {
  std::string name;
  std::vector<ZoneTransition> transitions;  // the first stands at kZoneBegin; neighbours differ in offset
};

inline constexpr std::int64_t kZoneBegin = 0;            // 1970-01-01T00:00:00Z
inline constexpr std::int64_t kZoneEnd = 4'133'980'800;  // 2101-01-01T00:00:00Z; nothing is known from here on

// From the zone data of the machine, by Howard Hinnant's `date`, and past its last listed transition by the rule that
// its file ends with. Empty if there is no such zone (or no zone data).
std::optional<Zone> load_zone(std::string_view name);
// Names for suggestions, sorted.
std::vector<std::string> zone_names();
// "2026a"; empty if there is no zone data.
std::string zone_version();

}  // namespace writ
