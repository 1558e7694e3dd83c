#include <writ/engine.h>
#include <writ/version.h>

#include <iostream>

int main() {
  // In a server the policy comes from files: writ::compile_files({{"policies/billing"}}).
  const writ::PolicyText text{"invoices.writ", R"(
    entity group: clerks
    entity user    in group
    entity invoice { owner: user, amount: decimal }
    actions read, write for invoice
    context { tainted: bool }

    allow read:invoice_*  to group:clerks
    allow write:invoice_* if invoice.owner == user
    deny  write:*         if tainted  because "the agent has read untrusted input"
    limit write:*         for 60s, once
    trust agent:claude    with *:invoice_*
  )"};
  const writ::Compilation compiled = writ::compile_texts({&text, 1});
  std::cerr << compiled.diagnostics;
  if (!compiled.policy) return 1;

  writ::Result<writ::Entities> entities = writ::Entities::from_json(*compiled.policy, R"([
    {"type": "user", "id": "alice", "parents": ["group:clerks"]},
    {"type": "invoice", "id": "123", "attributes": {"owner": "user:alice", "amount": "40.00"}}])");
  if (!entities) return std::cerr << entities.error().detail() << '\n', 1;
  const writ::Engine engine(*compiled.policy, *entities);

  const std::string_view chain[] = {"agent:claude"};
  writ::Request request;
  request.user = "user:alice";
  request.agents = chain;
  request.scope = "write:invoice_123";
  request.time = writ::Time{1'772'442'000'000'000};  // microseconds since 1970; the engine reads no clock

  // Nobody has said whether the agent has read untrusted input: what is not known does not switch a deny off.
  const writ::Result<writ::Decision> unknown = engine.decide(request);
  std::cout << "nothing said:  " << (unknown && unknown->allowed() ? "allow" : "deny") << '\n';

  writ::Facts facts(*compiled.policy);
  if (!facts.set_context("tainted", writ::Value::boolean(false))) return 1;
  request.facts = &facts;
  const writ::Result<writ::Decision> decision = engine.decide(request);
  if (!decision) return std::cerr << decision.error().detail() << '\n', 1;
  std::cout << "not tainted:   " << (decision->allowed() ? "allow" : "deny") << " for " << decision->lifetime << " s"
            << (decision->once ? ", once" : "") << "  (writ " << writ::version() << ")\n";
  return decision->allowed() && unknown && !unknown->allowed() ? 0 : 1;
}
