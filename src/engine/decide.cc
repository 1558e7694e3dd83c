// decide: what a request is answered.
//
// Order of the verdict: a deny that applies: deny. Else no allow, or a link of the chain without trust: deny. Else an
// unmet require: step up. Else allow. Every statement that could matter is evaluated whatever the others say: the
// answer must not depend on their order, a refusal must not tell by its speed which rule it was, and the public part
// of a deny depends on whether the request was otherwise allowed.
// Tested by tests/differential, tests/properties and the test blocks of every policy.
#include "src/engine/decide.h"

#include <algorithm>

#include "src/engine/answer.h"
#include "src/engine/audience.h"
#include "src/engine/conjunction.h"
#include "src/engine/people_index.h"

namespace writ {
namespace {

using policy::EntryKind;
using policy::EntryRecord;
using policy::KeyRecord;
using policy::LineRecord;

// What the limits leave of the audiences, and the first statement that limits them.
struct Audiences {
  explicit Audiences(const policy::Program& program) noexcept : left(program) {}

  void leave(const EntryRecord& entry, const policy::DemandRecord& demand) noexcept {
    rule = std::min(rule, entry.rule);
    left.leave(demand);
  }

  AudienceSet left;
  std::uint32_t rule = policy::kNoNode;
};

// What the statements say about one cell, gathered in any order.
struct Tally {
  std::uint32_t deny = policy::kNoNode;   // a deny that applies
  std::uint32_t unmet = policy::kNoNode;  // a require that is not met
  std::uint32_t allow = policy::kNoNode;  // the allow that holds longest
  std::int64_t allow_until = 0;
  std::uint8_t trusted = 0;                    // bit i: agent i is trusted
  Room<std::int64_t, kMaxAgents> trust_until;  // of those that are trusted
  std::int64_t until = kForever;               // of everything else
  std::int64_t lifetime = 0;                   // shortest limit, seconds; 0: none
  bool lifetime_certain = false;               // one of them is known to apply, so that the default gives way
  std::uint32_t lifetime_rule = policy::kNoNode;
  bool once = false;
  bool proof_dpop = false;
  bool notify = false;
};

class Decider {
 public:
  // One token is for all cells of a request: `all` goes on from cell to cell. nullptr where there is one cell.
  Decider(const Query& query, Audiences* all) noexcept
      : query_(query), program_(*query.program), evaluator_(query), audiences_(*query.program), all_(all) {}

  Decision run(std::int64_t default_lifetime) noexcept {
    gather();
    return conclude(default_lifetime);
  }

 private:
  void gather() noexcept {
    const Cell& cell = query_.cell;
    const policy::PairRecord* const pair = query_.pair;
    if (pair == nullptr) return;
    if (cell.kind == CellKind::kType) {
      if (pair->of_type != policy::kNoNode) cover(program_.keys[pair->of_type]);
      return;
    }
    if (pair->all != policy::kNoNode) cover(program_.keys[pair->all]);
    const auto index = static_cast<std::uint32_t>(pair - program_.pairs.data());
    for (std::uint32_t i = 0; i < pair->length_count && cell.kind != CellKind::kAll; ++i) {
      const std::uint32_t length = program_.lengths[pair->lengths + i];
      if (length > cell.id.size()) break;
      const std::string_view prefix = cell.id.substr(0, length);
      const PaddedWords words = prefix.size() <= kMostPadded ? padded_words(prefix) : PaddedWords();
      const std::uint64_t hash = program_.hash_of(index, CellKind::kPrefix, prefix);
      const LineRecord* const line = program_.find_line(index, CellKind::kPrefix, prefix, words, hash);
      if (line != nullptr) cover(*line);
    }
    if (cell.kind == CellKind::kExact) {
      if (pair->exact_count == 0) return;
      const LineRecord* const line =
          program_.find_line(index, CellKind::kExact, cell.id, query_.key_words, query_.key_hash);
      if (line != nullptr) cover(*line);
      return;
    }
    part(pair->prefix_first, pair->prefix_count, cell.kind == CellKind::kPrefix);
    part(pair->exact_first, pair->exact_count, false);
  }

  // A key all of whose resources, and perhaps more, are asked for.
  void cover(const KeyRecord& key) noexcept {
    const std::span<const EntryRecord> entries = program_.entries_of(key);
    if (entries.size() >= PeopleIndex::kFewest && query_.people != nullptr) {
      const auto index = static_cast<std::uint32_t>(&key - program_.keys.data());
      const PeopleIndex::Crowd* const crowd = query_.people->crowd(index);
      if (crowd != nullptr && are_known(*crowd, entries.size())) {
        cover(*crowd);
        return;
      }
    }
    for (const EntryRecord& entry : entries)
      cover(entry);
  }

