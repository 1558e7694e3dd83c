#include "tests/reference/evaluate.h"

#include "tests/reference/answer.h"
#include "tests/reference/condition.h"

namespace writ::reference {

using policy::Rule;
using policy::RuleKind;
using policy::Who;

namespace {

// ------------------------------------------------------------------------------------------ one statement

// A statement over one request, with everything that its truth takes.
struct Statement {
  const Moment& moment;
  const policy::Ast& ast;
  const Rule& rule;

  Outcome pattern() const;
  Outcome people() const;
  Outcome via() const;
  Outcome trusts(std::size_t agent) const;
  Outcome applies() const;

 private:
  Outcome is(const Who& who, const Entity& entity, const std::string& path) const;
  Outcome condition(std::optional<Entity> agent) const;
};

Outcome Statement::pattern() const {
  std::vector<Outcome> one;
  for (std::uint32_t i = 0; i < rule.patterns.count; ++i) {
    for (const Cell& cell : moment.policy.cells({&ast, &ast.patterns[rule.patterns.first + i]})) {
      one.push_back(covers(cell, moment.cell));
    }
  }
  return either(one);
}

// A user or an agent is named; of anything else the user or agent has to be a member.
Outcome Statement::is(const Who& who, const Entity& entity, const std::string& path) const {
  if (who.any) return truth(true);
  const Entity named{std::string(who.type.text), std::string(who.id.text)};
  if (named.type == entity.type) return truth(named == entity);
  return is_in(moment, entity, named, path);
}

Outcome Statement::people() const {
  if (rule.to.count == 0) return truth(true);
  std::vector<Outcome> one;
  for (std::uint32_t i = 0; i < rule.to.count; ++i) {
    one.push_back(is(ast.whos[rule.to.first + i], moment.request.user, "user"));
  }
  return either(one);
}

// `if C`; of a require, that and that R does not hold.
Outcome Statement::condition(std::optional<Entity> agent) const {
  const Moment judged{moment.policy, moment.data, moment.request, moment.cell, std::move(agent)};
  std::vector<Outcome> all;
  if (rule.condition != policy::kNoExpr) all.push_back(evaluate(judged, {&ast, rule.condition}));
  if (rule.requirement != policy::kNoExpr) all.push_back(opposite(evaluate(judged, {&ast, rule.requirement})));
  return both(all);
}

// A statement with `via` is judged once for each agent of the chain, and applies if it applies for one.
Outcome Statement::via() const {
  std::vector<Outcome> one;
  const std::vector<Entity>& chain = moment.request.agents;
  for (std::size_t n = 0; n < chain.size(); ++n) {
    std::vector<Outcome> matches;
    for (std::uint32_t i = 0; i < rule.via.count; ++i) {
      const Who& who = ast.whos[rule.via.first + i];
      if (!who.last || n + 1 == chain.size()) {
        matches.push_back(is(who, chain[n], chain[n].type + ":" + chain[n].id));
      }
    }
    one.push_back(both({pattern(), people(), either(matches), condition(chain[n])}));
  }
  return either(one);
}

// A trust, for one agent of the chain.
Outcome Statement::trusts(std::size_t n) const {
  const Entity& agent = moment.request.agents[n];
  std::vector<Outcome> matches;
  for (std::uint32_t i = 0; i < rule.via.count; ++i) {
    matches.push_back(is(ast.whos[rule.via.first + i], agent, agent.type + ":" + agent.id));
  }
  return both({pattern(), either(matches), condition(agent)});
}

// The whole of a statement; of a trust, whether it is one for some agent (which is when its clauses count).
Outcome Statement::applies() const {
  if (rule.kind != RuleKind::kTrust) {
    return rule.via.count == 0 ? both({pattern(), people(), condition(std::nullopt)}) : via();
  }
  std::vector<Outcome> one;
  for (std::size_t n = 0; n < moment.request.agents.size(); ++n)
    one.push_back(trusts(n));
  return either(one);
}

}  // namespace

Answer decide(const Policy& policy, const Data& data, const Request& request, std::int64_t default_lifetime) {
  std::vector<Tally> cells;
  for (const Cell& cell : request.cells) {
    const Moment moment{policy, data, request, cell, std::nullopt};
    Tally& tally = cells.emplace_back(request.agents.size());
    for (std::size_t n = 0; n < policy.rules.size(); ++n) {
      const auto& [ast, rule] = policy.rules[n];
      const Statement statement{moment, *ast, *rule};
      Said said{n, rule->kind, rule->kind == RuleKind::kLimit || rule->clauses.count != 0, statement.applies(), {}};
      for (std::size_t agent = 0; rule->kind == RuleKind::kTrust && agent < request.agents.size(); ++agent) {
        said.trusts.push_back(statement.trusts(agent));
      }
      tally.add(said);
    }
  }
  return answer(policy, request, cells, default_lifetime);
}

}  // namespace writ::reference
