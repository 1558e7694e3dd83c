// negotiate: every candidate is put to decide(), so that what is granted is what decide() allows: whole sets with the
// id left open, single resources as they are. Candidates come by id, a prefix before what lies in it, so that of the
// sound ones the maximal are met first and cover the rest. Tested by tests/differential/negotiation_test.cc and
// policies/language/negotiation*.
#include "src/engine/negotiate.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "src/engine/audience.h"
#include "src/engine/candidates.h"
#include "src/engine/ceiling.h"
#include "src/engine/decide.h"
#include "src/engine/entries.h"
#include "src/engine/grant.h"
#include "src/scope/parse_scope.h"

namespace writ {

bool PartList::add(OfferPart part, bool copy) {
  if (buffer_ == nullptr) {
    if (copy) part.scope = arena_.copy(part.scope);
    parts_.push_back(part);
    return true;
  }
  if (buffer_->count == buffer_->parts.size()) return false;
  if (copy) {
    if (part.scope.size() > buffer_->text.size() - used_) return false;
    char* const to = buffer_->text.data() + used_;
    std::memcpy(to, part.scope.data(), part.scope.size());
    part.scope = {to, part.scope.size()};
    used_ += part.scope.size();
  }
  buffer_->parts[buffer_->count++] = part;
  return true;
}

void PartList::truncate(std::size_t count) {
  if (buffer_ == nullptr) return parts_.resize(count);
  buffer_->count = count;
}

namespace {

constexpr std::size_t kStackBytes = 16'384;  // for candidates, before anything is allocated

bool is_set(const Cell& cell) noexcept {
  return cell.kind == CellKind::kAll || cell.kind == CellKind::kPrefix;
}

std::span<const Cell> cells_of(const ScopeRequest& request) noexcept {
  if (request.alias != nullptr) return request.alias->cells;
  return {&request.cell, 1};
}

// Whether everything in `inner` lies in one of `outer`.
bool cover(std::span<const Cell> outer, std::span<const Cell> inner) noexcept {
  return std::all_of(inner.begin(), inner.end(), [outer](const Cell& cell) {
    return std::any_of(outer.begin(), outer.end(), [&cell](const Cell& with) { return covers(with, cell); });
  });
}

// A narrower cell in the spelling that was asked for: `invoice_*.read` becomes `invoice_7.read`.
class Speller {
 public:
  explicit Speller(const Schema& schema) noexcept : schema_(schema) {}

  // Empty where no scope string says just that. Holds until the next call.
  std::string_view spell(std::string_view asked, const Cell& cell) noexcept {
    const std::string& action = schema_.actions[cell.action];
    const std::string& type = schema_.types[cell.type].name;
    const std::string_view star = is_set(cell) ? "*" : "";
    const bool colon = asked.find(':') != std::string_view::npos;
    size_ = 0;
    const bool fits =
        colon ? put({action, ":", type, "_", cell.id, star}) : put({type, "_", cell.id, star, ".", action});
    const std::string_view text(text_.data(), size_);
    return fits && reads_back(schema_, text, {&cell, 1}) ? text : std::string_view();
  }

 private:
  bool put(std::initializer_list<std::string_view> parts) noexcept {
    for (const std::string_view part : parts) {
      if (part.size() > text_.size() - size_) return false;
      part.copy(text_.data() + size_, part.size());
      size_ += part.size();
    }
    return true;
  }

  const Schema& schema_;
  std::array<char, kMaxScopeBytes> text_;
  std::size_t size_ = 0;
};

class Negotiator {
 public:
  Negotiator(Query& query, const Negotiation& asked, std::int64_t default_lifetime, PartList& parts)
      : query_(query),
        program_(*query.program),
        schema_(query.program->schema()),
        asked_(asked),
        default_lifetime_(default_lifetime),
        parts_(parts),
        speller_(query.program->schema()),
        audiences_(*query.program) {}

