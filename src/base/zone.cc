#include "src/base/zone.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "src/base/zone_rule.h"

namespace writ {
namespace {

constexpr std::array kZoneFolders = {"/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/", "/etc/zoneinfo/"};

std::string read(std::string_view name) {
  for (const char* folder : kZoneFolders) {
    std::ifstream file(std::string(folder).append(name), std::ios::binary);
    if (file) return {std::istreambuf_iterator<char>(file), {}};
  }
  return {};
}

// The rule that a zone file ends with, in a line of its own. Where the library reads the machine's zone files it stops
// at their last listed transition, which is in 2037.
std::optional<ZoneRule> rule_of(std::string_view name) {
  const std::string file = read(name);
  if (!file.starts_with("TZif") || !file.ends_with('\n')) return std::nullopt;
  const std::string_view body(file.data(), file.size() - 1);
  const std::size_t begin = body.rfind('\n');
  return begin == std::string_view::npos ? std::nullopt : parse_zone_rule(body.substr(begin + 1));
}

}  // namespace

std::optional<Zone> load_zone(std::string_view name) {
  // Zone data that is missing or damaged is told by exceptions.
  try {
    const date::time_zone* const found = date::locate_zone(std::string(name));
    Zone zone;
    zone.name = name;
    std::int64_t last = kZoneBegin;
    date::sys_seconds at{std::chrono::seconds(kZoneBegin)};
    const date::sys_seconds end{std::chrono::seconds(kZoneEnd)};
    while (at < end) {
      const date::sys_info info = found->get_info(at);
      const auto offset = static_cast<std::int32_t>(info.offset.count());
      last = at.time_since_epoch().count();
      if (zone.transitions.empty() || zone.transitions.back().offset != offset)
        zone.transitions.push_back({last, offset});
      if (info.end <= at) break;
      at = info.end;
    }
    if (const std::optional<ZoneRule> rule = rule_of(name)) extend(zone, *rule, last);
    return zone;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    const date::tzdb& zones = date::get_tzdb();
    for (const date::time_zone& zone : zones.zones)
      names.emplace_back(zone.name());
#if !USE_OS_TZDB
    for (const auto& link : zones.links)
      names.emplace_back(link.name());
#endif
  } catch (const std::exception&) {
    names.clear();
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string zone_version() {
  try {
    const std::string& version = date::get_tzdb().version;
    if (!version.empty() && version != "unknown") return version;
  } catch (const std::exception&) {
    return {};
  }
  constexpr std::string_view kMark = "# version ";
  const std::string rules = read("tzdata.zi");
  return rules.starts_with(kMark) ? rules.substr(kMark.size(), rules.find('\n') - kMark.size()) : "unknown";
}

}  // namespace writ
