// Patterns -> cells.
#include <algorithm>

#include "src/policy/checker.h"

namespace writ::policy {
namespace {

// An action or a group of them, as a pattern names it.
struct NamedActions {
  const Name* name = nullptr;
  const ActionGroup* group = nullptr;
  ActionId action = kNoId;
  bool reached = false;
};

struct NamedType {
  const Name* name = nullptr;
  TypeId type = kNoId;
  bool reached = false;
};

class Expansion {
 public:
  Expansion(Checker& checker, const Ast& ast, const Pattern& pattern, std::vector<Cell>& cells)
      : checker_(checker), ast_(ast), pattern_(pattern), cells_(cells), first_(cells.size()) {}

  void run() {
    if (pattern_.everything) {
      const auto everything = checker_.schema.everything();
      cells_.insert(cells_.end(), everything.begin(), everything.end());
      if (everything.empty()) reaches_nothing();
    } else if (pattern_.alias) {
      alias();
    } else if (read_types() && read_actions() && check_ids()) {
      reach();
      if (complain()) cells_.resize(first_);
    }
  }

 private:
  void error(Span span, std::string_view name, std::string message, std::string help = {}) {
    checker_.error(Checker::at(ast_, span), name, std::move(message), std::move(help));
  }
  void reaches_nothing() { error(pattern_.span, "reaches-nothing", "this pattern reaches nothing that is declared"); }

  void alias() {
    const auto found = checker_.alias_index.find(pattern_.id.text);
    if (found == checker_.alias_index.end()) {
      error(pattern_.id.span, "unknown-alias", "there is no alias " + Checker::quoted(pattern_.id.text),
            checker_.did_you_mean(pattern_.id.text, checker_.alias_index));
      return;
    }
    const std::vector<Cell>& of = checker_.schema.aliases[found->second].cells;
    cells_.insert(cells_.end(), of.begin(), of.end());
  }

  bool read_types() {
    bool known = true;
    for (std::uint32_t i = 0; i < pattern_.types.count; ++i) {
      const Name& name = ast_.names[pattern_.types.first + i];
      if (inside_out(name)) return false;
      const TypeId type = checker_.find_type(ast_, name);
      known &= type != kNoId;
      types_.push_back({&name, type});
    }
    return known;
  }

  // `invoice:read` for `read:invoice`.
  bool inside_out(const Name& type) {
    if (pattern_.actions.count != 1 || checker_.types.contains(type.text)) return false;
    const Name& action = ast_.names[pattern_.actions.first];
    if (!checker_.types.contains(action.text) || !checker_.actions.contains(type.text)) return false;
    error(pattern_.span, "unknown-type",
          Checker::quoted(type.text) + " is an action and " + Checker::quoted(action.text) + " a type",
          "the action comes first: `" + std::string(type.text) + ":" + std::string(action.text) + "`");
    return true;
  }

  bool read_actions() {
    bool known = true;
    for (std::uint32_t i = 0; i < pattern_.actions.count; ++i) {
      NamedActions named;
      named.name = &ast_.names[pattern_.actions.first + i];
      if (const auto action = checker_.actions.find(named.name->text); action != checker_.actions.end()) {
        named.action = action->second;
      } else if (const auto group = checker_.group_index.find(named.name->text); group != checker_.group_index.end()) {
        named.group = &checker_.groups[group->second];
      } else {
        known = false;
        unknown_action(*named.name);
      }
      actions_.push_back(named);
    }
    return known;
  }

