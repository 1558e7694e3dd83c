// Defines: what they are made of, their uses, and those that nothing uses.
#include <algorithm>

#include "src/base/hash.h"
#include "src/policy/checker.h"
#include "src/policy/node_shape.h"

namespace writ::policy {
namespace {

constexpr std::size_t kMostTries = 1'000;

// What one define mentions, and how deep it goes.
class Mentions {
 public:
  Mentions(Checker& checker, Define& define) : checker_(checker), define_(define), ast_(*define.ast) {}

  // Precondition: the defines it mentions were read before. The recursion is that of the source.
  std::uint32_t read(ExprId id) {
    const Expr& expr = ast_.expr(id);
    std::uint32_t depth = 0;
    for (std::uint32_t i = 0; i < expr.kids.count; ++i)
      depth = std::max(depth, read(ast_.kid(expr, i)));
    ++depth;
    if (expr.kind != ExprKind::kName && expr.kind != ExprKind::kCall) return depth;
    if (expr.text == "resource") define_.names_resource = true;
    const auto found = checker_.symbols.find(expr.text);
    if (found == checker_.symbols.end()) return depth;
    if (found->second.kind == SymbolKind::kType) {
      const auto type = static_cast<TypeId>(found->second.index);
      if (!checker_.schema.types[type].single) add_type(type);
    } else if (found->second.kind == SymbolKind::kDefine) {
      const Define& other = checker_.defines[found->second.index];
      define_.names_resource |= other.names_resource;
      for (const TypeId type : other.names_types)
        add_type(type);
      depth += other.depth;
    }
    return depth;
  }

 private:
  void add_type(TypeId type) {
    auto& types = define_.names_types;
    const auto at = std::lower_bound(types.begin(), types.end(), type);
    if (at == types.end() || *at != type) types.insert(at, type);
  }

  Checker& checker_;
  Define& define_;
  const Ast& ast_;
};

// Visits every define after those it mentions, without recursion.
class Graph {
 public:
  explicit Graph(Checker& checker) : checker_(checker), states_(checker.defines.size(), State::kNew) {
    for (std::uint32_t i = 0; i < checker.defines.size(); ++i)
      edges_.push_back(edges_of(i));
  }

  void run() {
    for (std::uint32_t i = 0; i < states_.size(); ++i) {
      if (states_[i] == State::kNew) visit(i);
    }
  }

 private:
  enum class State : std::uint8_t { kNew, kOpen, kDone };
  struct Step {
    std::uint32_t define;
    std::size_t next;
  };

  std::vector<std::uint32_t> edges_of(std::uint32_t index) {
    std::vector<std::uint32_t> edges;
    const Define& define = checker_.defines[index];
    std::vector<ExprId> waiting{define.decl->body};
    while (!waiting.empty()) {
      const Expr& expr = define.ast->expr(waiting.back());
      waiting.pop_back();
      for (std::uint32_t i = 0; i < expr.kids.count; ++i)
        waiting.push_back(define.ast->kid(expr, i));
      if (expr.kind != ExprKind::kName && expr.kind != ExprKind::kCall) continue;
      const auto found = checker_.symbols.find(expr.text);
      if (found == checker_.symbols.end() || found->second.kind != SymbolKind::kDefine) continue;
      edges.push_back(found->second.index);
      if (found->second.index != index) checker_.defines[found->second.index].mentioned = true;
    }
    return edges;
  }

  void visit(std::uint32_t start) {
    std::vector<Step> path{{start, 0}};
    states_[start] = State::kOpen;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next == edges_[step.define].size()) {
        finish(step.define);
        path.pop_back();
        continue;
      }
      const std::uint32_t next = edges_[step.define][step.next++];
      if (states_[next] == State::kOpen) {
        circle(path, next);
      } else if (states_[next] == State::kNew) {
        states_[next] = State::kOpen;
        path.push_back({next, 0});
      }
    }
  }

  void circle(const std::vector<Step>& path, std::uint32_t begin) {
    Define& first = checker_.defines[begin];
    std::string way;
    std::size_t shown = 0;
    auto at = std::find_if(path.begin(), path.end(), [&](const Step& step) { return step.define == begin; });
    for (; at != path.end(); ++at) {
      Define& member = checker_.defines[at->define];
      member.broken = true;
      if (++shown <= 5) way += Checker::quoted(member.decl->name.text) + " uses ";
    }
    if (shown > 5) way += "... ";
    checker_.error(Checker::at(*first.ast, first.decl->name.span), "recursive-define",
                   Checker::quoted(first.decl->name.text) + " is defined by itself",
                   way + Checker::quoted(first.decl->name.text));
  }

  void finish(std::uint32_t index) {
    states_[index] = State::kDone;
    Define& define = checker_.defines[index];
    for (const std::uint32_t edge : edges_[index])
      define.broken |= checker_.defines[edge].broken;
    if (define.broken) return;
    define.depth = Mentions(checker_, define).read(define.decl->body);
    if (define.depth <= kMaxConditionDepth) return;
    define.broken = true;
    checker_.error(Checker::at(*define.ast, define.decl->name.span), "too-deep", "this define is nested too deeply",
                   "with the defines it uses written out it nests to a depth of 256 at most");
  }

  Checker& checker_;
  std::vector<State> states_;
  std::vector<std::vector<std::uint32_t>> edges_;
};

