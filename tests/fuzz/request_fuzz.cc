// Any bytes as a request, or, behind a NUL, as data and a request: understood whole and decided, or refused in words.
// decide() and explain() say the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "src/base/utf8.h"
#include "src/json/reader.h"
#include "src/wire/read_request.h"
#include "src/wire/write_decision.h"
#include "tests/support/demand.h"
#include "writ/engine.h"

namespace {

using namespace writ;
using test::demand;

const Policy& world() {
  static const Policy policy = test::compiled(R"(
entity group: clerks, controllers in group
entity user in group { clearance: int = 0, tags: set of string = [], boss: user?, permissions: set of scope = [] }
entity agent { vendor: string? }
entity folder in folder
entity invoice in folder { owner: user, amount: decimal, seen: set of {at: time, from: ip?} = [] }
entity profile single { frozen: bool = false }
actions read, write for invoice
actions create for type invoice
actions read for profile
context { tainted: bool, since: time?, age: duration?, network: ip?, limits: {day: decimal, note: string?}? }
allow {read,write}:invoice_*, create:invoice to group:clerks if user.clearance >= 1 or user.tags contains "a"
allow read:invoice_* if invoice.owner == user or invoice.amount <= limits.day or invoice in folder:open
allow * if user.permissions covers scope
allow profile.read if not profile.frozen and time - since <= 5m
deny write:* if tainted because "tainted"
require age <= 5m before write:invoice_* ask "acr:mfa"
limit * if network in "10.0.0.0/8" for 60s, once
trust any agent with * if agent has vendor or user has boss
)");
  return policy;
}

void decide(const Engine& engine, std::string_view text) {
  Result<wire::WireRequest> request = wire::read_request(world(), text, 1);
  if (!request) {
    demand(is_utf8(request.error().detail()), "an error that is no text");
    json::Document document;
    demand(json::read(wire::write_error(request.error()), document).has_value(), "an error that is no JSON");
    return;
  }
  const Request view = request->view(1'772'442'000'000'000);
  const Result<Decision> decided = engine.decide(view);
  const Result<Explanation> told = engine.explain(view);
  demand(decided.has_value() == told.has_value(), "one of decide and explain fails");
  if (!told) return;
  demand(decided->verdict == told->decision.verdict && decided->lifetime == told->decision.lifetime,
         "decide and explain differ");
  json::Document document;
  demand(json::read(wire::write_decision(*told), document).has_value(), "a decision that is no JSON");
  demand(json::read(wire::write_public_decision(*told), document).has_value(), "a public answer that is no JSON");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t nul = text.find('\0');
  LoadOptions options;
  options.seed = 1;
  const std::string_view entities = nul == std::string_view::npos ? std::string_view() : text.substr(0, nul);
  const Result<Entities> loaded = Entities::from_json(world(), entities, "fuzzed", options);
  if (!loaded) {
    demand(is_utf8(loaded.error().detail()), "an error that is no text");
    return 0;
  }
  const Engine engine(world(), *loaded);
  decide(engine, nul == std::string_view::npos ? text : text.substr(nul + 1));
  return 0;
}
