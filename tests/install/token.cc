#include <writ/engine.h>
#include <writ/issuer.h>
#include <writ/verifier.h>

#include <iostream>

int main() {
  const writ::PolicyText text{"invoices.writ", R"(
    entity user
    entity invoice { owner: user }
    actions read, write for invoice

    allow {read,write}:invoice_* if invoice.owner == user
    trust agent:claude           with read:invoice_*
  )"};
  const writ::Compilation compiled = writ::compile_texts({&text, 1});
  std::cerr << compiled.diagnostics;
  if (!compiled.policy) return 1;
  const auto entities = writ::Entities::from_json(*compiled.policy, R"([{"type": "user", "id": "alice"},
                            {"type": "invoice", "id": "123", "attributes": {"owner": "user:alice"}}])");
  if (!entities) return std::cerr << entities.error().detail() << '\n', 1;
  const writ::Engine engine(*compiled.policy, *entities);

  // In a server the keys come from a folder that `writ keys` made: writ::KeySet::from_folder("keys").
  const writ::Time now{1'772'442'000'000'000};
  const auto keys = writ::KeySet::generate(writ::Algorithm::kEdDSA, now);
  if (!keys) return 1;
  const auto issuer = writ::Issuer::make(*keys, {"https://as.example"});
  const auto verifier = writ::Verifier::make(*keys, {"https://as.example", "https://billing.example"});
  if (!issuer || !verifier) return 1;

  // An agent asks for two scopes for alice. What it is trusted with is granted; the rest is refused, with reasons.
  const std::string_view chain[] = {"agent:claude"};
  const std::string_view scopes[] = {"read:invoice_123", "write:invoice_123"};
  writ::Negotiation asked;
  asked.by.user = "user:alice";
  asked.by.agents = chain;
  asked.by.time = now;
  asked.scopes = scopes;
  const writ::Result<writ::Offer> offer = engine.negotiate(asked);
  if (!offer || !offer->grant) return 1;

  // Only a Grant is minted, and only an engine makes one.
  writ::MintRequest how;
  how.audience = "https://billing.example";
  how.now = now;
  const writ::Result<writ::MintedToken> token = issuer->mint(*offer->grant, how);
  if (!token) return std::cerr << token.error().detail() << '\n', 1;

  // In the server that it is for.
  const writ::Result<writ::VerifiedToken> verified = verifier->verify(token->text, {now, {}});
  if (!verified) return std::cerr << verified.error().detail() << '\n', 1;
  const writ::TokenClaims& claims = verified->claims();
  std::cout << claims.actors.front() << " may " << claims.scope << " for " << claims.subject << '\n';
  return claims.scope == "read:invoice_123" ? 0 : 1;
}
