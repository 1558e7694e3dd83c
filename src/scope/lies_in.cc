// Tested by tests/unit/scope/lies_in_test.cc.
#include "src/scope/lies_in.h"

#include <algorithm>

#include "src/scope/parse_scope.h"

namespace writ {
namespace {

std::span<const Cell> cells_of(const ScopeRequest& scope) noexcept {
  return scope.alias != nullptr ? std::span<const Cell>(scope.alias->cells) : std::span<const Cell>(&scope.cell, 1);
}

}  // namespace

Result<bool> lies_in(const Schema& schema, std::string_view asked, std::span<const std::string_view> held) {
  const Result<ScopeRequest> wanted = parse_scope(schema, asked);
  if (!wanted) return wanted.error();
  const std::span<const Cell> cells = cells_of(*wanted);
  return std::all_of(cells.begin(), cells.end(), [&](const Cell& cell) {
    return std::any_of(held.begin(), held.end(), [&](std::string_view text) {
      const Result<ScopeRequest> with = parse_scope(schema, text);
      if (!with || (with->alias != nullptr && wanted->alias == nullptr)) return false;
      const std::span<const Cell> wide = cells_of(*with);
      return std::any_of(wide.begin(), wide.end(), [&cell](const Cell& one) { return covers(one, cell); });
    });
  });
}

}  // namespace writ
