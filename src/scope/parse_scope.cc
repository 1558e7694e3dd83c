#include "src/scope/parse_scope.h"

#include <algorithm>
#include <vector>

#include "src/base/quote.h"
#include "src/scope/bare.h"
#include "src/scope/fits.h"

namespace writ {
namespace {

enum class IdForm : std::uint8_t { kNone, kAll, kPrefix, kExact };

// A spelling taken apart; every byte of it is known to be one that may stand there. `*` may be the action or the type.
struct Spelling {
  std::string_view action;
  std::string_view type;
  IdForm form = IdForm::kNone;
  std::string_view id;  // kPrefix: without the star
};

Error bad_scope(std::string_view text, std::string_view why) noexcept {
  Error error(ErrorCode::kBadScope, "");
  return append_quoted(error, text).append(" is no scope: ").append(why);
}

Error unknown_type(std::string_view type) noexcept {
  Error error(ErrorCode::kUnknownType, "there is no type ");
  return append_quoted(error, type);
}

Error unknown_action(const EntityType& type, std::string_view action) noexcept {
  Error error(ErrorCode::kUnknownAction, type.name);
  return append_quoted(error.append(" has no action "), action);
}

// An action on the type was asked for one resource, or for several.
Error acts_on_type_only(const EntityType& type, std::string_view action) noexcept {
  Error error(ErrorCode::kUnknownAction, "");
  append_quoted(error, action).append(" is an action on the type ").append(type.name).append(" itself: write `");
  return error.append(action).append(":").append(type.name).append("`");
}

Error single_has_no_ids(const EntityType& type, std::string_view action) noexcept {
  Error error(ErrorCode::kBadScope, type.name);
  error.append(" is a single resource without ids: write `");
  return error.append(action).append(":").append(type.name).append("`");
}

Error unknown_id(const EntityType& type, const Cell& cell) noexcept {
  Error error(ErrorCode::kUnknownId, type.name);
  error.append(cell.kind == CellKind::kPrefix ? " lists no id that begins with " : " does not list the id ");
  return append_quoted(error, cell.id);
}

Result<Spelling> take_apart(std::string_view text) noexcept {
  Spelling spelling;
  std::string_view resource;
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    spelling.action = text.substr(0, colon);
    resource = text.substr(colon + 1);
  } else if (const std::size_t dot = text.rfind('.'); dot != std::string_view::npos) {
    spelling.action = text.substr(dot + 1);
    resource = text.substr(0, dot);
  } else {
    return bad_scope(text, "write `action:type_id`");
  }
  const std::size_t underscore = resource.find('_');
  spelling.type = resource.substr(0, underscore);
  if (spelling.action != "*" && !is_action_name(spelling.action)) return bad_scope(text, "write `action:type_id`");
  if (spelling.type != "*" && !is_type_name(spelling.type)) return bad_scope(text, "write `action:type_id`");
  if (underscore == std::string_view::npos) return spelling;