  Result<OfferTerms> run() {
    if (asked_.scopes.empty()) return Error(ErrorCode::kMissingMember, "no scope is asked for");
    if (asked_.scopes.size() > kMaxScopes || asked_.held.size() > kMaxScopes) {
      return Error(ErrorCode::kTooMany, "more than 64 scopes");
    }
    read_held();
    for (std::size_t i = 0; i < asked_.scopes.size(); ++i) {
      const std::size_t begin = parts_.count();
      index_ = static_cast<std::uint8_t>(i);
      const Result<ScopeRequest> request = parse_scope(schema_, asked_.scopes[i]);
      if (!request) return request.error();
      if (const Result<void> answered = answer(*request); !answered) return answered.error();
      anything_new_ = anything_new_ || !is_held(cells_of(*request));
      if (const Result<void> added = add_terms(begin, *request); !added) return added.error();
    }
    finish();
    return terms_;
  }

 private:
  struct Held {
    std::array<ScopeRequest, kMaxScopes> scopes;
    std::size_t count = 0;
  };

  void read_held() {
    if (asked_.held.empty()) return;
    held_.emplace();
    for (const std::string_view text : asked_.held) {
      if (const Result<ScopeRequest> request = parse_scope(schema_, text)) held_->scopes[held_->count++] = *request;
    }
  }

  bool is_held(std::span<const Cell> cells) const {
    if (!held_) return false;
    return std::all_of(cells.begin(), cells.end(), [this](const Cell& cell) {
      return std::any_of(held_->scopes.begin(), held_->scopes.begin() + held_->count,
                         [&cell](const ScopeRequest& held) {
                           return cover(cells_of(held), {&cell, 1});
                         });
    });
  }

  std::string_view text() const { return asked_.scopes[index_]; }

  static Error no_room() { return {ErrorCode::kTooMany, "the memory given for the parts of the offer is too small"}; }

  Result<void> add(OfferPart::Kind kind, std::string_view scope, const Decision& decision, bool ceiling = false,
                   bool too_many = false) {
    OfferPart part;
    part.kind = kind;
    part.asked = index_;
    part.ceiling = ceiling;
    part.too_many = too_many;
    part.scope = scope;
    part.decision = decision;
    if (!parts_.add(part, scope.data() != text().data())) return no_room();
    return {};
  }

  Result<Decision> judge(const ScopeRequest& request) {
    query_.alias = request.alias;
    query_.cell = request.cell;
    return decide(query_, default_lifetime_);
  }

  // All cells together: the worst of them, or the shortest life and all demands.
  Result<Decision> judge_ceiling(const ScopeRequest& request) {
    Decision whole;
    bool first = true;
    for (const Cell& cell : cells_of(request)) {
      const Result<Decision> one = decide_ceiling(query_, cell, default_lifetime_);
      if (!one) return one;
      const bool worse = first || severity(*one) < severity(whole) ||
                         (one->allowed() && whole.allowed() && one->lifetime < whole.lifetime);
      const Decision& other = worse ? whole : *one;
      Decision joined = worse ? *one : whole;
      if (!first) {
        joined.once = joined.once || other.once;
        joined.proof_dpop = joined.proof_dpop || other.proof_dpop;
        joined.notify = joined.notify || other.notify;
        joined.public_reason = joined.public_reason && other.public_reason;
        if (other.valid_until && joined.allowed()) {
          joined.valid_until = std::min(joined.valid_until.value_or(*other.valid_until), *other.valid_until);
        }
      }
      whole = joined;
      first = false;
    }
    return whole;
  }

  Result<void> answer(const ScopeRequest& request) {
    const bool declared = request.alias != nullptr && request.alias->ceiling;
    Result<Decision> whole = declared ? judge_ceiling(request) : judge(request);
    if (!whole) return whole.error();
    if (whole->allowed()) return add(OfferPart::Kind::kGranted, text(), *whole, declared);
    const bool several = request.alias != nullptr || is_set(request.cell);
    if (asked_.ceiling && several && !declared) {
      const Result<Decision> at_most = judge_ceiling(request);
      if (!at_most) return at_most.error();
      if (at_most->allowed()) return add(OfferPart::Kind::kGranted, text(), *at_most, true);
    }
    const std::size_t begin = parts_.count();
    granted_ = 0;
    stepped_ = 0;
    exhausted_ = false;
    const bool step_up = whole->verdict == Verdict::kStepUp;
    if (step_up) {
      if (const Result<void> added = add(OfferPart::Kind::kStepUp, text(), *whole); !added) return added;
    }
    if (several) {
      const Result<void> narrowed =
          request.alias != nullptr ? narrow_name(*request.alias, step_up) : narrow_set(request.cell, step_up);
      if (!narrowed) return narrowed;
    }
    if (too_many()) {
      parts_.truncate(begin);
      return add(OfferPart::Kind::kRefused, text(), *whole, false, true);
    }
    if (parts_.count() == begin) return add(OfferPart::Kind::kRefused, text(), *whole);
    return {};
  }