// The nodes of the arguments, each of its parameter's type; nothing after an error.
std::optional<std::vector<NodeId>> read_arguments(Checker& checker, Typing& typing, const Expr& expr,
                                                  const Define& define) {
  const Ast& ast = *typing.ast;
  const std::size_t wanted = define.parameters.size();
  const std::uint32_t given = expr.kind == ExprKind::kCall ? expr.kids.count : 0;
  const std::string name(define.decl->name.text);
  if (given != wanted || (expr.kind == ExprKind::kCall && wanted == 0)) {
    const std::string count = wanted == 1 ? "one argument" : std::to_string(wanted) + " arguments";
    checker.error(Checker::at(ast, expr.span), "wrong-arguments",
                  Checker::quoted(name) + " takes " + (wanted == 0 ? "no arguments" : count),
                  wanted == 0 ? "write " + Checker::quoted(name) : "");
    return std::nullopt;
  }
  std::vector<NodeId> arguments;
  bool failed = false;
  for (std::uint32_t i = 0; i < given; ++i) {
    const ExprId kid = ast.kid(expr, i);
    NodeId node = checker.value(typing, kid);
    const ValueTypeId type = define.parameters[i].type;
    if (node != kNoNode && type != kNoValueType) node = checker.expect_type(ast, node, type, ast.expr(kid).span);
    failed |= node == kNoNode;
    arguments.push_back(node);
  }
  return failed ? std::nullopt : std::optional(std::move(arguments));
}

std::uint64_t use_key(std::uint32_t define, std::uint32_t variables, const std::vector<NodeId>& arguments) {
  std::uint64_t key = hash_mix(define, variables);
  for (const NodeId argument : arguments)
    key = hash_mix(key, argument);
  return key;
}

}  // namespace

void Checker::check_define_graph() {
  Graph(*this).run();
}

NodeId Checker::use_define(Typing& typing, ExprId id, std::uint32_t index) {
  const Expr& expr = typing.ast->expr(id);
  Define& define = defines[index];
  define.mentioned = define.typed = true;
  const std::optional<std::vector<NodeId>> arguments = read_arguments(*this, typing, expr, define);
  if (!arguments || define.broken) return kNoNode;
  const Location use = typing.define_depth > 0 ? typing.use : at(*typing.ast, expr.span);
  const bool sole = typing.reached.size() == 1;
  const std::uint64_t key = use_key(index, typing.variables, *arguments);
  for (const DefineUse& known : define_uses[key]) {
    if (known.define != index || known.variables != typing.variables || known.arguments != *arguments) continue;
    if (known.by_type && (known.resource != typing.resource || known.sole != sole)) continue;
    if (pool.facts(known.node).reads_agent && !typing.agent_allowed) continue;  // typed again, for the error
    typing.by_type |= known.by_type;
    return known.node;
  }
  Typing inner;
  inner.ast = define.ast;
  inner.reached = typing.reached;
  inner.resource = typing.resource;
  inner.branch = typing.branch;
  inner.agent_allowed = typing.agent_allowed;
  inner.variables = typing.variables;
  inner.define_depth = typing.define_depth + 1;
  inner.use = use;
  inner.steps = typing.steps;
  for (std::size_t i = 0; i < arguments->size(); ++i) {
    inner.bound.push_back({define.parameters[i].name, (*arguments)[i]});
  }
  const NodeId node = expression(inner, define.decl->body);
  typing.steps = inner.steps;
  typing.by_type |= inner.by_type;
  if (node == kNoNode) return kNoNode;
  if (is_condition(pool.at(node).op)) note_truth(inner, define.decl->body, node);
  define_uses[key].push_back({index, typing.variables, *arguments, node, inner.by_type, typing.resource, sole});
  return node;
}

void Checker::check_unused_defines() {
  const NodePool::Mark mark = pool.mark();
  for (Define& define : defines) {
    if (define.typed || define.broken) continue;
    const auto attempt = [&](TypeId resource, bool quiet) {
      Typing typing;
      typing.ast = define.ast;
      typing.agent_allowed = true;
      typing.resource = resource;
      if (resource != kNoId) typing.reached = {&resource, 1};
      for (std::uint32_t i = 0; i < define.parameters.size(); ++i) {
        Node stand_in;
        stand_in.op = Op::kVariable;
        stand_in.type = define.parameters[i].type;
        stand_in.index = kNoZone - i;  // no quantifier's
        typing.bound.push_back({define.parameters[i].name, pool.make(stand_in)});
      }
      silent = quiet;
      const NodeId node = expression(typing, define.decl->body);
      silent = false;
      if (node != kNoNode && !typing.by_type && !quiet) collect_impossible(typing, 1);
      return node != kNoNode;
    };
    if (!define.names_types.empty()) {
      attempt(define.names_types.front(), false);
    } else if (!define.names_resource) {
      attempt(kNoId, false);
    } else {
      // It is meant for some type; which one nobody says.
      const std::size_t tries = std::min(schema.types.size(), kMostTries);
      bool fits = false;
      for (std::size_t type = 0; type < tries && !fits; ++type)
        fits = attempt(static_cast<TypeId>(type), true);
      if (!fits) attempt(0, false);
    }
  }
  define_uses.clear();
  pool.drop_from(mark);
}

}  // namespace writ::policy
