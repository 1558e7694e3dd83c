#include "tests/reference/evaluate.h"

#include <algorithm>

#include "tests/reference/condition.h"

namespace writ::reference {

using policy::Clause;
using policy::ClauseKind;
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
  for (std::size_t n = 0; n < moment.request.agents.size(); ++n) one.push_back(trusts(n));
  return either(one);
}

// ------------------------------------------------------------------------------------------ one cell

// What several statements, or several cells of one request, come to. Statements are told by their canonical number.
struct Tally {
  std::set<std::size_t> denies, requires_, limits, allows;  // that apply
  std::set<std::size_t> certain_limits;                     // those of the limits that are known to
  bool allowed = false;
  std::vector<bool> trusted;                                // each agent of the chain
  std::set<std::string> missing_of_denies, missing_of_allows, missing_of_requires;
  std::vector<std::set<std::string>> missing_of_trusts;
  std::int64_t valid_until = kForever;
};

void shorten(std::int64_t& until, std::int64_t to) { until = std::min(until, to); }

Tally tally(const Moment& moment) {
  Tally sum;
  const std::size_t chain = moment.request.agents.size();
  sum.trusted.assign(chain, false);
  sum.missing_of_trusts.resize(chain);
  // One authority is enough, so the latest counts; restrictions all add up, so the earliest does.
  std::int64_t allowed_until = std::numeric_limits<std::int64_t>::min();
  std::vector<std::int64_t> trusted_until(chain, allowed_until);
  for (std::size_t n = 0; n < moment.policy.rules.size(); ++n) {
    const auto& [ast, rule] = moment.policy.rules[n];
    const Statement statement{moment, *ast, *rule};
    const Outcome applies = statement.applies();
    const bool may_apply = !applies.no();
    if (rule->clauses.count != 0 || rule->kind == RuleKind::kLimit) {
      shorten(sum.valid_until, applies.until);
      if (may_apply) sum.limits.insert(n);
      if (applies.yes()) sum.certain_limits.insert(n);
    }
    if (rule->kind == RuleKind::kAllow) {
      sum.missing_of_allows.insert(applies.missing.begin(), applies.missing.end());
      if (!applies.yes()) continue;
      sum.allows.insert(n);
      sum.allowed = true;
      allowed_until = std::max(allowed_until, applies.until);
    } else if (rule->kind == RuleKind::kTrust) {
      for (std::size_t agent = 0; agent < chain; ++agent) {
        const Outcome trusts = statement.trusts(agent);
        sum.missing_of_trusts[agent].insert(trusts.missing.begin(), trusts.missing.end());
        if (!trusts.yes()) continue;
        sum.trusted[agent] = true;
        trusted_until[agent] = std::max(trusted_until[agent], trusts.until);
      }
    } else if (rule->kind == RuleKind::kDeny || rule->kind == RuleKind::kRequire) {
      const bool is_deny = rule->kind == RuleKind::kDeny;
      shorten(sum.valid_until, applies.until);
      if (may_apply) (is_deny ? sum.denies : sum.requires_).insert(n);
      (is_deny ? sum.missing_of_denies : sum.missing_of_requires).insert(applies.missing.begin(), applies.missing.end());
    }
  }
  shorten(sum.valid_until, allowed_until);
  for (const std::int64_t until : trusted_until) shorten(sum.valid_until, until);
  return sum;
}

// ------------------------------------------------------------------------------------------ the answer

struct Minted {
  std::int64_t lifetime = 0;
  std::int64_t valid_until = kForever;
  bool once = false;
  bool proof = false;
  std::optional<std::set<std::string>> audience;
  std::vector<std::string> notify;
  std::set<std::size_t> restricting_audience;
};

class Answering {
 public:
  Answering(const Policy& policy, const Data& data, const Request& request, std::int64_t default_lifetime)
      : policy_(policy), request_(request), default_lifetime_(default_lifetime) {
    for (const Cell& cell : request.cells) cells_.push_back(tally({policy, data, request, cell, std::nullopt}));
  }

  // Every cell is decided; one that is denied denies all.
  Answer answer() {
    if (refuse_by_deny() || refuse_by_user() || refuse_by_agent()) return answer_;
    // A cell that could be granted but for what is left of it denies before another steps up.
    std::vector<Tally> no_audience;
    std::vector<Tally> no_time;
    for (const Tally& cell : cells_) {
      if (!cell.requires_.empty()) continue;
      const Minted minted = mint({cell});
      if (minted.audience && minted.audience->empty()) {
        no_audience.push_back(cell);
      } else if (minted.lifetime <= 0) {
        no_time.push_back(cell);
      }
    }
    if (!no_audience.empty() || !no_time.empty()) {
      return nothing_left(no_audience.empty() ? no_time : no_audience), answer_;
    }
    if (step_up() || nothing_left(cells_)) return answer_;
    const Minted minted = mint(cells_);
    answer_.verdict = Verdict::kAllow;
    answer_.lifetime = minted.lifetime;
    answer_.valid_until = minted.valid_until;
    answer_.once = minted.once;
    answer_.proof = minted.proof;
    answer_.audience = minted.audience;
    answer_.notify = minted.notify;
    name_rules(all(&Tally::allows));
    return answer_;
  }

 private:
  static std::set<std::size_t> all_of(const std::vector<Tally>& cells, std::set<std::size_t> Tally::*which) {
    std::set<std::size_t> numbers;
    for (const Tally& cell : cells) numbers.insert((cell.*which).begin(), (cell.*which).end());
    return numbers;
  }
  std::set<std::size_t> all(std::set<std::size_t> Tally::*which) const { return all_of(cells_, which); }

  void name_rules(const std::set<std::size_t>& numbers) {
    for (const std::size_t n : numbers) answer_.rules.push_back(id_of(policy_.rules[n]));
  }

