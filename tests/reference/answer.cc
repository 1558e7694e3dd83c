#include "tests/reference/answer.h"

#include <algorithm>

namespace writ::reference {

using policy::Clause;
using policy::ClauseKind;
using policy::RuleKind;

namespace {

void shorten(std::int64_t& until, std::int64_t to) {
  until = std::min(until, to);
}

}  // namespace

Tally::Tally(std::size_t chain)
    : trusted(chain, false),
      missing_of_trusts(chain),
      trusted_until_(chain, std::numeric_limits<std::int64_t>::min()) {}

void Tally::add(const Said& said) {
  const Outcome& applies = said.applies;
  const std::size_t n = said.statement;
  if (said.limits) {
    shorten(others_until_, applies.until);
    if (!applies.no()) limits.insert(n);
    if (applies.yes()) certain_limits.insert(n);
  }
  if (said.kind == RuleKind::kAllow) {
    missing_of_allows.insert(applies.missing.begin(), applies.missing.end());
    if (!applies.yes()) return;
    allows.insert(n);
    allowed = true;
    allowed_until_ = std::max(allowed_until_, applies.until);
  } else if (said.kind == RuleKind::kTrust) {
    for (std::size_t agent = 0; agent < trusted.size(); ++agent) {
      const Outcome& trusts = said.trusts[agent];
      missing_of_trusts[agent].insert(trusts.missing.begin(), trusts.missing.end());
      if (!trusts.yes()) continue;
      trusted[agent] = true;
      trusted_until_[agent] = std::max(trusted_until_[agent], trusts.until);
    }
  } else if (said.kind == RuleKind::kDeny || said.kind == RuleKind::kRequire) {
    const bool is_deny = said.kind == RuleKind::kDeny;
    shorten(others_until_, applies.until);
    if (!applies.no()) (is_deny ? denies : requires_).insert(n);
    (is_deny ? missing_of_denies : missing_of_requires).insert(applies.missing.begin(), applies.missing.end());
  }
}

// One authority is enough, so the latest counts; restrictions all add up, so the earliest does.
std::int64_t Tally::valid_until() const {
  std::int64_t until = std::min(others_until_, allowed_until_);
  for (const std::int64_t each : trusted_until_)
    shorten(until, each);
  return until;
}

namespace {

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
  Answering(const Policy& policy, const Request& request, const std::vector<Tally>& cells,
            std::int64_t default_lifetime)
      : policy_(policy), request_(request), cells_(cells), default_lifetime_(default_lifetime) {}

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
    for (const Tally& cell : cells)
      numbers.insert((cell.*which).begin(), (cell.*which).end());
    return numbers;
  }
  std::set<std::size_t> all(std::set<std::size_t> Tally::*which) const { return all_of(cells_, which); }

  void name_rules(const std::set<std::size_t>& numbers) {
    for (const std::size_t n : numbers)
      answer_.rules.push_back(id_of(policy_.rules[n]));
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
    for (const std::size_t n : denies)
      say(answer_.because, std::string(text_of(policy_.rules[n])));
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
    for (const std::size_t n : unmet)
      say(answer_.ask, std::string(text_of(policy_.rules[n])));
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

  // The shortest of the limits that apply to a cell. The default gives way to those that are known to apply, not to
  // those that only may.
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
      shorten(minted.valid_until, cell.valid_until());
    }
    for (const std::size_t number : all_of(cells, &Tally::limits))
      demand(minted, number);
    if (minted.valid_until != kForever) {
      const Wide left = (static_cast<Wide>(minted.valid_until) - request_.time) / 1'000'000;
      if (left < minted.lifetime) minted.lifetime = static_cast<std::int64_t>(left);
    }
    return minted;
  }

  const Policy& policy_;
  const Request& request_;
  const std::vector<Tally>& cells_;
  std::int64_t default_lifetime_;
  Answer answer_;
};

}  // namespace

Answer answer(const Policy& policy, const Request& request, const std::vector<Tally>& cells,
              std::int64_t default_lifetime) {
  return Answering(policy, request, cells, default_lifetime).answer();
}

}  // namespace writ::reference
