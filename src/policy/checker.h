// Checker: what the parts of check() share while one policy is checked. Internal to src/policy/check*.cc.
//
//   check.cc               the order of the parts
//   check_declarations.cc  entity, context and define statements -> Schema, names
//   check_actions.cc       actions, groups of actions, aliases
//   check_types.cc         types as written -> value types
//   check_patterns.cc      patterns -> cells
//   check_people.cc        to, via, trust -> principals
//   check_expression.cc    expressions -> nodes: literals, names, paths, and or not
//   check_collections.cc   literals of sets and records
//   check_comparison.cc    == < in like contains covers
//   check_arithmetic.cc    + - * and what time does to them
//   check_clock.cc         weekday() and clock()
//   check_quantifier.cc    any, all, above
//   check_coerce.cc        literals that become what their place asks for
//   check_defines.cc       recursion, depth and uses of defines
//   check_impossible.cc    conditions that nothing makes true
//   check_rules.cc         statements
//   check_tests.cc         test blocks
//   check_warnings.cc, check_disarmed.cc, check_redundant.cc   the finished policy, looked over
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "src/base/bulk.h"
#include "src/diagnostics/report.h"
#include "src/policy/ast.h"
#include "src/policy/node_pool.h"
#include "src/policy/typed.h"

namespace writ::policy {

inline constexpr std::uint32_t kMaxConditionDepth = 256;  // of a condition with its defines written out

// ---------------------------------------------------------------------------------------------- names

// Types, context keys, defines and words of the language live in one space.
enum class SymbolKind : std::uint8_t { kWord, kType, kContext, kDefine };

struct Symbol {
  SymbolKind kind = SymbolKind::kWord;
  std::uint32_t index = 0;
  Location where;  // of a word: nowhere
};

struct ActionGroup {
  std::string_view name;
  Location where;
  std::vector<std::pair<TypeId, ActionId>> members;  // sorted
};

struct DefineParameter {
  std::string_view name;
  ValueTypeId type = kNoValueType;
};

struct Define {
  const Ast* ast = nullptr;
  const DefineDecl* decl = nullptr;
  std::vector<DefineParameter> parameters;
  bool broken = false;              // recursive, or deeper than the bound: uses of it are silent
  bool mentioned = false;           // by a statement or another define
  bool typed = false;               // for some statement that uses it
  bool names_resource = false;      // as `resource`, with the defines it uses
  std::vector<TypeId> names_types;  // resources under their type's name, likewise; ascending
  std::uint32_t depth = 0;          // of the body, with the defines it uses
};

// Where an action was declared for a type; for `unallowed-action`.
struct ActionPlace {
  ActionId action = kNoId;
  TypeId type = kNoId;
  Location where;
};

// ---------------------------------------------------------------------------------------------- typing

// A parameter or a quantifier's variable in scope.
struct Bound {
  std::string_view name;
  NodeId node = kNoNode;
};

// An expression that nothing makes true in `count` of the branches in which it was typed.
struct Impossible {
  ExprId expr = kNoExpr;
  std::uint32_t count = 0;
  std::uint32_t last_branch = kNoNode;
  std::uint32_t define = kNoNode;  // where the expression is the use of a define
  Location where;
  std::string message;
  std::string help;
};

// One expression being typed for resources of one type.
struct Typing {
  const Ast* ast = nullptr;
  std::span<const TypeId> reached;  // every type the statement's pattern reaches, ascending
  std::span<const Cell> cells;      // what it reaches; empty where there is no statement
  TypeId resource = kNoId;          // the one of `reached` that the expression is typed for
  std::uint32_t branch = 0;         // counts them
  bool agent_allowed = false;
  bool constant = false;        // a default or a test: nothing has a name
  std::vector<Bound> bound;     // innermost last
  std::size_t frame = 0;        // what is bound before this belongs to a caller
  std::uint32_t variables = 0;  // alive
  std::uint32_t define_depth = 0;
  Location use;                        // of the outermost define, where define_depth > 0
  std::uint32_t steps = 0;             // taken, against `too-large`
  bool by_type = false;                // found out: the result depends on `resource`
  std::vector<Impossible> impossible;  // found out, outside of defines, over all branches
};

class Checker {
 public:
  Checker(const std::vector<Ast>& asts, Report& report);