  void say(std::vector<std::string>& texts, const std::string& text) {
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }

  // The user and every agent of the chain may do everything that is asked.
  bool otherwise_allowed() const {
    return std::all_of(cells_.begin(), cells_.end(), [](const Tally& cell) {
      return cell.allowed && std::find(cell.trusted.begin(), cell.trusted.end(), false) == cell.trusted.end();
    });
  }

  // What is granted would end at once, or be of use nowhere.
  bool nothing_left(const std::vector<Tally>& cells) {
    const Minted minted = mint(cells);
    const bool no_audience = minted.audience && minted.audience->empty();
    if (!no_audience && minted.lifetime > 0) return false;
    answer_.link = "policy";
    answer_.public_reason = true;
    answer_.because = {no_audience ? "no audience is left" : "no time is left"};
    name_rules(no_audience ? minted.restricting_audience : all_of(cells, &Tally::allows));
    return true;
  }

  bool refuse_by_deny() {
    const std::set<std::size_t> denies = all(&Tally::denies);
    if (denies.empty()) return false;
    answer_.link = "policy";
    answer_.public_reason = otherwise_allowed();
    name_rules(denies);
    for (const std::size_t n : denies) say(answer_.because, std::string(policy_.rules[n].it->text.text));
    for (const Tally& cell : cells_) {
      answer_.missing.insert(cell.missing_of_denies.begin(), cell.missing_of_denies.end());
    }
    return true;
  }

  bool refuse_by_user() {
    for (const Tally& cell : cells_) {
      if (cell.allowed) continue;
      answer_.link = "user";
      answer_.missing.insert(cell.missing_of_allows.begin(), cell.missing_of_allows.end());
    }
    if (answer_.link.empty()) return false;
    say(answer_.because, "nothing allows it");
    return true;
  }

  bool refuse_by_agent() {
    for (std::size_t n = 0; n < request_.agents.size(); ++n) {
      for (const Tally& cell : cells_) {
        if (cell.trusted[n]) continue;
        answer_.link = "agent:" + request_.agents[n].id;
        answer_.missing.insert(cell.missing_of_trusts[n].begin(), cell.missing_of_trusts[n].end());
      }
      if (answer_.link.empty()) continue;
      say(answer_.because, "nothing allows it");
      return true;
    }
    return false;
  }

  bool step_up() {
    const std::set<std::size_t> unmet = all(&Tally::requires_);
    if (unmet.empty()) return false;
    answer_.verdict = Verdict::kStepUp;
    answer_.public_reason = true;
    name_rules(unmet);
    for (const std::size_t n : unmet) say(answer_.ask, std::string(policy_.rules[n].it->text.text));
    for (const Tally& cell : cells_) {
      answer_.missing.insert(cell.missing_of_requires.begin(), cell.missing_of_requires.end());
    }
    return true;
  }

  static void restrict_audience(Minted& minted, const std::set<std::string>& to) {
    std::set<std::string> left;
    for (const std::string& each : to) {
      if (!minted.audience || minted.audience->contains(each)) left.insert(each);
    }
    minted.audience = left;
  }

  void demand(Minted& minted, std::size_t number) {
    const auto& [ast, rule] = policy_.rules[number];
    std::set<std::string> audience;
    for (std::uint32_t i = 0; i < rule->clauses.count; ++i) {
      const Clause& clause = ast->clauses[rule->clauses.first + i];
      const std::string text(clause.text.text);
      if (clause.kind == ClauseKind::kOnce) minted.once = true;
      if (clause.kind == ClauseKind::kProof) minted.proof = true;
      if (clause.kind == ClauseKind::kNotify) say(minted.notify, text);
      if (clause.kind == ClauseKind::kAudience) audience.insert(text);
    }
    if (audience.empty()) return;
    restrict_audience(minted, audience);
    minted.restricting_audience.insert(number);
  }

  // The shortest of the limits that apply to a cell. The default gives way to those that are known to apply, not to those
  // that only may.
  std::int64_t lifetime(const Tally& cell) const {
    std::int64_t shortest = kForever;
    bool certain = false;
    for (const std::size_t number : cell.limits) {
      const auto& [ast, rule] = policy_.rules[number];
      for (std::uint32_t i = 0; i < rule->clauses.count; ++i) {
        const Clause& clause = ast->clauses[rule->clauses.first + i];
        if (clause.kind != ClauseKind::kFor) continue;
        shorten(shortest, clause.duration / 1'000'000);
        certain |= cell.certain_limits.contains(number);
      }
    }
    return certain ? shortest : std::min(shortest, default_lifetime_);
  }

  // What all limits that apply to these cells leave of a token.
  Minted mint(const std::vector<Tally>& cells) {
    Minted minted;
    if (!request_.audience.empty()) restrict_audience(minted, {request_.audience});
    minted.lifetime = kForever;
    for (const Tally& cell : cells) {
      shorten(minted.lifetime, lifetime(cell));
      shorten(minted.valid_until, cell.valid_until);
    }
    for (const std::size_t number : all_of(cells, &Tally::limits)) demand(minted, number);
    if (minted.valid_until != kForever) {
      const Wide left = (static_cast<Wide>(minted.valid_until) - request_.time) / 1'000'000;
      if (left < minted.lifetime) minted.lifetime = static_cast<std::int64_t>(left);
    }
    return minted;
  }

  const Policy& policy_;
  const Request& request_;
  std::int64_t default_lifetime_;
  std::vector<Tally> cells_;
  Answer answer_;
};

}  // namespace

Answer decide(const Policy& policy, const Data& data, const Request& request, std::int64_t default_lifetime) {
  return Answering(policy, data, request, default_lifetime).answer();
}

}  // namespace writ::reference