  void cover(const EntryRecord& entry) noexcept {
    switch (static_cast<EntryKind>(entry.kind)) {
      case EntryKind::kAllow:
        allow(entry.rule, condition(entry));
        break;
      case EntryKind::kTrust:
        for (std::uint8_t i = 0; i < query_.agent_count; ++i)
          trust(entry, i);
        break;
      default:
        restrict(entry, judge(entry));
        break;
    }
  }

  // Whether to look names up is right, as the groups of everybody for whom it matters are known (those who are not in
  // the data may be in any), and shorter than to go through all entries.
  static bool are_known(const Party& party, bool takes_from_groups, std::size_t entries) noexcept {
    if (party.node == nullptr) return !takes_from_groups;
    return party.node->ancestors().size() < entries;
  }

  bool are_known(const PeopleIndex::Crowd& crowd, std::size_t entries) const noexcept {
    if (crowd.users && !are_known(query_.user, crowd.group_of_user, entries)) return false;
    for (std::uint8_t i = 0; i < query_.agent_count && crowd.agents; ++i) {
      if (!are_known(query_.agents[i], crowd.group_of_agent, entries)) return false;
    }
    return true;
  }

  // The entries that name nobody, and those that name the user, an agent, or what one of them is in.
  void cover(const PeopleIndex::Crowd& crowd) noexcept {
    for (const std::uint32_t entry : query_.people->others(crowd))
      cover(program_.entries[entry]);
    if (crowd.users) {
      each_name(query_.user, [&](std::uint64_t hash) {
        for (const std::uint32_t entry : query_.people->naming(crowd.key, hash))
          cover(program_.entries[entry]);
      });
    }
    for (std::uint8_t i = 0; i < query_.agent_count && crowd.agents; ++i) {
      each_name(query_.agents[i], [&](std::uint64_t hash) {
        for (const std::uint32_t at : query_.people->naming(crowd.key, hash)) {
          const EntryRecord& entry = program_.entries[at];
          if (static_cast<EntryKind>(entry.kind) == EntryKind::kTrust) {
            trust(entry, i);
          } else {
            cover(entry);
          }
        }
      });
    }
  }

  // The hashes of a principal and of all it is known to be in.
  template <class Visit>
  void each_name(const Party& party, Visit&& visit) const noexcept {
    const Snapshot& data = *query_.data;
    visit(party.node != nullptr ? party.node->hash : data.hash_of(party.entity.type, party.entity.text()));
    const auto above = [&](const Node* node) {
      if (node == nullptr) return;
      for (const Ancestor& ancestor : node->ancestors())
        visit(ancestor.hash);
    };
    above(party.node);
    if (party.node != nullptr || query_.facts == nullptr) return;
    const DescribedEntity* const sent = evaluator_.described(party.entity);
    if (sent == nullptr) return;
    for (const Datum& parent : sent->parents) {
      const std::uint64_t hash = data.hash_of(parent.type, parent.text());
      visit(hash);
      above(data.find(parent.type, parent.text(), hash));
    }
  }

  void cover(const LineRecord& line) noexcept {
    if (line.entry == LineRecord::kElsewhere) {
      cover(program_.keys[line.key]);
      return;
    }
    const Truth truth = evaluator_.conjunction(line.tests(), line.bytes);
    if (static_cast<EntryKind>(line.entry) == EntryKind::kAllow) {
      allow(line.rule, truth);
    } else {
      take_away(static_cast<EntryKind>(line.entry), line.rule, truth);
    }
  }

  // Keys whose resources are only some of those asked for. Their allows and trusts cannot speak for the rest; what
  // takes away counts unless its condition is false.
  void part(std::uint32_t first, std::uint32_t count, bool longer) noexcept {
    const std::string_view asked = query_.cell.id;
    const auto begin = program_.keys.begin() + first;
    const auto end = begin + count;
    auto key = std::lower_bound(begin, end, asked,
                                [this](const KeyRecord& k, std::string_view id) { return program_.text(k.id) < id; });
    for (; key != end; ++key) {
      const std::string_view id = program_.text(key->id);
      if (id.substr(0, asked.size()) != asked) break;
      if (longer && id.size() == asked.size()) continue;  // covers it: already met
      for (const EntryRecord& entry : program_.entries_of(*key)) {
        if (static_cast<EntryKind>(entry.kind) > EntryKind::kLimit) break;  // what takes away comes first
        Gather both(Three::kFalse);
        both.add(unknown_until());
        both.add(judge(entry));
        restrict(entry, both.result());
      }
    }
  }

