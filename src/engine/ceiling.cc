// Tested by tests/differential, policies/language/negotiation_ceiling and negotiation_ceiling_not.
#include "src/engine/ceiling.h"

#include <algorithm>
#include <set>
#include <string>

#include "src/base/wide.h"
#include "src/engine/audience.h"
#include "src/engine/decide.h"
#include "src/engine/entries.h"
#include "src/engine/evaluate.h"
#include "src/engine/missing.h"

namespace writ {
namespace {

using policy::EntryKind;
using policy::EntryRecord;
using policy::KeyRecord;
using policy::Op;

class Ceiling {
 public:
  explicit Ceiling(const Query& query)
      : query_(query), program_(*query.program), evaluator_(query), audiences_(*query.program) {}

  bool denied() {
    each_key_over(program_, query_.cell, [this](const KeyRecord& key) {
      for (const EntryRecord& entry : program_.entries_of(key)) {
        if (static_cast<EntryKind>(entry.kind) != EntryKind::kDeny) break;  // they come first
        take(entry, true);
      }
    });
    return deny_ != policy::kNoNode;
  }

  Decision run(std::int64_t default_lifetime) {
    each_key_over(program_, query_.cell, [this](const KeyRecord& key) {
      each_entry(program_, key, [this](const EntryRecord& entry) { take(entry, true); });
    });
    each_key_within(program_, query_.cell, [this](const KeyRecord& key) {
      each_entry(program_, key, [this](const EntryRecord& entry) { take(entry, false); });
    });
    return conclude(default_lifetime);
  }

 private:
  // Whether the condition can come out so for some resource, though which one is open.
  bool possible(std::uint32_t index, Three wanted) {
    if (index == policy::kNoNode) return wanted == Three::kTrue;
    const Truth truth = evaluator_.condition(index);
    if (!truth.is_unknown()) return truth.value == wanted;
    const policy::NodeRecord& node = program_.nodes[index];
    const auto each = [&](Three of_kid) {
      return [this, &node, of_kid](std::uint32_t i) { return possible(program_.kid(node, i), of_kid); };
    };
    switch (static_cast<Op>(node.op)) {
      case Op::kAny:
      case Op::kAll:
        return possible_over(node, wanted);
      case Op::kNot:
        return possible(node.kids, wanted == Three::kTrue ? Three::kFalse : Three::kTrue);
      case Op::kAnd:
        return wanted == Three::kTrue ? all(node, each(wanted)) : any(node, each(wanted));
      case Op::kOr:
        return wanted == Three::kTrue ? any(node, each(wanted)) : all(node, each(wanted));
      default:
        break;
    }
    std::set<std::string> missing;
    find_missing(evaluator_, index, missing);
    return missing.empty() || holds_condition(index);
  }

  // A set that is known is gone through; one that hangs on the open id may hold anything.
  bool possible_over(const policy::NodeRecord& node, Three wanted) {
    const bool one_is_enough = (static_cast<Op>(node.op) == Op::kAny) == (wanted == Three::kTrue);
    bool decided = false;
    std::int64_t until = kForever;
    const bool known = evaluator_.each(program_.kid(node, 0), until, [&](const Datum& element) {
      evaluator_.bind(node.index, element);
      decided = possible(program_.kid(node, 1), wanted) == one_is_enough;
      return !decided;
    });
    evaluator_.unbind(node.index);
    if (known) return decided == one_is_enough;
    std::set<std::string> missing;
    find_missing(evaluator_, static_cast<std::uint32_t>(&node - program_.nodes.data()), missing);
    return missing.empty();
  }

  // A condition within a value: what is missing there need not matter.
  bool holds_condition(std::uint32_t index) const {
    const policy::NodeRecord& node = program_.nodes[index];
    if (static_cast<Op>(node.op) == Op::kBoolOf) return true;
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      const std::uint32_t kid = program_.kid(node, i);
      if (kid != policy::kNoNode && holds_condition(kid)) return true;
    }
    return false;
  }

  template <class Holds>
  static bool all(const policy::NodeRecord& node, Holds&& holds) {
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      if (!holds(i)) return false;
    }
    return true;
  }
  template <class Holds>
  static bool any(const policy::NodeRecord& node, Holds&& holds) {
    for (std::uint32_t i = 0; i < node.kid_count; ++i) {
      if (holds(i)) return true;
    }
    return false;
  }

  std::int64_t until(const EntryRecord& entry) {
    return entry.condition == policy::kNoNode ? kForever : evaluator_.condition(entry.condition).until;
  }

  // `over`: it speaks of every resource of the set.
  void take(const EntryRecord& entry, bool over) {
    switch (static_cast<EntryKind>(entry.kind)) {
      case EntryKind::kAllow:
        if (!possible(entry.condition, Three::kTrue)) return;
        if (allow_ == policy::kNoNode) allow_ = entry.rule;
        allow_until_ = std::max(allow_until_, until(entry));
        return;
      case EntryKind::kTrust:
        return trust(entry);
      default:
        break;
    }
    const std::uint8_t times = entry.per_agent != 0 ? query_.agent_count : 1;
    for (std::uint8_t i = 0; i < times; ++i) {
      evaluator_.judge(i);
      restrict(entry, over);
    }
  }

