// Tested by tests/differential, against candidates found by looking at everything.
#include "src/engine/candidates.h"

#include <algorithm>

#include "src/engine/reach.h"

namespace writ {
namespace {

using policy::EntryKind;
using policy::EntryRecord;
using policy::KeyRecord;
using policy::Op;

// By id, a prefix before the single one with that id and before what lies in it.
bool before(const Cell& a, const Cell& b) noexcept {
  const int ids = a.id.compare(b.id);
  return ids != 0 ? ids < 0 : a.kind < b.kind;
}

void sort(std::pmr::vector<Cell>& cells) {
  std::sort(cells.begin(), cells.end(), before);
  const auto same = [](const Cell& a, const Cell& b) { return a.kind == b.kind && a.id == b.id; };
  cells.erase(std::unique(cells.begin(), cells.end(), same), cells.end());
}

}  // namespace

Candidates::Candidates(const Query& query, std::pmr::memory_resource& memory)
    : query_(query), program_(*query.program), memory_(memory), cells_(&memory), regions_(&memory) {
  take_keys();
  take_scopes();
  take_resources({}, false);
}

Candidates::Candidates(const Query& query, std::string_view after, std::pmr::memory_resource& memory, Only)
    : query_(query), program_(*query.program), memory_(memory), cells_(&memory), regions_(&memory) {
  take_resources(after, true);
}

Candidates Candidates::resources(const Query& query, std::string_view after, std::pmr::memory_resource& memory) {
  return {query, after, memory, Only()};
}

// The keys of a pair stand in the order that is wanted here.
void Candidates::take_keys() {
  const policy::PairRecord* const pair = program_.pair(query_.cell.action, query_.cell.type);
  if (pair == nullptr) return;
  prefixes_ = keys_within(program_, query_.cell, pair->prefix_first, pair->prefix_count);
  exact_ = keys_within(program_, query_.cell, pair->exact_first, pair->exact_count);
}

void Candidates::take_scopes() {
  if (query_.user.node != nullptr) {
    for (const Datum& held : query_.user.node->attributes)
      take_scope_cells(held);
  }
  if (query_.facts != nullptr) {
    for (const Datum& held : query_.facts->user.attributes)
      take_scope_cells(held);
  }
  Evaluator evaluator(query_);
  const auto entry = [&](const EntryRecord& one) {
    if (one.condition == policy::kNoNode) return;
    const bool per_agent = one.per_agent != 0 || static_cast<EntryKind>(one.kind) == EntryKind::kTrust;
    for (std::uint8_t agent = 0; agent < (per_agent ? query_.agent_count : 1); ++agent) {
      evaluator.judge(agent);
      take_scopes(evaluator, one.condition);
    }
  };
  each_key_over(program_, query_.cell, [&](const KeyRecord& key) { each_entry(program_, key, entry); });
  for (std::uint32_t at = prefixes_.at; at < prefixes_.end; ++at)
    each_entry(program_, program_.keys[at], entry);
  sort(cells_);
}

void Candidates::take_scopes(Evaluator& evaluator, std::uint32_t condition) {
  const policy::NodeRecord& node = program_.nodes[condition];
  switch (static_cast<Op>(node.op)) {
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
      for (std::uint32_t i = 0; i < node.kid_count; ++i)
        take_scopes(evaluator, program_.kid(node, i));
      break;
    case Op::kAny:
    case Op::kAll: {
      std::int64_t until = kForever;
      evaluator.each(program_.kid(node, 0), until, [&](const Datum& element) {
        evaluator.bind(node.index, element);
        take_scopes(evaluator, program_.kid(node, 1));
        return true;
      });
      evaluator.unbind(node.index);
      break;
    }
    case Op::kCoversScope:
    case Op::kMember:
    case Op::kEqual:
      for (std::uint32_t i = 0; i < node.kid_count; ++i) {
        const Val value = evaluator.value(program_.kid(node, i));
        if (value.known) take_scope_cells(value.datum);
      }
      break;
    default:
      break;
  }
}

void Candidates::take_scope_cells(const Datum& scopes) {
  if (scopes.kind == DatumKind::kSet) {
    for (std::uint32_t i = 0; i < scopes.count && scopes.items[i].kind == DatumKind::kScope; ++i) {
      take_scope_cells(scopes.items[i]);
    }
    return;
  }
  for (std::uint32_t i = 0; scopes.kind == DatumKind::kScope && i < scopes.count; ++i) {
    if (overlap(scopes.cells[i], query_.cell) == Overlap::kPartly) cells_.push_back(scopes.cells[i]);
  }
}

void Candidates::add_resource(const Datum& entity, std::string_view within, Region& region) {
  if (entity.type != query_.cell.type || !entity.text().starts_with(within)) return;
  if (query_.data->find(entity.type, entity.text()) == nullptr) return;
  region.cells.push_back(cell(CellKind::kExact, entity.text()));
}

void Candidates::add_entry(const EntryRecord& entry, std::uint8_t agent, std::string_view within, Region& region) {
  Reach found(memory_);
  if (entry.condition == policy::kNoNode) {
    found.all = true;
  } else {
    Evaluator evaluator(query_);
    evaluator.judge(agent);
    found = reach(evaluator, entry.condition, memory_);
  }
  if (found.all) {
    region.prefixes.push_back(within);
  } else {
    for (const Datum& entity : found.entities)
      add_resource(entity, within, region);
  }
}

Candidates::Region Candidates::region(EntryKind kind, std::uint8_t agent, bool exact_keys) {
  Region region{std::pmr::vector<std::string_view>(&memory_), std::pmr::vector<Cell>(&memory_)};
  const std::string_view whole = query_.cell.id;
  each_key_over(program_, query_.cell, [&](const KeyRecord& key) {
    each_entry(program_, key, [&](const EntryRecord& entry) {
      if (static_cast<EntryKind>(entry.kind) == kind) add_entry(entry, agent, whole, region);
    });
  });
  const policy::PairRecord* const pair = program_.pair(query_.cell.action, query_.cell.type);
  if (pair == nullptr) return region;
  const KeyRun prefixes = keys_within(program_, query_.cell, pair->prefix_first, pair->prefix_count);
  for (std::uint32_t at = prefixes.at; at < prefixes.end; ++at) {
    const KeyRecord& key = program_.keys[at];
    each_entry(program_, key, [&](const EntryRecord& entry) {
      if (static_cast<EntryKind>(entry.kind) == kind) add_entry(entry, agent, program_.text(key.id), region);
    });
  }
  // What the policy names is a candidate anyway, but for a listing.
  const KeyRun exact = keys_within(program_, query_.cell, pair->exact_first, pair->exact_count);
  for (std::uint32_t at = exact.at; exact_keys && at < exact.end; ++at) {
    const std::string_view id = program_.text(program_.keys[at].id);
    add_resource(entity_datum(query_.cell.type, id), id, region);
  }
  return region;
}

// A resource must be reached by an allow, and by a trust of each agent: whichever of these leads to fewest.
void Candidates::take_resources(std::string_view after, bool exact_keys) {
  after_ = after;
  Region best = region(EntryKind::kAllow, 0, exact_keys);
  for (std::uint8_t agent = 0; agent < query_.agent_count; ++agent) {
    Region one = region(EntryKind::kTrust, agent, exact_keys);
    const bool fewer = best.prefixes.empty() ? one.cells.size() < best.cells.size() : true;
    if (one.prefixes.empty() && fewer) best = std::move(one);
  }
  for (const Cell& found : best.cells) {
    if (after.empty() || found.id > after) cells_.push_back(found);
  }
  sort(cells_);
  std::sort(best.prefixes.begin(), best.prefixes.end());
  for (const std::string_view prefix : best.prefixes) {
    if (regions_.empty() || !prefix.starts_with(regions_.back())) regions_.push_back(prefix);
  }
  resource_ = next_in_regions();
}

const Node* Candidates::next_in_regions() {
  for (;;) {
    if (!order_) {
      if (next_region_ == regions_.size()) return nullptr;
      order_.emplace(*query_.data, query_.cell.type, regions_[next_region_++], after_, memory_);
    }
    const Node* const node = order_->next();
    if (node == nullptr) {
      order_.reset();
    } else if (after_.empty() || node->entity.text() > after_) {
      return node;
    }
  }
}

std::optional<Cell> Candidates::next() {
  std::optional<Cell> least;
  const auto consider = [&least](const Cell& one) {
    if (!least || before(one, *least)) least = one;
  };
  if (prefixes_.at < prefixes_.end) {
    consider(cell(CellKind::kPrefix, program_.text(program_.keys[prefixes_.at].id)));
  }
  if (exact_.at < exact_.end) consider(cell(CellKind::kExact, program_.text(program_.keys[exact_.at].id)));
  if (next_cell_ < cells_.size()) consider(cells_[next_cell_]);
  if (resource_ != nullptr) consider(cell(CellKind::kExact, resource_->entity.text()));
  if (!least) return std::nullopt;
  const auto taken = [&least](CellKind kind, std::string_view id) { return least->kind == kind && least->id == id; };
  // Each source that stands at it goes on.
  if (prefixes_.at < prefixes_.end && taken(CellKind::kPrefix, program_.text(program_.keys[prefixes_.at].id))) {
    ++prefixes_.at;
  }
  if (exact_.at < exact_.end && taken(CellKind::kExact, program_.text(program_.keys[exact_.at].id))) ++exact_.at;
  if (next_cell_ < cells_.size() && taken(cells_[next_cell_].kind, cells_[next_cell_].id)) ++next_cell_;
  if (resource_ != nullptr && taken(CellKind::kExact, resource_->entity.text())) resource_ = next_in_regions();
  return least;
}

}  // namespace writ
