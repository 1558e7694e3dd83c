// Tested by tests/differential/negotiation_test.cc, against the reasons of the reference.
#include "src/engine/reasons.h"

#include <algorithm>
#include <set>

#include "src/engine/audience.h"
#include "src/engine/decide.h"
#include "src/engine/entries.h"
#include "src/engine/evaluate.h"
#include "src/engine/missing.h"
#include "src/engine/tell_link.h"

namespace writ {
namespace {

using policy::EntryKind;
using policy::EntryRecord;
using policy::KeyRecord;

class Teller {
 public:
  Teller(Query& query, const Decision& whole, bool ceiling)
      : query_(query), program_(*query.program), whole_(whole), ceiling_(ceiling), audiences_(*query.program) {}

  void cell(const Cell& cell, bool alone) {
    query_.alias = nullptr;
    query_.cell = cell;
    bool allowed = whole_.allowed();
    if (!alone) {
      const Result<Decision> own = decide(query_, kAnyLifetime);
      if (!own) return;
      // Of a ceiling no cell need be allowed as a whole.
      allowed = ceiling_ ? whole_.allowed() : own->allowed();
      // Cells that were granted each by itself may have no audience left together.
      const bool together = whole_.refusal == Refusal::kNoAudience && allowed;
      if (!ceiling_ && severity(*own) != severity(whole_) && !together) return;
    } else if (!ask(query_, cell)) {
      return;
    }
    // What speaks of all that is asked for first, as it decides; the order of what is told is that of statements.
    each_key_over(program_, cell, [&](const KeyRecord& key) { entries(key, true, allowed); });
    each_key_within(program_, cell, [&](const KeyRecord& key) { entries(key, false, allowed); });
  }

  Reasons finish() {
    std::vector<std::string> texts;
    for (const std::uint32_t rule : rules_) {
      told_.rules.push_back(program_.rule_id(rule));
      add(std::string(program_.text(program_.rule_text(rule))), texts);
    }
    if (whole_.verdict == Verdict::kStepUp) told_.ask = texts;
    switch (whole_.refusal) {
      case Refusal::kNone:
        break;
      case Refusal::kDenied:
        told_.because = texts;
        break;
      case Refusal::kNotAllowed:
      case Refusal::kNotTrusted:
        told_.because = {"nothing allows it"};
        break;
      case Refusal::kNoTime:
        told_.because = {"no time is left"};
        break;
      case Refusal::kNoAudience:
        told_.because = {"no audience is left"};
        break;
    }
    told_.missing.assign(names_.begin(), names_.end());
    for (const auto& [rule, demands] : notify_)
      notify(program_.demands[demands]);
    audience();
    told_.link = tell_link(query_, whole_);
    return std::move(told_);
  }

 private:
  static constexpr std::int64_t kAnyLifetime = 600;  // whether there is time left does not hang on it

  static void add(std::string text, std::vector<std::string>& to) {
    if (!text.empty() && std::find(to.begin(), to.end(), text) == to.end()) to.push_back(std::move(text));
  }

  void entries(const KeyRecord& key, bool over, bool allowed) {
    each_entry(program_, key, [&](const EntryRecord& entry) { take(entry, over, allowed); });
  }

  // Only what can be a reason is evaluated.
  bool wanted(EntryKind kind, bool allowed) const {
    if (whole_.verdict == Verdict::kStepUp) return kind == EntryKind::kRequire;
    switch (whole_.refusal) {
      case Refusal::kDenied:
        return kind == EntryKind::kDeny;
      case Refusal::kNotAllowed:
        return kind == EntryKind::kAllow;
      case Refusal::kNotTrusted:
        return kind == EntryKind::kTrust;
      case Refusal::kNoTime:
        return kind == EntryKind::kAllow;
      case Refusal::kNoAudience:
        return kind == EntryKind::kLimit;
      case Refusal::kNone:
        break;
    }
    return allowed && (kind == EntryKind::kAllow || kind == EntryKind::kLimit);
  }

  void take(const EntryRecord& entry, bool over, bool allowed) {
    const auto kind = static_cast<EntryKind>(entry.kind);
    if (!wanted(kind, allowed)) return;
    Evaluator evaluator(query_);
    const bool trust = kind == EntryKind::kTrust;
    const std::uint8_t first = trust ? whole_.agent : 0;
    const std::uint8_t rounds =
        entry.per_agent != 0 && !trust ? query_.agent_count : static_cast<std::uint8_t>(first + 1);
    Gather any(Three::kTrue);
    for (std::uint8_t i = first; i < rounds; ++i) {
      evaluator.judge(i);
      Gather both(Three::kFalse);
      both.add(over ? truth_of(true) : unknown_until());
      both.add(entry.condition == policy::kNoNode ? truth_of(true) : evaluator.condition(entry.condition));
      any.add(both.result());
    }
    const Truth truth = any.result();
    note(entry, kind, truth);
    const bool restriction = kind == EntryKind::kDeny || kind == EntryKind::kRequire;
    const bool authority = whole_.refusal == Refusal::kNotAllowed || whole_.refusal == Refusal::kNotTrusted;
    if (!truth.is_unknown() || entry.condition == policy::kNoNode || !(restriction || authority)) return;
    for (std::uint8_t i = first; i < rounds; ++i) {
      evaluator.judge(i);
      find_missing(evaluator, entry.condition, names_);
    }
  }

  void note(const EntryRecord& entry, EntryKind kind, Truth truth) {
    switch (kind) {
      case EntryKind::kTrust:
        return;
      case EntryKind::kAllow:
        if (whole_.refusal == Refusal::kNotAllowed) return;
        if (truth.is_true() || (ceiling_ && !truth.is_false())) rules_.insert(entry.rule);
        return;
      case EntryKind::kDeny:
      case EntryKind::kRequire:
        if (!truth.is_false()) rules_.insert(entry.rule);
        return;
      case EntryKind::kLimit:
        break;
    }
    if (truth.is_false()) return;
    const policy::DemandRecord& demand = program_.demands[entry.demands];
    if (whole_.refusal == Refusal::kNoAudience && demand.audience_count != 0) rules_.insert(entry.rule);
    if (!whole_.allowed()) return;
    if (demand.notify_count != 0) notify_.emplace(entry.rule, entry.demands);
    if (!ceiling_ || truth.is_true()) audiences_.leave(demand);
  }

  void notify(const policy::DemandRecord& demand) {
    for (std::uint32_t i = 0; i < demand.notify_count; ++i) {
      add(std::string(program_.text(program_.lists[demand.notify + i])), told_.notify);
    }
  }

  void audience() {
    if (!whole_.allowed()) return;
    if (!query_.audience.empty()) {
      told_.audience = {std::string(query_.audience)};
      return;
    }
    audiences_.each([this](std::uint32_t, std::string_view one) { told_.audience.emplace_back(one); });
    std::sort(told_.audience.begin(), told_.audience.end());
  }

  Query& query_;
  const policy::Program& program_;
  const Decision& whole_;
  bool ceiling_;
  AudienceSet audiences_;
  Reasons told_;
  std::set<std::uint32_t> rules_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> notify_;  // by statement
  std::set<std::string> names_;
};

}  // namespace

Reasons find_reasons(Query& query, std::span<const Cell> cells, const Decision& whole, bool ceiling) {
  Teller teller(query, whole, ceiling);
  for (const Cell& cell : cells)
    teller.cell(cell, cells.size() == 1);
  return teller.finish();
}

}  // namespace writ
