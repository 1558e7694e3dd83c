#include "src/diagnostics/suggest.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace writ {
namespace {

constexpr std::size_t kLongest = 128;

// The Damerau-Levenshtein distance in which no two edits touch the same bytes, or limit + 1 if it is past the limit.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  using Row = std::array<std::size_t, kLongest + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string suggest(std::string_view wrong, const std::vector<std::string_view>& known) {
  if (wrong.empty() || wrong.size() > kLongest) return {};
  std::size_t nearest = std::max<std::size_t>(1, wrong.size() / 3);
  std::string_view best;
  for (const std::string_view name : known) {
    if (name.empty() || name.size() > kLongest || name == wrong) continue;
    const std::size_t far = distance(wrong, name, nearest);
    if (far < nearest || (far == nearest && (best.empty() || name < best))) {
      nearest = far;
      best = name;
    }
  }
  return std::string(best);
}

}  // namespace writ