  bool too_many() const { return granted_ > asked_.most_parts || stepped_ > asked_.most_parts || exhausted_; }

  // One candidate, found sound or needing a step up. Past the cap nothing is written: it will all be taken back.
  Result<void> take(std::string_view scope, const Decision& decision, bool ceiling = false) {
    std::uint32_t& count = decision.allowed() ? granted_ : stepped_;
    ++count;
    if (too_many()) return {};
    return add(decision.allowed() ? OfferPart::Kind::kGranted : OfferPart::Kind::kStepUp, scope, decision, ceiling);
  }

  // `covered`: the set itself needs a step up, which is told already.
  Result<void> narrow_set(const Cell& set, bool covered) {
    alignas(std::max_align_t) std::byte stack[kStackBytes];
    std::pmr::monotonic_buffer_resource memory(stack, sizeof(stack));
    Query open = query_;
    open.alias = nullptr;
    if (const Result<void> asked = ask(open, set); !asked) return asked;
    if (denied_throughout(open)) return {};
    Candidates candidates(open, memory);
    std::optional<Cell> granted;
    std::optional<Cell> stepped;
    if (covered) stepped = set;
    while (const std::optional<Cell> cell = candidates.next()) {
      if (granted && covers(*granted, *cell)) continue;
      exhausted_ = ++looked_at_ > kMostLookedAt;
      if (exhausted_) return {};
      const std::string_view scope = speller_.spell(text(), *cell);
      if (scope.empty()) continue;
      const Result<Decision> decision = judge({*cell, nullptr});
      if (!decision) return decision.error();
      if (!decision->allowed() && decision->verdict != Verdict::kStepUp) continue;
      std::optional<Cell>& widest = decision->allowed() ? granted : stepped;
      if (widest && covers(*widest, *cell)) continue;
      widest = *cell;
      if (const Result<void> taken = take(scope, *decision); !taken) return taken;
      if (too_many()) return {};
    }
    return {};
  }

  // Declared names that hold less, the widest of them.
  Result<void> narrow_name(const Alias& asked, bool covered) {
    for (const Alias& name : schema_.aliases) {
      if (!is_narrower(name, asked)) continue;
      const Result<Decision> decision = judge_name(name);
      if (!decision) return decision.error();
      const bool allowed = decision->allowed();
      if (!allowed && (covered || decision->verdict != Verdict::kStepUp)) continue;
      bool widest = true;
      for (const Alias& other : schema_.aliases) {
        if (&other == &name || !is_narrower(other, asked) || !cover(other.cells, name.cells)) continue;
        // Of names for the same the first stands for all.
        if (cover(name.cells, other.cells) && &other > &name) continue;
        const Result<Decision> wider = judge_name(other);
        if (!wider) return wider.error();
        widest = widest && !(wider->allowed() || (!allowed && wider->verdict == Verdict::kStepUp));
      }
      if (!widest) continue;
      if (const Result<void> taken = take(name.name, *decision, name.ceiling); !taken) return taken;
      if (too_many()) return {};
    }
    return {};
  }

  Result<Decision> judge_name(const Alias& name) {
    const ScopeRequest request{{}, &name};
    return name.ceiling ? judge_ceiling(request) : judge(request);
  }

  // A ceiling is no narrowing of what was not asked for as one.
  bool is_narrower(const Alias& name, const Alias& asked) const {
    if (&name == &asked || (name.ceiling && !asked.ceiling && !asked_.ceiling)) return false;
    return cover(asked.cells, name.cells) && !cover(name.cells, asked.cells);
  }

