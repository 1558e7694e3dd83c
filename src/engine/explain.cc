// explain: the same question as decide(), answered by a walk of its own: every statement that names the action and type
// is looked at, without the index, and everything it says is kept. The two must agree; tests/differential holds them
// to it.
#include <algorithm>
#include <map>
#include <set>

#include "src/engine/decide.h"
#include "src/base/wide.h"
#include "src/engine/evaluate.h"
#include "src/engine/missing.h"
#include "src/engine/remedy.h"
#include "src/engine/tell_link.h"
#include "src/scope/print_scope.h"

namespace writ {
namespace {

using policy::EntryKind;
using policy::EntryRecord;

// One entry, and how it came out: once, or once for each agent of the chain.
struct Judged {
  const EntryRecord* entry = nullptr;
  Overlap overlap = Overlap::kCovers;
  std::vector<Truth> each;  // by agent where the entry looks at agents, else one
  Truth whole;              // with the pattern; for agents, whether it applies for one
};

// The audiences that every limit met so far leaves.
struct Audiences {
  bool limited = false;
  std::set<std::string, std::less<>> left;
  std::uint32_t rule = kNoStatement;  // the first statement that limits them

  void leave(const std::set<std::string, std::less<>>& own, std::uint32_t by) {
    if (limited) {
      std::erase_if(left, [&own](const std::string& a) { return !own.contains(a); });
    } else {
      left = own;
      limited = true;
    }
    rule = std::min(rule, by);
  }
  bool none_for(std::string_view asked) const {
    return limited && (left.empty() || (!asked.empty() && !left.contains(asked)));
  }
};

// What came of one cell.
struct Account {
  Cell cell;
  Decision decision;
  std::vector<Judged> judged;
};

Truth with_pattern(Overlap overlap, Truth condition) {
  Gather both(Three::kFalse);
  both.add(overlap == Overlap::kCovers ? truth_of(true) : unknown_until());
  both.add(condition);
  return both.result();
}

class Explainer {
 public:
  Explainer(Query& query, std::int64_t default_lifetime)
      : query_(query), program_(*query.program), default_lifetime_(default_lifetime) {}

  Account account(const Cell& cell) {
    Account account;
    account.cell = cell;
    own_ = Audiences();
    Evaluator evaluator(query_);
    const policy::PairRecord* const pair = program_.pair(cell.action, cell.type);
    for (std::uint32_t i = 0; pair != nullptr && i < pair->key_count; ++i) {
      const policy::KeyRecord& key = program_.keys[pair->keys + i];
      const Cell pattern{pair->action, pair->type, static_cast<CellKind>(key.kind), program_.text(key.id)};
      const Overlap overlaps = overlap(pattern, cell);
      if (overlaps == Overlap::kDisjoint) continue;
      for (const EntryRecord& entry : program_.entries_of(key))
        account.judged.push_back(judge(evaluator, entry, overlaps));
    }
    std::stable_sort(account.judged.begin(), account.judged.end(),
                     [](const Judged& a, const Judged& b) { return a.entry->rule < b.entry->rule; });
    account.decision = conclude(account);
    return account;
  }

  // Over all cells.
  std::vector<std::string> audience() const {
    if (!query_.audience.empty()) return {std::string(query_.audience)};
    return {all_.left.begin(), all_.left.end()};
  }

  // One token is for all cells of a request, though each of them may be granted by itself.
  void leave_audience(Decision& whole) const {
    if (!whole.allowed() || !all_.none_for(query_.audience)) return;
    whole = refusal(Refusal::kNoAudience, Link::kPolicy, all_.rule, true);
  }

 private:
  Judged judge(Evaluator& evaluator, const EntryRecord& entry, Overlap overlap) {
    Judged judged;
    judged.entry = &entry;
    judged.overlap = overlap;
    const std::uint8_t rounds = entry.per_agent != 0 ? query_.agent_count : 1;
    Gather any(Three::kTrue);
    for (std::uint8_t i = 0; i < rounds; ++i) {
      evaluator.judge(i);
      const Truth condition =
          entry.condition == policy::kNoNode ? truth_of(true) : evaluator.condition(entry.condition);
      judged.each.push_back(with_pattern(overlap, condition));
      any.add(judged.each.back());
    }
    judged.whole = entry.per_agent != 0 ? any.result() : judged.each.front();
    return judged;
  }

  static EntryKind kind(const Judged& judged) { return static_cast<EntryKind>(judged.entry->kind); }

  struct Lifetime {
    std::optional<std::int64_t> shortest;  // of the limits that may apply
    std::uint32_t rule = kNoStatement;
    bool certain = false;  // one of them is known to apply, so that the default gives way
  };

