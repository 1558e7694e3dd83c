// Tested by tests/unit/engine/offer_test.cc and tests/differential.
#include "src/engine/offer.h"

#include <algorithm>

#include "src/engine/decide.h"
#include "src/engine/reasons.h"
#include "src/scope/parse_scope.h"
#include "src/scope/print_scope.h"

namespace writ {
namespace {

void add_all(const std::vector<std::string>& from, std::vector<std::string>& to) {
  for (const std::string& one : from) {
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
  }
}

class OfferWriter {
 public:
  OfferWriter(Query& query, const Negotiation& asked, std::int64_t default_lifetime, GrantTerms& grant)
      : query_(query),
        schema_(query.program->schema()),
        asked_(asked),
        default_lifetime_(default_lifetime),
        grant_(grant) {}

  Offer run(PartList& parts, const OfferTerms& terms) {
    offer_.terms = terms;
    for (const OfferPart& part : parts.parts()) {
      // It was read when it was asked for, or printed so that it reads back.
      const Result<ScopeRequest> request = parse_scope(schema_, part.scope);
      if (request) add(part, *request);
    }
    offer_.audience = grant_.audience;
    offer_.notify = grant_.notify;
    return std::move(offer_);
  }

 private:
  void add(const OfferPart& part, const ScopeRequest& request) {
    const std::span<const Cell> cells = request.alias != nullptr ? std::span<const Cell>(request.alias->cells)
                                                                 : std::span<const Cell>(&request.cell, 1);
    Reasons reasons = find_reasons(query_, cells, part.decision, part.ceiling);
    const std::string scope(part.scope);
    const std::string asked(asked_.scopes[part.asked]);
    switch (part.kind) {
      case OfferPart::Kind::kGranted:
        offer_.granted.push_back({scope, asked, part.ceiling, part.decision});
        add_all({scope}, grant_.scopes);
        add_all(reasons.notify, grant_.notify);
        add_all(reasons.rules, grant_.statements);
        leave_audience(std::move(reasons.audience));
        break;
      case OfferPart::Kind::kStepUp:
        offer_.step_up.push_back(
            {scope, asked, std::move(reasons.ask), std::move(reasons.rules), std::move(reasons.missing)});
        break;
      case OfferPart::Kind::kRefused:
        refuse(part, request, std::move(reasons));
        break;
    }
  }

  void leave_audience(std::vector<std::string> own) {
    if (own.empty()) return;
    if (grant_.audience.empty()) {
      grant_.audience = std::move(own);
      return;
    }
    std::erase_if(grant_.audience,
                  [&own](const std::string& one) { return std::find(own.begin(), own.end(), one) == own.end(); });
  }

  void refuse(const OfferPart& part, const ScopeRequest& request, Reasons reasons) {
    Offer::Refused refused;
    refused.scope = part.scope;
    refused.because = std::move(reasons.because);
    refused.rules = std::move(reasons.rules);
    refused.missing = std::move(reasons.missing);
    refused.link = std::move(reasons.link);
    refused.too_many = part.too_many;
    refused.public_reason = part.decision.public_reason;
    if (part.too_many || part.apart) {
      refused.because = {part.apart ? "no audience is left for all that was asked for together"
                                    : "it would take too many parts, or too much to look at: ask for less"};
      refused.public_reason = true;
    } else {
      refused.instead = instead(part, request);
    }
    offer_.refused.push_back(std::move(refused));
  }

  // Other actions on just that.
  std::vector<std::string> instead(const OfferPart& part, const ScopeRequest& request) {
    std::vector<std::string> scopes;
    if (request.alias != nullptr) return scopes;
    const EntityType& type = schema_.types[request.cell.type];
    const bool of_type = request.cell.kind == CellKind::kType;
    for (const ActionId action : of_type ? type.type_actions : type.resource_actions) {
      if (action == request.cell.action) continue;
      Cell other = request.cell;
      other.action = action;
      query_.alias = nullptr;
      query_.cell = other;
      const Result<Decision> decision = decide(query_, default_lifetime_);
      if (!decision || !decision->allowed()) continue;
      std::optional<std::string> scope = spell(part.scope, other);
      if (scope) scopes.push_back(std::move(*scope));
    }
    return scopes;
  }

  // In the spelling that was asked for, where it has one.
  std::optional<std::string> spell(std::string_view asked, const Cell& cell) const {
    std::optional<std::string> scope = print_scope(schema_, cell);
    if (!scope || asked.find(':') != std::string_view::npos) return scope;
    const std::size_t colon = scope->find(':');
    std::string dotted = scope->substr(colon + 1) + "." + scope->substr(0, colon);
    return reads_back(schema_, dotted, {&cell, 1}) ? dotted : scope;
  }

  Query& query_;
  const Schema& schema_;
  const Negotiation& asked_;
  std::int64_t default_lifetime_;
  GrantTerms& grant_;
  Offer offer_;
};

}  // namespace

Offer make_offer(Query& query, const Negotiation& asked, PartList& parts, const OfferTerms& terms,
                 std::int64_t default_lifetime, GrantTerms& grant) {
  grant.lifetime = terms.lifetime;
  grant.valid_until = terms.valid_until;
  grant.once = terms.once;
  grant.proof_dpop = terms.proof_dpop;
  grant.ceiling = terms.ceiling;
  return OfferWriter(query, asked, default_lifetime, grant).run(parts, terms);
}

}  // namespace writ
