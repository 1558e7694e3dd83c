#include "src/base/zone_rule.h"

#include <date/date.h>

#include <algorithm>
#include <utility>

namespace writ {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr int kMostHours = 167;

class RuleText {
 public:
  explicit RuleText(std::string_view text) : rest_(text) {}

  std::optional<ZoneRule> run() {
    ZoneRule rule;
    std::int32_t west = 0;
    if (!name() || !offset(west)) return std::nullopt;
    rule.standard = -west;
    if (rest_.empty()) return rule;
    rule.changes = true;
    rule.summer = rule.standard + 3'600;
    if (!name()) return std::nullopt;
    if (!rest_.starts_with(',')) {
      if (!offset(west)) return std::nullopt;
      rule.summer = -west;
    }
    if (!change(rule.begin) || !change(rule.end) || !rest_.empty()) return std::nullopt;
    return rule;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool name() {
    if (take('<')) {
      const std::size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return end > 0;
    }
    std::size_t length = 0;
    while (length < rest_.size() && ((rest_[length] | 0x20) >= 'a' && (rest_[length] | 0x20) <= 'z'))
      ++length;
    rest_.remove_prefix(length);
    return length >= 3;
  }

  bool number(int most, int& value) {
    std::size_t length = 0;
    value = 0;
    while (length < rest_.size() && length < 3 && rest_[length] >= '0' && rest_[length] <= '9') {
      value = value * 10 + (rest_[length++] - '0');
    }
    rest_.remove_prefix(length);
    return length > 0 && value <= most;
  }

  // [+-]hh[:mm[:ss]]
  bool offset(std::int32_t& seconds) {
    const bool negative = rest_.starts_with('-');
    if (!take('-')) take('+');
    int hours = 0, minutes = 0, rest = 0;
    if (!number(kMostHours, hours)) return false;
    if (take(':')) {
      if (!number(59, minutes)) return false;
      if (take(':') && !number(59, rest)) return false;
    }
    seconds = hours * 3'600 + minutes * 60 + rest;
    if (negative) seconds = -seconds;
    return true;
  }

  bool change(ZoneChange& to) {
    if (!take(',')) return false;
    if (take('M')) {
      to.kind = ZoneChange::Day::kWeekday;
      if (!number(12, to.month) || to.month == 0 || !take('.') || !number(5, to.week) || to.week == 0 || !take('.') ||
          !number(6, to.day)) {
        return false;
      }
    } else if (take('J')) {
      to.kind = ZoneChange::Day::kJulian;
      if (!number(365, to.day) || to.day == 0) return false;
    } else {
      to.kind = ZoneChange::Day::kZeroBased;
      if (!number(365, to.day)) return false;
    }
    return !take('/') || offset(to.at);
  }

  std::string_view rest_;
};

// The instant of a change in a year, by a clock that is `offset` ahead of UTC.
std::int64_t instant(const ZoneChange& change, int year, std::int32_t offset) {
  const date::year y{year};
  date::sys_days day;
  switch (change.kind) {
    case ZoneChange::Day::kWeekday: {
      const date::month month(static_cast<unsigned>(change.month));
      const date::weekday weekday(static_cast<unsigned>(change.day));
      day = change.week == 5 ? date::sys_days{y / month / weekday[date::last]}
                             : date::sys_days{y / month / weekday[static_cast<unsigned>(change.week)]};
      break;
    }
    case ZoneChange::Day::kJulian:
      day = date::sys_days{y / date::January / 1} +
            date::days{change.day - 1 + (y.is_leap() && change.day >= 60 ? 1 : 0)};
      break;
    case ZoneChange::Day::kZeroBased:
      day = date::sys_days{y / date::January / 1} + date::days{change.day};
      break;
  }
  return std::int64_t{day.time_since_epoch().count()} * kDay + change.at - offset;
}

}  // namespace

std::optional<ZoneRule> parse_zone_rule(std::string_view text) noexcept {
  return RuleText(text).run();
}

void extend(Zone& zone, const ZoneRule& rule, std::int64_t after) {
  if (!rule.changes) return;
  const auto first_day = date::floor<date::days>(date::sys_seconds{std::chrono::seconds(after)});
  const int first = static_cast<int>(date::year_month_day(first_day).year());
  const int last = static_cast<int>(
      date::year_month_day(date::floor<date::days>(date::sys_seconds{std::chrono::seconds(kZoneEnd)})).year());
  std::vector<ZoneTransition> changes;
  for (int year = first - 1; year <= last; ++year) {
    changes.push_back({instant(rule.begin, year, rule.standard), rule.summer});
    changes.push_back({instant(rule.end, year, rule.summer), rule.standard});
  }
  std::sort(changes.begin(), changes.end(),
            [](const ZoneTransition& a, const ZoneTransition& b) { return a.at < b.at; });
  for (const ZoneTransition& change : changes) {
    if (change.at <= after || change.at >= kZoneEnd || change.offset == zone.transitions.back().offset) continue;
    zone.transitions.push_back(change);
  }
}

}  // namespace writ