  Decision conclude(const Account& account) {
    std::optional<std::int64_t> allowed_until;
    std::vector<std::optional<std::int64_t>> trusted_until(query_.agent_count);
    std::int64_t until = kForever;
    Lifetime lifetime;
    Decision decision;
    std::uint32_t denied = kNoStatement;
    std::uint32_t unmet = kNoStatement;
    std::uint32_t allowing = kNoStatement;
    for (const Judged& judged : account.judged) {
      const std::uint32_t rule = judged.entry->rule;
      switch (kind(judged)) {
        case EntryKind::kAllow:
          if (judged.whole.is_true() && (!allowed_until || judged.whole.until > *allowed_until)) {
            allowed_until = judged.whole.until;
            allowing = rule;
          }
          continue;
        case EntryKind::kTrust:
          for (std::size_t i = 0; i < judged.each.size(); ++i) {
            if (judged.each[i].is_true()) {
              trusted_until[i] = std::max(trusted_until[i].value_or(INT64_MIN), judged.each[i].until);
            }
          }
          continue;
        default:
          break;
      }
      until = std::min(until, judged.whole.until);
      if (judged.whole.is_false()) continue;
      if (kind(judged) == EntryKind::kDeny && denied == kNoStatement) denied = rule;
      if (kind(judged) == EntryKind::kRequire && unmet == kNoStatement) unmet = rule;
      if (kind(judged) == EntryKind::kLimit) add_demands(judged, decision, lifetime);
    }
    const auto untrusted = std::find(trusted_until.begin(), trusted_until.end(), std::nullopt);
    const bool otherwise = allowed_until && untrusted == trusted_until.end();
    if (denied != kNoStatement) return refusal(Refusal::kDenied, Link::kPolicy, denied, otherwise);
    if (!allowed_until) return refusal(Refusal::kNotAllowed, Link::kUser, kNoStatement, false);
    if (!otherwise) {
      Decision refused = refusal(Refusal::kNotTrusted, Link::kAgent, kNoStatement, false);
      refused.agent = static_cast<std::uint8_t>(untrusted - trusted_until.begin());
      return refused;
    }
    if (unmet != kNoStatement) {
      Decision step_up = refusal(Refusal::kNone, Link::kNone, unmet, true);
      step_up.verdict = Verdict::kStepUp;
      return step_up;
    }
    if (own_.none_for(query_.audience)) return refusal(Refusal::kNoAudience, Link::kPolicy, own_.rule, true);
    until = std::min(until, *allowed_until);
    for (const auto& trusted : trusted_until)
      until = std::min(until, *trusted);
    decision.statement = allowing;
    return last(decision, lifetime, until);
  }

  Decision last(Decision decision, const Lifetime& limited, std::int64_t until) const {
    decision.lifetime = default_lifetime_;
    // A limit that only may apply makes nothing longer than it was without.
    if (limited.certain || (limited.shortest && *limited.shortest < default_lifetime_)) {
      decision.lifetime = *limited.shortest;
      decision.lifetime_statement = limited.rule;
    }
    if (until != kForever) {
      decision.valid_until = Time{until};
      const Wide left = (static_cast<Wide>(until) - query_.now) / 1'000'000;
      if (left < decision.lifetime) {
        decision.lifetime = static_cast<std::int64_t>(left);
        decision.lifetime_statement = kNoStatement;
      }
    }
    if (decision.lifetime <= 0) return refusal(Refusal::kNoTime, Link::kPolicy, decision.statement, true);
    decision.verdict = Verdict::kAllow;
    decision.public_reason = true;
    return decision;
  }

  static Decision refusal(Refusal refusal, Link link, std::uint32_t statement, bool public_reason) {
    Decision decision;
    decision.refusal = refusal;
    decision.link = link;
    decision.statement = statement;
    decision.public_reason = public_reason;
    return decision;
  }

  void add_demands(const Judged& judged, Decision& decision, Lifetime& lifetime) {
    const std::uint32_t rule = judged.entry->rule;
    const policy::DemandRecord& demand = program_.demands[judged.entry->demands];
    if (demand.lifetime != 0) {
      lifetime.certain |= judged.whole.is_true();
      if (!lifetime.shortest || demand.lifetime < *lifetime.shortest) {
        lifetime.shortest = demand.lifetime;
        lifetime.rule = rule;
      }
    }
    decision.once |= demand.once != 0;
    decision.proof_dpop |= demand.proof_dpop != 0;
    decision.notify |= demand.notify_count != 0;
    if (demand.audience_count == 0) return;
    std::set<std::string, std::less<>> own;
    for (std::uint32_t i = 0; i < demand.audience_count; ++i) {
      own.emplace(program_.text(program_.lists[demand.audience + i]));
    }
    own_.leave(own, rule);
    all_.leave(own, rule);
  }