  void unknown_action(const Name& name) {
    std::vector<std::string_view> names;
    std::string message = "there is no action " + Checker::quoted(name.text);
    if (types_.size() == 1) {
      const EntityType& type = checker_.schema.types[types_.front().type];
      message = Checker::quoted(type.name) + " has no action " + Checker::quoted(name.text);
      for (const ActionId action : type.resource_actions)
        names.push_back(checker_.schema.actions[action]);
      for (const ActionId action : type.type_actions)
        names.push_back(checker_.schema.actions[action]);
    } else {
      for (const auto& [action, id] : checker_.actions)
        names.push_back(action);
    }
    for (const auto& [group, index] : checker_.group_index)
      names.push_back(group);
    error(name.span, "unknown-action", std::move(message), checker_.did_you_mean_of(name.text, std::move(names)));
  }

  bool has_id() const { return pattern_.id_kind == IdKind::kExact || pattern_.id_kind == IdKind::kPrefix; }

  bool check_ids() {
    if (!has_id()) return true;
    bool fits = true;
    for (const NamedType& named : types_) {
      const EntityType& type = checker_.schema.types[named.type];
      if (type.single) {
        error(pattern_.id.span, "single-type", Checker::quoted(type.name) + " is a single resource without ids",
              "write the type alone");
        fits = false;
      } else if (pattern_.id_kind == IdKind::kExact) {
        fits &= checker_.check_id(ast_, named.type, pattern_.id);
      } else if (type.closed && !lists_prefix(type)) {
        error(pattern_.id.span, "unknown-id",
              Checker::quoted(type.name) + " lists no id that begins with " + Checker::quoted(pattern_.id.text));
        fits = false;
      } else if (pattern_.id.text.size() > kMaxIdBytes) {
        error(pattern_.id.span, "bad-id", "an id has at most 1,024 bytes");
        fits = false;
      }
    }
    return fits;
  }

  bool lists_prefix(const EntityType& type) const {
    const auto found = std::lower_bound(type.ids.begin(), type.ids.end(), pattern_.id.text);
    return found != type.ids.end() && found->starts_with(pattern_.id.text);
  }

  void reach() {
    if (pattern_.any_type) {
      for (std::size_t type = 0; type < checker_.schema.types.size(); ++type)
        reach_in(static_cast<TypeId>(type));
      return;
    }
    for (NamedType& named : types_)
      named.reached = reach_in(named.type);
  }

  bool reach_in(TypeId type) {
    const std::size_t before = cells_.size();
    if (pattern_.any_action) {
      for (const Cell& cell : checker_.schema.everything_of(type))
        take(cell.action, type);
    }
    for (NamedActions& named : actions_) {
      const std::size_t before_action = cells_.size();
      if (named.group == nullptr) {
        take(named.action, type);
      } else {
        const auto& members = named.group->members;
        auto member = std::lower_bound(members.begin(), members.end(), std::pair<TypeId, ActionId>(type, 0));
        for (; member != members.end() && member->first == type; ++member)
          take(member->second, type);
      }
      named.reached |= cells_.size() > before_action;
    }
    return cells_.size() > before;
  }

  void take(ActionId action, TypeId type) {
    const Schema& schema = checker_.schema;
    if (schema.acts_on_resource(action, type)) {
      Cell cell{action, type, CellKind::kAll, {}};
      if (schema.types[type].single) {
        cell.kind = CellKind::kExact;
      } else if (has_id()) {
        cell.kind = pattern_.id_kind == IdKind::kExact ? CellKind::kExact : CellKind::kPrefix;
        if (id_.empty()) id_ = checker_.keep(ast_, pattern_.id.text);
        cell.id = id_;
      }
      cells_.push_back(cell);
    } else if (pattern_.id_kind == IdKind::kNone && schema.acts_on_type(action, type)) {
      cells_.push_back({action, type, CellKind::kType, {}});
    }
  }

  // Whether something that the pattern names reaches nothing.
  bool complain() {
    bool wrong = false;
    for (const NamedActions& named : actions_) {
      if (named.reached) continue;
      wrong = true;
      if (!said_on_type(named)) unknown_action(*named.name);
    }
    for (const NamedType& named : types_) {
      if (named.reached || wrong) continue;
      wrong = true;
      error(named.name->span, "reaches-nothing",
            Checker::quoted(named.name->text) + " has no action that this pattern reaches",
            pattern_.id_kind == IdKind::kNone ? "" : "actions on the type itself are reached without an id");
    }
    if (!wrong && cells_.size() == first_) {
      wrong = true;
      reaches_nothing();
    }
    return wrong;
  }

