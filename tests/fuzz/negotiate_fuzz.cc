// Data, and behind a NUL lines of negotiations and listings, as a host might be sent them: each is understood whole and
// answered, or refused in words. What is granted lies in what was asked for, decide() allows it, and a token can say
// it; the caller's buffer is given the same; pages go on and end.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "src/base/utf8.h"
#include "src/json/reader.h"
#include "src/policy/program.h"
#include "src/scope/bare.h"
#include "src/scope/lies_in.h"
#include "src/wire/read_request.h"
#include "src/wire/write_decision.h"
#include "src/wire/write_offer.h"
#include "tests/support/demand.h"
#include "writ/engine.h"

namespace {

using namespace writ;
using test::demand;

constexpr std::int64_t kNow = 1'772'442'000'000'000;

const Policy& world() {
  static const Policy policy = test::compiled(R"(
entity group: clerks, controllers in group
entity user in group { permissions: set of scope = [], boss: user? }
entity agent { vendor: string?, may: set of scope = [] }
entity role { holds: set of scope }
entity folder in folder { viewers: set of user or group = [] }
entity invoice in folder { owner: user, amount: decimal = 0, public: bool = false }
entity region: eu/de, eu/fr, us
entity profile single
actions read, write, void for invoice
actions create for type invoice
actions read for profile, region
context { tainted: bool, since: time?, hour: int absent means 0, roles: set of role absent means [] }
alias "docs" = read:invoice_*, profile.read
alias "docs/1" = read:invoice_1/*
alias "all" ceiling = {read,write}:invoice_*
allow {read,write}:invoice_* if invoice.owner == user
allow read:invoice_* if any f in folder above invoice: user in f.viewers
allow read:invoice_a*, read:invoice_1/* to group:clerks
allow read:invoice_ab, void:invoice_a* if invoice.amount < 10 or hour in [1, 2]
allow * if user.permissions covers scope
allow * if any r in roles: r.holds covers scope
allow read:region_*, create:invoice
deny write:* if tainted because "tainted"
deny read:invoice_aa because "closed"
require time - since <= 5m before {write,void}:invoice_* ask "acr:mfa"
limit void:* for 60s, once
limit write:invoice_* for 120s, audience "https://a.example"
limit create:invoice audience "https://b.example", proof dpop
trust any agent with read:*, profile.read
trust any agent with * if agent.may covers scope or user has boss
)");
  return policy;
}

void demand_words(const Error& error) {
  demand(is_utf8(error.detail()), "an error that is no text");
  json::Document document;
  demand(json::read(wire::write_error(error), document).has_value(), "an error that is no JSON");
}

void demand_json(const std::string& line) {
  json::Document document;
  demand(json::read(line, document).has_value(), "an answer that is no JSON", line);
}

void look_at_granted(const Engine& engine, const Negotiation& asked, const Offer::Granted& granted) {
  const std::string_view held[] = {granted.asked};
  const Result<bool> within = lies_in(world().program().schema(), granted.scope, held);
  demand(within && *within, "more than was asked for", granted.scope);
  demand(is_scope_token(granted.scope), "a scope that no token can carry", granted.scope);
  demand(granted.decision.allowed() && granted.decision.lifetime > 0, "granted, and not allowed", granted.scope);
  if (granted.ceiling) return;
  Request one = asked.by;
  one.scope = granted.scope;
  const Result<Decision> decided = engine.decide(one);
  demand(decided && decided->allowed() && decided->lifetime == granted.decision.lifetime, "decide says otherwise",
         granted.scope);
}

void look_at_buffer(const Engine& engine, const Negotiation& asked, const Offer& offer) {
  std::vector<OfferPart> parts(kMaxScopes * (kDefaultMostParts + 1));
  std::vector<char> text(std::size_t{1} << 18);
  OfferBuffer buffer{parts, text};
  const Result<OfferTerms> terms = engine.negotiate(asked, buffer);
  if (!terms) return demand(terms.error().code == ErrorCode::kTooMany, "an offer, and then none");
  std::size_t granted = 0;
  for (std::size_t i = 0; i < buffer.count; ++i)
    granted += parts[i].kind == OfferPart::Kind::kGranted ? 1 : 0;
  demand(granted == offer.granted.size() && terms->lifetime == offer.terms.lifetime && terms->cut == offer.terms.cut,
         "another offer in the caller's buffer");
}

void negotiate(const Engine& engine, std::string_view line) {
  Result<wire::WireRequest> request = wire::read_request(world(), line, 1);
  if (!request) return demand_words(request.error());
  if (request->scopes.empty()) return;
  const Negotiation asked = request->negotiation(kNow);
  const Result<Offer> offer = engine.negotiate(asked);
  if (!offer) return demand_words(offer.error());
  demand(offer->grant.has_value() != offer->granted.empty(), "a grant of nothing, or none of something");
  for (const Offer::Granted& granted : offer->granted)
    look_at_granted(engine, asked, granted);
  look_at_buffer(engine, asked, *offer);
  demand_json(wire::write_offer(*offer));
  demand_json(wire::write_public_offer(*offer));
}

void list(const Engine& engine, std::string_view line) {
  Result<wire::WireListing> request = wire::read_listing(world(), line, 1);
  if (!request) return demand_words(request.error());
  if (request->of_actions) {
    const Result<std::vector<std::string>> actions = engine.actions(request->request.view(kNow));
    return actions ? demand_json(wire::write_actions(*actions)) : demand_words(actions.error());
  }
  Listing asked = request->view(kNow);
  asked.limit = 2;
  std::string after;
  for (;;) {
    asked.after = after;
    const Result<Page> page = engine.list(asked);
    if (!page) return demand_words(page.error());
    demand_json(wire::write_page(*page, asked.type));
    demand(page->ids.size() <= asked.limit, "a page that is too long");
    for (const std::string& id : page->ids) {
      Request one = asked.by;
      one.action = asked.action;
      one.resource_type = asked.type;
      one.resource_id = id;
      const Result<Decision> decided = engine.decide(one);
      demand(decided && decided->allowed(), "listed, and not allowed", id);
    }
    if (page->next.empty()) return;
    demand(page->next > after, "a page that does not go on", page->next);
    after = page->next;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t nul = text.find('\0');
  LoadOptions options;
  options.seed = 1;
  const std::string_view entities = nul == std::string_view::npos ? std::string_view() : text.substr(0, nul);
  const Result<Entities> loaded = Entities::from_json(world(), entities, "fuzzed", options);
  if (!loaded) {
    demand_words(loaded.error());
    return 0;
  }
  const Engine engine(world(), *loaded);
  if (nul != std::string_view::npos) text.remove_prefix(nul + 1);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    negotiate(engine, line);
    list(engine, line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return 0;
}