  const std::vector<Ast>& asts;
  Report& report;
  std::uint64_t most_nodes = UINT64_MAX;  // of all conditions
  unsigned threads = 1;
  Typed typed;
  Schema& schema;
  NodePool pool;

  // ---- names. Views are into the sources and the Asts, which live as long as the check.
  std::unordered_map<std::string_view, Symbol> symbols;
  std::unordered_map<std::string_view, TypeId> types;
  std::unordered_map<std::string_view, ActionId> actions;
  std::unordered_map<std::string_view, std::uint32_t> group_index;
  std::unordered_map<std::string_view, std::uint32_t> alias_index;
  std::vector<ActionGroup> groups;
  std::vector<Define> defines;
  std::vector<Location> type_places;
  std::vector<ActionPlace> action_places;
  std::vector<Location> context_places;
  std::unordered_set<std::string_view> attribute_names;  // of any type

  // ---- value types asked for all the time
  ValueTypeId bool_type, int_type, decimal_type, string_type, time_type, duration_type, ip_type, scope_type;
  ValueTypeId entity_type(TypeId type);
  ValueTypeId entity_type(std::vector<TypeId> types);  // ascending
  ValueTypeId set_type(ValueTypeId inner);
  const ValueType& value_type(ValueTypeId id) const { return schema.value_types[id]; }

  bool silent = false;  // errors are dropped: something is only tried
  // Once a place and name, however often a define or a branch comes by.
  void error(Location where, std::string_view name, std::string message, std::string help = {});
  void warning(Location where, std::string_view name, std::string message, std::string help = {});

  // The text, where it outlives the Ast: in its source, otherwise copied.
  std::string_view keep(const Ast& ast, std::string_view text);
  // As written, in one line and not too long, in backticks.
  static std::string quoted(const Ast& ast, Span span);
  static std::string quoted(std::string_view text);
  static Location at(const Ast& ast, Span span) { return {ast.file, span}; }
  // "did you mean `x`?" or nothing.
  template <class Map>
  std::string did_you_mean(std::string_view wrong, const Map& known);
  std::string did_you_mean_of(std::string_view wrong, std::vector<std::string_view> known);

  // ---- check_types.cc
  // kNoValueType after an error.
  ValueTypeId resolve_type(const Ast& ast, TypeExprId type);

  // ---- check_coerce.cc
  // A node of type `to` that stands for the same value; kNoNode where it does not fit. `reported` is set where that was
  // said already, because the text of an address or a scope is not one.
  NodeId coerce(const Ast& ast, NodeId node, ValueTypeId to, Span span, bool& reported);
  // coerce() with an error where it does not fit: "`5` is an int, where a string is expected".
  NodeId expect_type(const Ast& ast, NodeId node, ValueTypeId to, Span span);
  // The type that values of both become in one set; kNoValueType if there is none.
  ValueTypeId join(ValueTypeId a, ValueTypeId b);
  NodeId set_of(std::span<const NodeId> items, ValueTypeId type, Location where);
  NodeId record_of(std::span<const NodeId> fields, ValueTypeId type, Location where);

  // ---- check_expression.cc. All give kNoNode after an error, which was reported.
  NodeId expression(Typing& typing, ExprId expr);  // a condition or a value, as it comes
  NodeId condition(Typing& typing, ExprId expr);
  NodeId value(Typing& typing, ExprId expr);
  NodeId as_condition(const Ast& ast, NodeId node, Span span);
  NodeId as_value(NodeId node);
  NodeId quantifier(Typing& typing, ExprId expr);
  NodeId above(Typing& typing, ExprId expr);
  ValueTypeId type_of(NodeId node) const;
  // A constant of the type: a default, or what a test states.
  std::optional<Datum> constant(const Ast& ast, ExprId expr, ValueTypeId type);

  // ---- check_collections.cc
  NodeId set(Typing& typing, ExprId expr);
  NodeId record(Typing& typing, ExprId expr);

  // ---- check_comparison.cc
  NodeId comparison(Typing& typing, ExprId expr);
  bool unify(Typing& typing, ExprId expr, NodeId& left, NodeId& right);
  NodeId equality(Typing& typing, ExprId expr, NodeId left, NodeId right);
  NodeId order(Op op, NodeId left, NodeId right, Location where);
  // Whether an entity of `from` can be one of `to`, or lie below one.
  bool may_be(ValueTypeId from, ValueTypeId to) const;
  bool may_reach(ValueTypeId from, ValueTypeId to) const;
  // An error where the value moves with time, which only + - and comparisons bear. True if it does.
  bool refuse_moving(const Ast& ast, NodeId node, Span span);