  Query& query_;
  const policy::Program& program_;
  std::int64_t default_lifetime_;
  Audiences own_;  // of the cell
  Audiences all_;
};

// ------------------------------------------------------------------------------------------------ telling

class Teller {
 public:
  Teller(Query& query, Explanation& told) : query_(query), program_(*query.program), told_(told) {}

  // The reasons of one cell, if it is one that decided.
  void reasons(const Account& account) {
    const Decision& whole = told_.decision;
    // Cells that were granted each by itself may have no audience left together.
    const bool together = whole.refusal == Refusal::kNoAudience && account.decision.allowed();
    if (severity(account.decision) != severity(whole) && !together) return;
    for (const Judged& judged : account.judged) {
      if (gives_reason(judged, whole)) rules_.insert(judged.entry->rule);
      if (is_missing(judged, whole)) missing(judged, whole);
      const bool limits = kind(judged) == EntryKind::kLimit && !judged.whole.is_false();
      if (limits && account.decision.allowed()) limits_.emplace(judged.entry->rule, judged.entry->demands);
    }
  }

  void steps(const Account& account) {
    for (const Judged& judged : account.judged)
      told_.steps.push_back(step(judged));
  }

  void finish() {
    std::vector<std::string> texts;
    for (const std::uint32_t rule : rules_) {
      told_.rules.push_back(program_.rule_id(rule));
      const std::string text(program_.text(program_.rule_text(rule)));
      if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
    for (const auto& [rule, demands] : limits_)
      notify(demands);
    const Decision& decision = told_.decision;
    if (decision.verdict == Verdict::kStepUp) told_.ask = texts;
    if (decision.refusal == Refusal::kDenied) told_.because = texts;
    if (decision.refusal == Refusal::kNotAllowed || decision.refusal == Refusal::kNotTrusted) {
      told_.because = {"nothing allows it"};
    }
    if (decision.refusal == Refusal::kNoTime) told_.because = {"no time is left"};
    if (decision.refusal == Refusal::kNoAudience) told_.because = {"no audience is left"};
    told_.missing.assign(names_.begin(), names_.end());
    told_.link = tell_link(query_, decision);
  }

 private:
  static EntryKind kind(const Judged& judged) { return static_cast<EntryKind>(judged.entry->kind); }

  bool gives_reason(const Judged& judged, const Decision& decision) const {
    switch (decision.refusal) {
      case Refusal::kDenied:
        return kind(judged) == EntryKind::kDeny && !judged.whole.is_false();
      case Refusal::kNotAllowed:
      case Refusal::kNotTrusted:
        return false;
      case Refusal::kNoAudience:
        return kind(judged) == EntryKind::kLimit && !judged.whole.is_false() &&
               program_.demands[judged.entry->demands].audience_count != 0;
      case Refusal::kNoTime:
        return kind(judged) == EntryKind::kAllow && judged.whole.is_true();
      case Refusal::kNone:
        break;
    }
    if (decision.verdict == Verdict::kStepUp) return kind(judged) == EntryKind::kRequire && !judged.whole.is_false();
    return kind(judged) == EntryKind::kAllow && judged.whole.is_true();
  }

  bool is_missing(const Judged& judged, const Decision& decision) const {
    if (decision.verdict == Verdict::kStepUp) return kind(judged) == EntryKind::kRequire && judged.whole.is_unknown();
    switch (decision.refusal) {
      case Refusal::kDenied:
        return kind(judged) == EntryKind::kDeny && judged.whole.is_unknown();
      case Refusal::kNotAllowed:
        return kind(judged) == EntryKind::kAllow && judged.whole.is_unknown();
      case Refusal::kNotTrusted:
        return kind(judged) == EntryKind::kTrust && judged.each[decision.agent].is_unknown();
      default:
        return false;
    }
  }

  void missing(const Judged& judged, const Decision& decision) {
    if (judged.entry->condition == policy::kNoNode) return;
    Evaluator evaluator(query_);
    for (std::size_t i = 0; i < judged.each.size(); ++i) {
      const bool trust = kind(judged) == EntryKind::kTrust;
      if (trust && i != decision.agent) continue;
      evaluator.judge(static_cast<std::uint8_t>(i));
      find_missing(evaluator, judged.entry->condition, names_);
    }
  }

  void notify(std::uint32_t demands) {
    const policy::DemandRecord& demand = program_.demands[demands];
    for (std::uint32_t i = 0; i < demand.notify_count; ++i) {
      std::string text(program_.text(program_.lists[demand.notify + i]));
      const auto found = std::find(told_.notify.begin(), told_.notify.end(), text);
      if (found == told_.notify.end()) told_.notify.push_back(std::move(text));
    }
  }

  Explanation::Step step(const Judged& judged) {
    static constexpr const char* kKinds[] = {"deny", "require", "limit", "allow", "trust"};
    Explanation::Step step;
    step.id = program_.rule_id(judged.entry->rule);
    step.kind = kKinds[judged.entry->kind];
    step.text = program_.rule_source(judged.entry->rule);
    step.outcome = judged.whole.is_true() ? "applies" : judged.whole.is_false() ? "does not apply" : "unknown";
    if (judged.overlap == Overlap::kPartly) step.facts.push_back("it names only a part of what is asked for");
    if (judged.entry->condition == policy::kNoNode) return step;
    Evaluator evaluator(query_);
    for (std::size_t i = 0; i < judged.each.size(); ++i) {
      evaluator.judge(static_cast<std::uint8_t>(i));
      atoms(evaluator, judged.entry->condition, step.facts);
    }
    change(judged, evaluator, step.change);
    return step;
  }

  // What looks at agents comes out true for the best of them, false only for all; a trust is asked of the one refused.
  void change(const Judged& judged, Evaluator& evaluator, std::vector<std::string>& change) const {
    const bool authority = kind(judged) == EntryKind::kAllow || kind(judged) == EntryKind::kTrust;
    const bool refused = kind(judged) == EntryKind::kTrust && told_.decision.refusal == Refusal::kNotTrusted;
    const Truth& now = refused ? judged.each[told_.decision.agent] : judged.whole;
    const bool stands = authority ? now.is_true() : !now.is_false();
    if (!stands && judged.overlap == Overlap::kPartly) return;  // no fact makes it speak of all that is asked for
    std::optional<std::vector<std::string>> best;
    for (std::size_t i = 0; i < judged.each.size(); ++i) {
      if (refused && i != told_.decision.agent) continue;
      evaluator.judge(static_cast<std::uint8_t>(i));
      auto one = find_remedy(evaluator, judged.entry->condition, stands ? Three::kFalse : Three::kTrue);
      if (stands && !one) return;
      if (stands) {
        change.insert(change.end(), one->begin(), one->end());
      } else if (one && (!best || one->size() < best->size())) {
        best = std::move(one);
      }
    }
    if (best) change = std::move(*best);
  }

  void atoms(Evaluator& evaluator, std::uint32_t index, std::vector<std::string>& facts) {
    const policy::NodeRecord& node = program_.nodes[index];
    const auto op = static_cast<policy::Op>(node.op);
    if (op == policy::Op::kAnd || op == policy::Op::kOr || op == policy::Op::kNot) {
      for (std::uint32_t i = 0; i < node.kid_count; ++i)
        atoms(evaluator, program_.kid(node, i), facts);
      return;
    }
    std::string fact = tell_atom(evaluator, index);
    if (std::find(facts.begin(), facts.end(), fact) == facts.end()) facts.push_back(std::move(fact));
  }

  Query& query_;
  const policy::Program& program_;
  Explanation& told_;
  std::set<std::uint32_t> rules_;
  std::map<std::uint32_t, std::uint32_t> limits_;  // statements that restrict what is granted, and what they demand
  std::set<std::string> names_;
};

// The worst of the cells decides; of allowed ones the shortest life and the union of demands.
void join(Decision& whole, const Decision& one) {
  const bool both_public = whole.public_reason && one.public_reason;
  if (severity(one) < severity(whole)) whole = one;
  whole.public_reason = both_public;
  if (!whole.allowed() || !one.allowed()) return;
  if (one.lifetime < whole.lifetime) {
    whole.lifetime = one.lifetime;
    whole.lifetime_statement = one.lifetime_statement;
  }
  whole.once |= one.once;
  whole.proof_dpop |= one.proof_dpop;
  whole.notify |= one.notify;
  if (one.valid_until && (!whole.valid_until || *one.valid_until < *whole.valid_until)) {
    whole.valid_until = one.valid_until;
  }
}

}  // namespace

Result<Explanation> explain(Query& query, const Request& request, std::int64_t default_lifetime) {
  std::vector<Cell> cells{query.cell};
  if (query.alias != nullptr) cells = query.alias->cells;
  Explanation told;
  Explainer explainer(query, default_lifetime);
  std::vector<Account> accounts;
  for (const Cell& cell : cells) {
    const Result<void> asked = ask(query, cell);
    if (!asked) return asked.error();
    accounts.push_back(explainer.account(cell));
    if (accounts.size() == 1) {
      told.decision = accounts.front().decision;
    } else {
      join(told.decision, accounts.back().decision);
    }
  }
  explainer.leave_audience(told.decision);
  Teller teller(query, told);
  for (const Account& account : accounts) {
    (void)ask(query, account.cell);  // it was asked above without an error
    teller.reasons(account);
    teller.steps(account);
  }
  teller.finish();
  if (told.decision.allowed()) told.audience = explainer.audience();
  told.decision.data_version = query.data->version();
  told.scope = request.scope;
  if (request.scope.empty()) told.scope = print_scope(query.program->schema(), cells.front()).value_or("");
  return told;
}

}  // namespace writ