  Truth condition(const EntryRecord& entry) noexcept {
    if (entry.condition == policy::kNoNode) return truth_of(true);
    if (entry.tests == policy::kNoNode) return evaluator_.condition(entry.condition);
    const std::span<const policy::TestRecord> tests = program_.tests.subspan(entry.tests, entry.test_count);
    const bool is_node = tests.size() == 1 && static_cast<policy::TestOf>(tests[0].of) == policy::TestOf::kNode;
    if (is_node) return evaluator_.condition(static_cast<std::uint32_t>(tests[0].number));
    return evaluator_.conjunction(tests, nullptr);
  }

  // What looks at agents is judged for each and applies if it applies for one.
  Truth judge(const EntryRecord& entry) noexcept {
    if (entry.per_agent == 0) return condition(entry);
    Gather gather(Three::kTrue);
    for (std::uint8_t i = 0; i < query_.agent_count; ++i) {
      evaluator_.judge(i);
      gather.add(condition(entry));
    }
    return gather.result();
  }

  void allow(std::uint32_t rule, Truth truth) noexcept {
    if (!truth.is_true()) return;
    const bool first = tally_.allow == policy::kNoNode;
    if (!first && (truth.until < tally_.allow_until || (truth.until == tally_.allow_until && rule > tally_.allow))) {
      return;
    }
    tally_.allow = rule;
    tally_.allow_until = truth.until;
  }

  void trust(const EntryRecord& entry, std::uint8_t agent) noexcept {
    evaluator_.judge(agent);
    const Truth truth = condition(entry);
    if (!truth.is_true()) return;
    const auto bit = static_cast<std::uint8_t>(1U << agent);
    const bool first = (tally_.trusted & bit) == 0;
    tally_.trusted = static_cast<std::uint8_t>(tally_.trusted | bit);
    if (first || truth.until > tally_.trust_until[agent]) tally_.trust_until[agent] = truth.until;
  }

  void restrict(const EntryRecord& entry, Truth truth) noexcept {
    if (static_cast<EntryKind>(entry.kind) != EntryKind::kLimit) {
      take_away(static_cast<EntryKind>(entry.kind), entry.rule, truth);
      return;
    }
    tally_.until = std::min(tally_.until, truth.until);
    if (!truth.is_false()) limit(entry, truth.is_true());
  }

  // A deny or a require.
  void take_away(EntryKind kind, std::uint32_t rule, Truth truth) noexcept {
    tally_.until = std::min(tally_.until, truth.until);
    if (truth.is_false()) return;
    std::uint32_t& first = kind == EntryKind::kDeny ? tally_.deny : tally_.unmet;
    first = std::min(first, rule);
  }

  void limit(const EntryRecord& entry, bool certain) noexcept {
    const policy::DemandRecord& demand = program_.demands[entry.demands];
    tally_.lifetime_certain = tally_.lifetime_certain || (certain && demand.lifetime != 0);
    if (demand.lifetime != 0 && (tally_.lifetime == 0 || demand.lifetime < tally_.lifetime ||
                                 (demand.lifetime == tally_.lifetime && entry.rule < tally_.lifetime_rule))) {
      tally_.lifetime = demand.lifetime;
      tally_.lifetime_rule = entry.rule;
    }
    tally_.once = tally_.once || demand.once != 0;
    tally_.proof_dpop = tally_.proof_dpop || demand.proof_dpop != 0;
    tally_.notify = tally_.notify || demand.notify_count != 0;
    if (demand.audience_count == 0) return;
    audiences_.leave(entry, demand);
    if (all_ != nullptr) all_->leave(entry, demand);
  }

  Decision conclude(std::int64_t default_lifetime) const noexcept;
  Decision grant(std::int64_t default_lifetime) const noexcept;