  void trust(const EntryRecord& entry) {
    for (std::uint8_t i = 0; i < query_.agent_count; ++i) {
      evaluator_.judge(i);
      if (!possible(entry.condition, Three::kTrue)) continue;
      trusted_ = static_cast<std::uint8_t>(trusted_ | (1U << i));
      trust_until_[i] = std::max(trust_until_[i], until(entry));
    }
  }

  void restrict(const EntryRecord& entry, bool over) {
    const bool certain = over && !possible(entry.condition, Three::kFalse);
    if (over) until_ = std::min(until_, until(entry));
    switch (static_cast<EntryKind>(entry.kind)) {
      case EntryKind::kDeny:
        if (certain) deny_ = std::min(deny_, entry.rule);
        return;
      case EntryKind::kRequire:
        if (certain) unmet_ = std::min(unmet_, entry.rule);
        return;
      default:
        break;
    }
    if (entry.condition != policy::kNoNode && evaluator_.condition(entry.condition).is_false()) return;
    const policy::DemandRecord& demand = program_.demands[entry.demands];
    if (demand.lifetime != 0 && (lifetime_ == 0 || demand.lifetime < lifetime_)) lifetime_ = demand.lifetime;
    const bool applies = entry.condition == policy::kNoNode || evaluator_.condition(entry.condition).is_true();
    limited_ = limited_ || (over && applies && demand.lifetime != 0);
    once_ = once_ || demand.once != 0;
    proof_dpop_ = proof_dpop_ || demand.proof_dpop != 0;
    notify_ = notify_ || demand.notify_count != 0;
    if (!certain || demand.audience_count == 0) return;
    audiences_.leave(demand);
    audience_rule_ = std::min(audience_rule_, entry.rule);
  }

  static Decision refuse(Refusal refusal, Link link, std::uint32_t statement, bool public_reason) {
    Decision decision;
    decision.refusal = refusal;
    decision.link = link;
    decision.statement = statement;
    decision.public_reason = public_reason;
    return decision;
  }

  Decision conclude(std::int64_t default_lifetime) const {
    const bool allowed = allow_ != policy::kNoNode;
    const bool trusted = trusted_ == static_cast<std::uint8_t>((1U << query_.agent_count) - 1U);
    if (deny_ != policy::kNoNode) return refuse(Refusal::kDenied, Link::kPolicy, deny_, allowed && trusted);
    if (!allowed) return refuse(Refusal::kNotAllowed, Link::kUser, kNoStatement, false);
    if (!trusted) {
      Decision decision = refuse(Refusal::kNotTrusted, Link::kAgent, kNoStatement, false);
      while (((trusted_ >> decision.agent) & 1U) != 0)
        ++decision.agent;
      return decision;
    }
    if (unmet_ != policy::kNoNode) {
      Decision decision = refuse(Refusal::kNone, Link::kNone, unmet_, true);
      decision.verdict = Verdict::kStepUp;
      return decision;
    }
    if (!audiences_.admits(query_.audience)) return refuse(Refusal::kNoAudience, Link::kPolicy, audience_rule_, true);
    return allow(default_lifetime);
  }

  Decision allow(std::int64_t default_lifetime) const {
    std::int64_t until = std::min(until_, allow_until_);
    for (std::uint8_t i = 0; i < query_.agent_count; ++i)
      until = std::min(until, trust_until_[i]);
    Decision decision;
    decision.lifetime = default_lifetime;
    if (limited_ || (lifetime_ != 0 && lifetime_ < default_lifetime)) decision.lifetime = lifetime_;
    if (until != kForever) {
      const Wide left = (static_cast<Wide>(until) - query_.now) / 1'000'000;
      if (left < decision.lifetime) decision.lifetime = static_cast<std::int64_t>(left);
      decision.valid_until = Time{until};
    }
    if (decision.lifetime <= 0) return refuse(Refusal::kNoTime, Link::kPolicy, allow_, true);
    decision.verdict = Verdict::kAllow;
    decision.statement = allow_;
    decision.once = once_;
    decision.proof_dpop = proof_dpop_;
    decision.notify = notify_;
    decision.public_reason = true;
    return decision;
  }

  const Query& query_;
  const policy::Program& program_;
  Evaluator evaluator_;
  AudienceSet audiences_;
  std::uint32_t audience_rule_ = policy::kNoNode;
  std::uint32_t deny_ = policy::kNoNode;
  std::uint32_t unmet_ = policy::kNoNode;
  std::uint32_t allow_ = policy::kNoNode;
  std::int64_t allow_until_ = INT64_MIN;
  std::uint8_t trusted_ = 0;
  std::int64_t trust_until_[kMaxAgents] = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN,
                                           INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
  std::int64_t until_ = kForever;
  std::int64_t lifetime_ = 0;
  bool limited_ = false;
  bool once_ = false;
  bool proof_dpop_ = false;
  bool notify_ = false;
};

}  // namespace

bool denied_throughout(const Query& query) {
  return Ceiling(query).denied();
}

Result<Decision> decide_ceiling(Query& query, const Cell& cell, std::int64_t default_lifetime) {
  query.alias = nullptr;
  query.cell = cell;
  Result<Decision> exact = decide(query, default_lifetime);
  const bool set = cell.kind == CellKind::kAll || cell.kind == CellKind::kPrefix;
  if (!exact || exact->allowed() || !set) return exact;
  Decision decision = Ceiling(query).run(default_lifetime);
  decision.data_version = exact->data_version;
  return decision;
}

}  // namespace writ
