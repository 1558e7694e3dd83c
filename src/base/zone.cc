#include "src/base/zone.h"

#include <date/tz.h>

#include <algorithm>

namespace writ {

std::optional<Zone> load_zone(std::string_view name) {
  // Zone data that is missing or damaged is reported by exceptions.
  try {
    const date::time_zone* const found = date::locate_zone(std::string(name));
    Zone zone;
    zone.name = name;
    using Seconds = std::chrono::seconds;
    date::sys_seconds at{Seconds(kZoneBegin)};
    const date::sys_seconds end{Seconds(kZoneEnd)};
    while (at < end) {
      const date::sys_info info = found->get_info(at);
      const auto offset = static_cast<std::int32_t>(info.offset.count());
      if (zone.transitions.empty() || zone.transitions.back().offset != offset) {
        zone.transitions.push_back({at.time_since_epoch().count(), offset});
      }
      if (info.end <= at) break;
      at = info.end;
    }
    return zone;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    const date::tzdb& zones = date::get_tzdb();
    for (const date::time_zone& zone : zones.zones) names.emplace_back(zone.name());
#if !USE_OS_TZDB
    for (const auto& link : zones.links) names.emplace_back(link.name());
#endif
  } catch (const std::exception&) {
    names.clear();
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string zone_version() {
  try {
    return date::get_tzdb().version;
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace writ