  spelling.id = resource.substr(underscore + 1);
  const bool star = spelling.id.ends_with('*');
  if (star) spelling.id.remove_suffix(1);
  if (!all_bare(spelling.id)) return bad_scope(text, "an id in a scope is made of letters, digits and ._~@/+=-");
  if (!star && spelling.id.empty()) return bad_scope(text, "there is no id after `_`");
  spelling.form = !star ? IdForm::kExact : (spelling.id.empty() ? IdForm::kAll : IdForm::kPrefix);
  return spelling;
}

// The cell of one action of one type. Precondition: the action is on the resources of the type, or on the type and
// there is no id.
Cell cell_of(const Schema& schema, ActionId action, TypeId type, IdForm form, std::string_view id) noexcept {
  if (schema.acts_on_type(action, type)) return {action, type, CellKind::kType, {}};
  if (schema.types[type].single) return {action, type, CellKind::kExact, {}};
  if (form == IdForm::kExact) return {action, type, CellKind::kExact, id};
  if (form == IdForm::kPrefix) return {action, type, CellKind::kPrefix, id};
  return {action, type, CellKind::kAll, {}};
}

// A spelling that names its action and its type. `star_for_single`: patterns may say `read:profile_*`.
Result<Cell> resolve(const Schema& schema, const Spelling& spelling, bool star_for_single) noexcept {
  const TypeId type_id = schema.find_type(spelling.type);
  if (type_id == kNoId) return unknown_type(spelling.type);
  const EntityType& type = schema.types[type_id];
  const ActionId action = schema.find_action(spelling.action);
  const bool on_type = action != kNoId && schema.acts_on_type(action, type_id);
  if (action == kNoId || (!on_type && !schema.acts_on_resource(action, type_id))) {
    return unknown_action(type, spelling.action);
  }
  if (on_type && spelling.form != IdForm::kNone) return acts_on_type_only(type, spelling.action);
  if (type.single && spelling.form != IdForm::kNone && !(star_for_single && spelling.form == IdForm::kAll)) {
    return single_has_no_ids(type, spelling.action);
  }
  const Cell cell = cell_of(schema, action, type_id, spelling.form, spelling.id);
  // Everything else about the cell holds by now; a closed type may not know its id.
  if (!fits(schema, cell)) return unknown_id(type, cell);
  return cell;
}

// The cells that a pattern has in one type. `action` is kNoId for all of them.
void expand(const Schema& schema, ActionId action, TypeId type_id, const Spelling& spelling, std::vector<Cell>& out) {
  const EntityType& type = schema.types[type_id];
  for (const ActionId own : type.resource_actions) {
    if (action == kNoId || action == own) out.push_back(cell_of(schema, own, type_id, spelling.form, spelling.id));
  }
  if (spelling.form != IdForm::kNone) return;
  for (const ActionId own : type.type_actions) {
    if (action == kNoId || action == own) out.push_back({own, type_id, CellKind::kType, {}});
  }
}

Result<std::span<const Cell>> expand(const Schema& schema, const Spelling& spelling, std::string_view text,
                                     Arena& arena) {
  if (spelling.type == "*" && (spelling.form == IdForm::kPrefix || spelling.form == IdForm::kExact)) {
    return bad_scope(text, "an id needs a type of its own");
  }
  std::vector<Cell> cells;
  const ActionId action = spelling.action == "*" ? kNoId : schema.find_action(spelling.action);
  if (spelling.action != "*" && action == kNoId) {
    Error error(ErrorCode::kUnknownAction, "there is no action ");
    return append_quoted(error, spelling.action);
  }
  if (spelling.type == "*") {
    for (std::size_t type = 0; type < schema.types.size(); ++type) {
      expand(schema, action, static_cast<TypeId>(type), spelling, cells);
    }
  } else {
    const TypeId type_id = schema.find_type(spelling.type);
    if (type_id == kNoId) return unknown_type(spelling.type);
    const EntityType& type = schema.types[type_id];
    if (type.single && (spelling.form == IdForm::kPrefix || spelling.form == IdForm::kExact)) {
      return single_has_no_ids(type, spelling.action);
    }
    expand(schema, action, type_id, spelling, cells);
    if (!cells.empty() && !fits(schema, cells.front())) return unknown_id(type, cells.front());
  }
  if (cells.empty()) {
    Error error(ErrorCode::kUnknownAction, "");
    return append_quoted(error, text).append(" reaches nothing that is declared");
  }
  std::sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return compare(a, b) < 0; });
  const std::string_view id = arena.copy(cells.front().id);
  for (Cell& cell : cells)
    cell.id = id;
  return arena.copy(std::span<const Cell>(cells));
}

// What the schema holds ready for the widest patterns, so that a million users with `*` share one list. Empty where it
// has nothing.
std::span<const Cell> ready(const Schema& schema, const Spelling& spelling) noexcept {
  if (spelling.action != "*" || spelling.form == IdForm::kPrefix || spelling.form == IdForm::kExact) return {};
  if (spelling.type == "*") return spelling.form == IdForm::kNone ? schema.everything() : std::span<const Cell>();
  const TypeId type = schema.find_type(spelling.type);
  if (type == kNoId) return {};
  const bool all = spelling.form == IdForm::kNone || schema.types[type].type_actions.empty();
  return all ? schema.everything_of(type) : std::span<const Cell>();
}

}  // namespace

