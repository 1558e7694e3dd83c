// Tested by tests/unit/engine/list_test.cc, and against decide() over every resource in tests/differential.
#include "src/engine/list.h"

#include <algorithm>
#include <memory_resource>

#include "src/engine/candidates.h"
#include "src/engine/ceiling.h"
#include "src/engine/decide.h"
#include "src/scope/parse_scope.h"

namespace writ {
namespace {

constexpr std::size_t kMostOfPage = 10'000;

Result<bool> allowed(Query& query, const Cell& cell, std::int64_t default_lifetime) {
  query.alias = nullptr;
  query.cell = cell;
  const Result<Decision> decision = decide(query, default_lifetime);
  if (!decision) return decision.error();
  return decision->allowed();
}

// Everything of the type that the action may be on.
Result<Cell> read_set(const Schema& schema, const Listing& asked) {
  const TypeId type = schema.find_type(asked.type);
  if (type == kNoId) return Error(ErrorCode::kUnknownType, "no such type: the member `type`");
  const ActionId action = schema.find_action(asked.action);
  if (action == kNoId || !schema.acts_on_resource(action, type)) {
    return Error(ErrorCode::kUnknownAction, "no such action on single resources of the type: the member `action`");
  }
  if (schema.types[type].single) return Cell{action, type, CellKind::kExact, {}};
  return Cell{action, type, CellKind::kAll, {}};
}

// `open` asks for the set.
Result<void> fill(const Query& open, Query& query, const Listing& asked, std::int64_t default_lifetime, Page& page) {
  std::pmr::monotonic_buffer_resource memory;
  Candidates candidates = Candidates::resources(open, asked.after, memory);
  std::uint32_t looked_at = 0;
  std::string_view last;
  while (const std::optional<Cell> cell = candidates.next()) {
    if (looked_at++ == kMostLookedAt) {
      page.next = last;
      return {};
    }
    const Result<bool> one = allowed(query, *cell, default_lifetime);
    if (!one) return one.error();
    if (*one && page.ids.size() == asked.limit) {
      page.next = last;
      return {};
    }
    if (*one) page.ids.emplace_back(cell->id);
    last = cell->id;
  }
  return {};
}

}  // namespace

Result<Page> list(Query& query, const Listing& asked, std::int64_t default_lifetime) {
  if (asked.limit == 0 || asked.limit > kMostOfPage) {
    return Error(ErrorCode::kBadValue, "a page holds 1 to 10,000 resources: the member `limit`");
  }
  const Result<Cell> set = read_set(query.program->schema(), asked);
  if (!set) return set.error();
  Page page;
  const Result<bool> every = allowed(query, *set, default_lifetime);
  if (!every) return every.error();
  page.every = *every;
  if (set->kind == CellKind::kExact) {
    if (page.every && asked.after.empty()) page.ids.emplace_back();
    return page;
  }
  Query open = query;
  if (const Result<void> ready = ask(open, *set); !ready) return ready.error();
  if (denied_throughout(open)) return page;
  if (const Result<void> filled = fill(open, query, asked, default_lifetime, page); !filled) return filled.error();
  return page;
}

Result<std::vector<std::string>> list_actions(Query& query, TypeId type, std::string_view id,
                                              std::int64_t default_lifetime) {
  const Schema& schema = query.program->schema();
  std::vector<std::string> actions;
  for (const ActionId action : schema.types[type].resource_actions) {
    const Result<bool> one = allowed(query, {action, type, CellKind::kExact, id}, default_lifetime);
    if (!one) return one.error();
    if (*one) actions.push_back(schema.actions[action]);
  }
  std::sort(actions.begin(), actions.end());
  return actions;
}

}  // namespace writ