  // `create:invoice_*`, where create is an action on the type.
  bool said_on_type(const NamedActions& named) {
    if (pattern_.id_kind == IdKind::kNone || named.group != nullptr) return false;
    for (const NamedType& type : types_) {
      if (!checker_.schema.acts_on_type(named.action, type.type)) continue;
      error(pattern_.span, "type-action-id",
            Checker::quoted(named.name->text) + " is an action on the type " + Checker::quoted(type.name->text) +
                " itself, which takes no id",
            "write `" + std::string(named.name->text) + ":" + std::string(type.name->text) + "`");
      return true;
    }
    return false;
  }

  Checker& checker_;
  const Ast& ast_;
  const Pattern& pattern_;
  std::vector<Cell>& cells_;
  std::size_t first_;
  std::vector<NamedType> types_;
  std::vector<NamedActions> actions_;
  std::string_view id_;
};

}  // namespace

TypeId Checker::find_type(const Ast& ast, const Name& name) {
  const auto found = types.find(name.text);
  if (found != types.end()) return found->second;
  error(at(ast, name.span), "unknown-type", "there is no type " + quoted(name.text), did_you_mean(name.text, types));
  return kNoId;
}

bool Checker::check_id(const Ast& ast, TypeId type, const Name& id) {
  const EntityType& of = schema.types[type];
  if (of.single && id.given()) {
    error(at(ast, id.span), "single-type", quoted(of.name) + " is a single resource without ids",
          "write the type alone");
    return false;
  }
  if (of.single) return true;
  if (of.closed) {
    if (of.lists(id.text)) return true;
    std::vector<std::string_view> known(of.ids.begin(), of.ids.end());
    error(at(ast, id.span), "unknown-id", quoted(of.name) + " does not list the id " + quoted(id.text),
          did_you_mean_of(id.text, std::move(known)));
    return false;
  }
  if (is_id(id.text)) return true;
  error(at(ast, id.span), "bad-id", "an id has 1 to 1,024 bytes");
  return false;
}

void Checker::expand(const Ast& ast, const Pattern& pattern, std::vector<Cell>& cells) {
  Expansion(*this, ast, pattern, cells).run();
}

void Checker::reduce(std::vector<Cell>& cells) {
  if (cells.size() < 2) return;
  const auto before = [](const Cell& a, const Cell& b) { return compare(a, b) < 0; };
  std::sort(cells.begin(), cells.end(), before);
  // Within one action of one type: everything stands first, then prefixes, each right before those it covers; exact ids
  // follow as a second ascending run, so that one walk over the kept prefixes is enough.
  std::size_t kept = 0;
  std::size_t pair = 0;      // where the cells of this action and type begin
  std::size_t prefixes = 0;  // where their prefixes begin
  for (const Cell cell : cells) {
    if (kept == 0 || cells[kept - 1].type != cell.type || cells[kept - 1].action != cell.action) pair = prefixes = kept;
    bool covered = kept > pair && (covers(cells[pair], cell) || covers(cells[kept - 1], cell));
    if (cell.kind == CellKind::kExact) {
      while (prefixes < kept && cells[prefixes].kind == CellKind::kAll)
        ++prefixes;
      while (!covered && prefixes < kept && cells[prefixes].kind == CellKind::kPrefix &&
             cells[prefixes].id.compare(cell.id) <= 0) {
        covered = covers(cells[prefixes], cell);
        if (!covered) ++prefixes;
      }
    }
    if (!covered) cells[kept++] = cell;
  }
  cells.resize(kept);
}

}  // namespace writ::policy
