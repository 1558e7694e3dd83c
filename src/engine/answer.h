// Decisions as they are made: what is refused, and what is granted for how long.
#pragma once

#include <cstdint>

#include "src/base/wide.h"
#include "src/engine/query.h"

namespace writ {

// An answer that says nothing yet but by what it was found.
inline Decision blank(const Versions& by) noexcept {
  Decision decision;
  decision.policy_version = by.policy;
  decision.data_version = by.data;
  return decision;
}

inline Decision refuse(const Versions& by, Refusal refusal, Link link, std::uint32_t statement,
                       bool public_reason) noexcept {
  Decision decision = blank(by);
  decision.refusal = refusal;
  decision.link = link;
  decision.statement = statement;
  decision.public_reason = public_reason;
  return decision;
}

// What is granted, if any time is left for it.
struct Terms {
  std::uint32_t rule = policy::kNoNode;  // the allow
  std::int64_t until = kForever;
  std::int64_t lifetime = 0;  // seconds
  std::uint32_t lifetime_rule = kNoStatement;
};

inline Decision grant(const Versions& by, std::int64_t now, Terms terms) noexcept {
  if (terms.until != kForever) {
    const Wide left = (static_cast<Wide>(terms.until) - now) / 1'000'000;
    if (left < terms.lifetime) {
      terms.lifetime = static_cast<std::int64_t>(left);
      terms.lifetime_rule = kNoStatement;
    }
  }
  if (terms.lifetime <= 0) return refuse(by, Refusal::kNoTime, Link::kPolicy, terms.rule, true);
  Decision decision = blank(by);
  if (terms.until != kForever) decision.valid_until = Time{terms.until};
  decision.verdict = Verdict::kAllow;
  decision.statement = terms.rule;
  decision.lifetime = terms.lifetime;
  decision.lifetime_statement = terms.lifetime_rule;
  decision.public_reason = true;
  return decision;
}

}  // namespace writ
