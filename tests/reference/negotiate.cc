#include "tests/reference/negotiate.h"

#include <algorithm>

namespace writ::reference {

namespace {

bool is_bare(const std::string& id) {
  const std::string more = "._~@/+=-";
  return std::all_of(id.begin(), id.end(), [&](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           more.find(c) != std::string::npos;
  });
}

void collect(const Value& value, std::set<Cell>& cells) {
  if (const Scope* const scope = as<Scope>(value)) cells.insert(scope->cells.begin(), scope->cells.end());
  if (const Items* const items = as<Items>(value)) {
    for (const Value& item : *items)
      collect(item, cells);
  }
}

}  // namespace

Negotiating::Negotiating(const Policy& policy, const Data& data, Request asker)
    : policy_(policy), data_(data), asker_(std::move(asker)) {
  for (const In<const policy::Rule*>& rule : policy.rules) {
    std::set<Cell> own;
    for (std::uint32_t i = 0; i < rule.it->patterns.count; ++i) {
      own.merge(policy.cells({rule.ast, &rule.ast->patterns[rule.it->patterns.first + i]}));
    }
    // Beside a wider one of the same statement a pattern says nothing.
    for (const Cell& cell : own) {
      const auto wider = [&cell](const Cell& other) { return other != cell && lies_in(cell, other); };
      if (std::none_of(own.begin(), own.end(), wider)) patterns_.insert(cell);
    }
  }
  const auto stored = data.find(asker_.user);
  if (stored != data.end()) {
    for (const auto& [name, value] : stored->second.attributes)
      collect(value, permissions_);
  }
  for (const auto& [name, value] : asker_.of_user.attributes)
    collect(value, permissions_);
}

const Answer& Negotiating::decide(const std::set<Cell>& cells) {
  const auto known = answers_.find(cells);
  if (known != answers_.end()) return known->second;
  Request request = asker_;
  request.cells = cells;
  return answers_.emplace(cells, reference::decide(policy_, data_, request)).first->second;
}

Answer Negotiating::decide_at(const Cell& cell, std::int64_t time) const {
  Request request = asker_;
  request.cells = {cell};
  request.time = time;
  return reference::decide(policy_, data_, request);
}

std::set<Cell> Negotiating::candidates(const Cell& set) const {
  std::set<Cell> found;
  const auto add = [&](const Cell& cell) {
    if (cell != set && lies_in(cell, set) && !spell(cell).empty()) found.insert(cell);
  };
  for (const Cell& cell : patterns_)
    add(cell);
  for (const Cell& cell : permissions_)
    add(cell);
  for (const std::string& id : stored(set.type))
    add({set.action, set.type, CellKind::kExact, id});
  return found;
}

std::set<Cell> Negotiating::widest(const std::set<Cell>& candidates, Verdict verdict) {
  std::set<Cell> sound;
  for (const Cell& cell : candidates) {
    if (decide(cell).verdict == verdict) sound.insert(cell);
  }
  std::set<Cell> widest;
  for (const Cell& cell : sound) {
    const bool covered = std::any_of(sound.begin(), sound.end(),
                                     [&](const Cell& other) { return other != cell && lies_in(cell, other); });
    if (!covered) widest.insert(cell);
  }
  return widest;
}

std::set<std::string> Negotiating::ids(const Cell& set) const {
  std::set<std::string> all = stored(set.type);
  const EntityType& type = policy_.types.at(set.type);
  if (!type.closed) {
    for (const Cell& cell : patterns_) {
      if (cell.type != set.type || cell.kind == CellKind::kType) continue;
      for (const char* more : {"", "0", "1", "7x"})
        all.insert(cell.id + more);
    }
    for (const char* more : {"", "0", "12", "zz"})
      all.insert(set.id + more);
    all.erase("");
  }
  std::erase_if(all, [&set](const std::string& id) {
    return !lies_in({set.action, set.type, CellKind::kExact, id}, set);
  });
  return all;
}

std::set<std::string> Negotiating::stored(const std::string& type) const {
  std::set<std::string> ids = policy_.types.at(type).ids;
  for (const auto& [entity, unused] : data_) {
    if (entity.type == type) ids.insert(entity.id);
  }
  return ids;
}

bool is_set(const Cell& cell) {
  return cell.kind == CellKind::kAll || cell.kind == CellKind::kPrefix;
}

bool lies_in(const Cell& inner, const Cell& outer) {
  return covers(outer, inner).known() && covers(outer, inner).yes();
}

bool lie_in(const std::set<Cell>& inner, const std::set<Cell>& outer) {
  return std::all_of(inner.begin(), inner.end(), [&outer](const Cell& cell) {
    return std::any_of(outer.begin(), outer.end(), [&cell](const Cell& with) { return lies_in(cell, with); });
  });
}

std::string spell(const Cell& cell) {
  if (!is_bare(cell.id)) return "";
  const std::string begin = cell.action + ":" + cell.type;
  switch (cell.kind) {
    case CellKind::kAll:
      return begin + "_*";
    case CellKind::kPrefix:
      return begin + "_" + cell.id + "*";
    case CellKind::kExact:
      return cell.id.empty() ? begin : begin + "_" + cell.id;
    case CellKind::kType:
      break;
  }
  return begin;
}

}  // namespace writ::reference
