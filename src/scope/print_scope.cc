#include "src/scope/print_scope.h"

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

}  // namespace writ