Result<ScopeRequest> parse_scope(const Schema& schema, std::string_view text) noexcept {
  if (text.size() > kMaxScopeBytes) return bad_scope(text, "it is longer than 1024 bytes");
  if (!schema.aliases.empty()) {
    const int alias = schema.find_alias(text);
    if (alias >= 0) return ScopeRequest{{}, &schema.aliases[static_cast<std::size_t>(alias)]};
  }
  ScopeRequest request;
  ShortScope scope;
  if ((take_apart_shortly(text, scope) || take_apart_turned(text, scope)) && has_bare_id(scope)) {
    const Word* const word = schema.vocabulary().find(scope);
    if (word != nullptr && read_cell(scope, *word, request.cell)) return request;
  }
  const Result<Spelling> spelling = take_apart(text);
  if (!spelling) return spelling.error();
  if (spelling->action == "*" || spelling->type == "*") {
    return bad_scope(text, "a request names one action and one type");
  }
  const Result<Cell> cell = resolve(schema, *spelling, false);
  if (!cell) return cell.error();
  return ScopeRequest{*cell, nullptr};
}

Result<Cell> parse_action(const Schema& schema, std::string_view action_name, std::string_view type_name) noexcept {
  const TypeId type_id = schema.find_type(type_name);
  if (type_id == kNoId) return unknown_type(type_name);
  const ActionId action = schema.find_action(action_name);
  const bool known =
      action != kNoId && (schema.acts_on_type(action, type_id) || schema.acts_on_resource(action, type_id));
  if (!known) return unknown_action(schema.types[type_id], action_name);
  return cell_of(schema, action, type_id, IdForm::kNone, {});
}

Result<Cell> parse_resource(const Schema& schema, std::string_view action_name, std::string_view type_name,
                            std::string_view id) noexcept {
  const Result<Cell> all = parse_action(schema, action_name, type_name);
  if (!all) return all.error();
  const EntityType& type = schema.types[all->type];
  const bool on_type = all->kind == CellKind::kType;
  if ((on_type || type.single) && !id.empty()) {
    Error error(ErrorCode::kBadId, "");
    append_quoted(error, action_name).append(on_type ? " is an action on the type " : " is an action on the single ");
    return error.append(type.name).append(", which has no id");
  }
  if (on_type || type.single) return *all;
  const Cell cell{all->action, all->type, CellKind::kExact, id};
  if (!is_id(id)) {
    Error error(ErrorCode::kBadId, type.name);
    return error.append(id.empty() ? " needs an id" : " has ids of 1 to 1024 bytes of UTF-8 without NUL");
  }
  if (!fits(schema, cell)) return unknown_id(type, cell);
  return cell;
}

Result<std::span<const Cell>> parse_permission(const Schema& schema, std::string_view text, Arena& arena) {
  if (text.size() > kMaxScopeBytes) return bad_scope(text, "it is longer than 1024 bytes");
  if (const int alias = schema.find_alias(text); alias >= 0) {
    return std::span<const Cell>(schema.aliases[static_cast<std::size_t>(alias)].cells);
  }
  const Result<Spelling> spelling = text == "*" ? Spelling{"*", "*", IdForm::kNone, {}} : take_apart(text);
  if (!spelling) return spelling.error();
  if (const std::span<const Cell> cells = ready(schema, *spelling); !cells.empty()) return cells;
  if (spelling->action == "*" || spelling->type == "*") return expand(schema, *spelling, text, arena);
  const Result<Cell> cell = resolve(schema, *spelling, true);
  if (!cell) return cell.error();
  const std::span<Cell> one = arena.array<Cell>(1);
  one[0] = *cell;
  one[0].id = arena.copy(cell->id);
  return std::span<const Cell>(one);
}

}  // namespace writ