  // ---- check_arithmetic.cc
  NodeId arithmetic(Typing& typing, ExprId expr);

  // ---- check_clock.cc
  bool is_clock_call(const Typing& typing, ExprId expr) const;  // weekday(...) or clock(...)
  NodeId clock_test(Typing& typing, ExprId expr);               // a comparison with one on its left

  // ---- check_defines.cc
  void check_define_graph();
  // Those that no statement uses, as far as it can be said without one.
  void check_unused_defines();
  NodeId use_define(Typing& typing, ExprId expr, std::uint32_t define);

  // ---- check_impossible.cc
  // To be called once for each condition that was typed, after its operands.
  void note_truth(Typing& typing, ExprId expr, NodeId node);
  void note_impossible(Typing& typing, ExprId expr, std::string message, std::string help = {});
  void note_possible(const Typing& typing, ExprId expr);
  bool contradictory(std::span<const NodeId> operands) const;
  // Keeps what was impossible in each of so many branches.
  void collect_impossible(const Typing& typing, std::uint32_t branches);
  void report_impossible();

  // ---- check_patterns.cc
  // Appends to `cells`; what is wrong is reported, and reaches nothing.
  void expand(const Ast& ast, const Pattern& pattern, std::vector<Cell>& cells);
  // Sorted by compare(), unique, none covered by another.
  static void reduce(std::vector<Cell>& cells);
  // One of `ids` of a closed type, an id of an open one; reports what is not.
  bool check_id(const Ast& ast, TypeId type, const Name& id);
  TypeId find_type(const Ast& ast, const Name& name);  // kNoId after an error

  // ---- check_rules.cc
  // The text of a `because`, `ask`, `notify` or `audience`, which says something.
  std::string_view said(const Ast& ast, const Name& text);
  Demands demands(const Ast& ast, Range clauses);

  // ---- check_people.cc
  void people(const Ast& ast, Range whos, bool agents, Range& out);

  // ---- the parts, in order
  void declare_types();
  void declare_attributes();
  void declare_context();
  void declare_defines();
  void declare_actions();
  void declare_aliases();
  void fill_defaults();
  void check_rules();
  void check_tests();
  void drop_unused_nodes();
  void look_over();
  void look_for_disarmed();
  void look_for_empty_all();
  void look_for_redundant_rules();

  // ---- of statements
  struct RulePlace {
    const Ast* ast = nullptr;
    const Rule* rule = nullptr;
  };
  Bulk<RulePlace> rule_places;  // beside typed.rules

  // ---- memory of what was found out
  struct DefineUse {
    std::uint32_t define = 0;
    std::uint32_t variables = 0;
    std::vector<NodeId> arguments;
    NodeId node = kNoNode;
    bool by_type = false;  // then it holds for this resource, and whether it is the only one reached:
    TypeId resource = kNoId;
    bool sole = false;
  };
  std::unordered_map<std::uint64_t, std::vector<DefineUse>> define_uses;  // by a hash of the first three
  std::unordered_map<std::uint64_t, Impossible> impossible_in_defines;    // by file and expression
  std::unordered_set<std::uint64_t> possible_in_defines;
  std::vector<Impossible> impossible;  // in statements
  std::unordered_map<std::string_view, std::uint32_t> zone_index;

 private:
  std::unordered_map<std::uint64_t, std::vector<std::string_view>> reported_;
  std::vector<ValueTypeId> entity_types_;
  std::unordered_map<ValueTypeId, ValueTypeId> set_types_;
  int suggestions_left_ = 100;      // each looks at every name there is
  bool lost_declarations_ = false;  // parse() left some out, so that what is unknown may be known
};

template <class Map>
std::string Checker::did_you_mean(std::string_view wrong, const Map& known) {
  std::vector<std::string_view> names;
  names.reserve(known.size());
  for (const auto& entry : known)
    names.push_back(entry.first);
  return did_you_mean_of(wrong, std::move(names));
}

}  // namespace writ::policy
