#include "src/scope/print_scope.h"

#include <algorithm>

#include "src/base/arena.h"
#include "src/scope/fits.h"
#include "src/scope/parse_scope.h"

namespace writ {

std::optional<std::string> print_scope(const Schema& schema, const Cell& cell) {
  if (!fits(schema, cell)) return std::nullopt;
  const EntityType& type = schema.types[cell.type];
  const bool has_id_part = cell.kind != CellKind::kType && !type.single;
  std::string text = schema.actions[cell.action] + ":" + type.name;
  if (has_id_part) text.append("_").append(cell.id);
  if (cell.kind == CellKind::kAll || cell.kind == CellKind::kPrefix) text += "*";
  // Whatever stands in the way of reading it back stands in the way of printing it.
  const Result<ScopeRequest> parsed = parse_scope(schema, text);
  if (!parsed) return std::nullopt;
  const bool alias_for_it =
      parsed->alias != nullptr && parsed->alias->cells.size() == 1 && compare(parsed->alias->cells[0], cell) == 0;
  if (parsed->alias != nullptr ? !alias_for_it : compare(parsed->cell, cell) != 0) return std::nullopt;
  return text;
}

namespace {

bool same_cells(std::span<const Cell> a, std::span<const Cell> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Cell& x, const Cell& y) { return compare(x, y) == 0; });
}

}  // namespace

std::optional<std::string> print_permission(const Schema& schema, std::span<const Cell> cells) {
  if (cells.empty() || !fits(schema, cells.front())) return std::nullopt;
  Arena arena;
  const auto stands_for_them = [&](std::string_view text) {
    const Result<std::span<const Cell>> parsed = parse_permission(schema, text, arena);
    return parsed && same_cells(*parsed, cells);
  };
  if (cells.size() == 1) {
    if (std::optional<std::string> scope = print_scope(schema, cells.front())) return scope;
  }
  for (const Alias& alias : schema.aliases) {
    if (same_cells(alias.cells, cells)) return alias.name;
  }
  // Several cells of one pattern differ in their actions, in their types or in both, and have one id.
  const Cell& first = cells.front();
  const std::string any_of_type = "*:" + schema.types[first.type].name;
  const std::string any_type = schema.actions[first.action] + ":*";
  const auto one_id = [&](std::string_view star) {
    return std::string(any_of_type).append("_").append(first.id).append(star);
  };
  for (const std::string& text :
       {std::string("*"), std::string("*:*_*"), any_type, any_type + "_*", any_of_type, one_id("*"), one_id("")}) {
    if (stands_for_them(text)) return text;
  }
  return std::nullopt;
}

}  // namespace writ