  // What the token says of the parts from here on.
  Result<void> add_terms(std::size_t begin, const ScopeRequest& asked) {
    for (const OfferPart& part : parts_.parts().subspan(begin)) {
      if (part.kind != OfferPart::Kind::kGranted) continue;
      const Decision& one = part.decision;
      terms_.lifetime = terms_.lifetime == 0 ? one.lifetime : std::min(terms_.lifetime, one.lifetime);
      terms_.once = terms_.once || one.once;
      terms_.proof_dpop = terms_.proof_dpop || one.proof_dpop;
      terms_.notify = terms_.notify || one.notify;
      terms_.ceiling = terms_.ceiling || part.ceiling;
      if (one.valid_until) {
        terms_.valid_until = std::min(terms_.valid_until.value_or(*one.valid_until), *one.valid_until);
      }
      const bool whole = part.scope.data() == text().data();
      const Result<ScopeRequest> request = whole ? Result<ScopeRequest>(asked) : parse_scope(schema_, part.scope);
      if (!request) return request.error();
      const std::span<const Cell> cells = cells_of(*request);
      gained_ = gained_ || !is_held(cells);
      for (const Cell& cell : cells) {
        if (const Result<void> left = leave_audience(cell, part.ceiling); !left) return left;
      }
    }
    return {};
  }

  // A ceiling's single resources may be restricted to others: each use is decided again.
  Result<void> leave_audience(const Cell& cell, bool ceiling) {
    Result<void> asked;
    bool ready = false;
    const auto key = [&](const policy::KeyRecord& one) {
      each_entry(program_, one, [&](const policy::EntryRecord& entry) {
        if (static_cast<policy::EntryKind>(entry.kind) != policy::EntryKind::kLimit) return;
        const policy::DemandRecord& demand = program_.demands[entry.demands];
        if (demand.audience_count == 0) return;
        query_.alias = nullptr;
        if (!std::exchange(ready, true)) asked = ask(query_, cell);
        if (asked && applies(entry, ceiling)) audiences_.leave(demand);
      });
    };
    each_key_over(program_, cell, key);
    if (!ceiling) each_key_within(program_, cell, key);
    return asked;
  }

  bool applies(const policy::EntryRecord& entry, bool certainly) {
    if (entry.condition == policy::kNoNode) return entry.per_agent == 0 || query_.agent_count != 0;
    Evaluator evaluator(query_);
    for (std::uint8_t i = 0; i < (entry.per_agent != 0 ? query_.agent_count : 1); ++i) {
      evaluator.judge(i);
      const Truth truth = evaluator.condition(entry.condition);
      if (certainly ? truth.is_true() : !truth.is_false()) return true;
    }
    return false;
  }

  void finish() {
    if (!audiences_.admits(asked_.by.audience)) {
      // One token is for all of it, though each part may be granted by itself.
      for (OfferPart& part : parts_.parts()) {
        if (part.kind != OfferPart::Kind::kGranted) continue;
        part.kind = OfferPart::Kind::kRefused;
        part.apart = true;
        part.decision.verdict = Verdict::kDeny;
        part.decision.refusal = Refusal::kNoAudience;
        part.decision.link = Link::kPolicy;
        part.decision.lifetime = 0;
      }
      terms_ = OfferTerms();
      gained_ = false;
    }
    terms_.cut = anything_new_ && !gained_;
    terms_.data_version = query_.data->version();
  }

  Query& query_;
  const policy::Program& program_;
  const Schema& schema_;
  const Negotiation& asked_;
  std::int64_t default_lifetime_;
  PartList& parts_;
  Speller speller_;
  AudienceSet audiences_;
  OfferTerms terms_;
  std::optional<Held> held_;
  bool anything_new_ = false;
  bool gained_ = false;
  std::uint8_t index_ = 0;  // the scope that is looked at
  std::uint32_t granted_ = 0;
  std::uint32_t stepped_ = 0;
  std::uint32_t looked_at_ = 0;  // over all scopes
  bool exhausted_ = false;
};

}  // namespace

Result<OfferTerms> negotiate(Query& query, const Negotiation& asked, std::int64_t default_lifetime, PartList& parts) {
  return Negotiator(query, asked, default_lifetime, parts).run();
}

}  // namespace writ