  const Query& query_;
  const policy::Program& program_;
  Evaluator evaluator_;
  Tally tally_;
  Audiences audiences_;
  Audiences* all_;
};

Decision Decider::grant(std::int64_t default_lifetime) const noexcept {
  const Tally& tally = tally_;
  Terms terms{tally.allow, std::min(tally.until, tally.allow_until), default_lifetime, kNoStatement};
  for (std::uint8_t i = 0; i < query_.agent_count; ++i)
    terms.until = std::min(terms.until, tally.trust_until[i]);
  // A limit that only may apply makes nothing longer than it was without.
  if (tally.lifetime_certain || (tally.lifetime != 0 && tally.lifetime < default_lifetime)) {
    terms.lifetime = tally.lifetime;
    terms.lifetime_rule = tally.lifetime_rule;
  }
  Decision decision = writ::grant(query_.by, query_.now, terms);
  if (!decision.allowed()) return decision;
  decision.once = tally.once;
  decision.proof_dpop = tally.proof_dpop;
  decision.notify = tally.notify;
  return decision;
}

Decision Decider::conclude(std::int64_t default_lifetime) const noexcept {
  const Tally& tally = tally_;
  const bool allowed = tally.allow != policy::kNoNode;
  const auto everyone = static_cast<std::uint8_t>((1U << query_.agent_count) - 1U);
  const bool trusted = tally.trusted == everyone;
  if (tally.deny != policy::kNoNode)
    return refuse(query_.by, Refusal::kDenied, Link::kPolicy, tally.deny, allowed && trusted);
  if (!allowed) return refuse(query_.by, Refusal::kNotAllowed, Link::kUser, kNoStatement, false);
  if (!trusted) {
    Decision decision = refuse(query_.by, Refusal::kNotTrusted, Link::kAgent, kNoStatement, false);
    while (((tally.trusted >> decision.agent) & 1U) != 0)
      ++decision.agent;
    return decision;
  }
  if (tally.unmet != policy::kNoNode) {
    Decision decision = blank(query_.by);
    decision.verdict = Verdict::kStepUp;
    decision.statement = tally.unmet;
    decision.public_reason = true;
    return decision;
  }
  if (!audiences_.left.admits(query_.audience)) {
    return refuse(query_.by, Refusal::kNoAudience, Link::kPolicy, audiences_.rule, true);
  }
  return grant(default_lifetime);
}

// Several cells are granted together or not at all, and who refuses first is asked of all of them as of one.
Decision join(const Decision& a, const Decision& b) noexcept {
  if (severity(a) != severity(b) || !a.allowed()) {
    Decision worse = severity(b) < severity(a) ? b : a;
    worse.public_reason = a.public_reason && b.public_reason;
    return worse;
  }
  Decision both = b.lifetime < a.lifetime ? b : a;
  both.statement = a.statement;
  both.once = a.once || b.once;
  both.proof_dpop = a.proof_dpop || b.proof_dpop;
  both.notify = a.notify || b.notify;
  if (!a.valid_until) {
    both.valid_until = b.valid_until;
  } else if (b.valid_until) {
    both.valid_until = std::min(*a.valid_until, *b.valid_until);
  } else {
    both.valid_until = a.valid_until;
  }
  return both;
}

}  // namespace

int severity(const Decision& decision) noexcept {
  switch (decision.refusal) {
    case Refusal::kDenied:
      return 0;
    case Refusal::kNotAllowed:
      return 1;
    case Refusal::kNotTrusted:
      return 2 + decision.agent;
    case Refusal::kNoAudience:
      return 2 + static_cast<int>(kMaxAgents);
    case Refusal::kNoTime:
      return 3 + static_cast<int>(kMaxAgents);
    case Refusal::kNone:
      break;
  }
  return decision.allowed() ? 5 + static_cast<int>(kMaxAgents) : 4 + static_cast<int>(kMaxAgents);
}

Decision decide_asked(const Query& query, std::int64_t default_lifetime) noexcept {
  return Decider(query, nullptr).run(default_lifetime);
}

Result<Decision> decide(Query& query, std::int64_t default_lifetime) noexcept {
  if (query.alias == nullptr) {
    if (const Result<void> asked = ask(query, query.cell); !asked) return asked.error();
    return decide_asked(query, default_lifetime);
  }
  Decision decision;
  Audiences all(*query.program);
  bool first = true;
  for (const Cell& cell : query.alias->cells) {
    if (const Result<void> asked = ask(query, cell); !asked) return asked.error();
    const Decision one = Decider(query, &all).run(default_lifetime);
    decision = first ? one : join(decision, one);
    first = false;
  }
  if (decision.allowed() && !all.left.admits(query.audience)) {
    decision = refuse(query.by, Refusal::kNoAudience, Link::kPolicy, all.rule, true);
  }
  return decision;
}

}  // namespace writ
