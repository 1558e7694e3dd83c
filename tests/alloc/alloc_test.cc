// decide() and negotiate() into the caller's memory allocate nothing: counted at operator new, for every construct that
// a policy under policies/ uses.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <sstream>

#include "src/policy/program.h"
#include "tests/support/paths.h"
#include "writ/engine.h"

namespace {
std::atomic<long> allocations{0};
}

// Not inlined, so that the compiler does not see malloc() where it looks for operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace writ {
namespace {

// Every (action, type) of the policy, as a single resource and as a set, for a user and for a user with two agents.
long decide_everything(const Policy& policy) {
  const Engine engine(policy, Entities::none(policy));
  const Schema& schema = policy.program().schema();
  const std::string_view agents[] = {"agent:a", "agent:b"};
  long decided = 0;
  for (const EntityType& type : schema.types) {
    for (const auto* actions : {&type.resource_actions, &type.type_actions}) {
      for (const ActionId action : *actions) {
        Request request;
        request.user = "u";
        request.action = schema.actions[action];
        request.resource_type = type.name;
        request.time = Time{1'772'442'000'000'000};
        const bool has_id = actions == &type.resource_actions && !type.single;
        if (has_id) request.resource_id = type.closed ? type.ids.front() : "1";
        for (const std::size_t chain : {std::size_t{0}, std::size_t{2}}) {
          request.agents = std::span(agents, chain);
          const long before = allocations.load();
          const Result<Decision> decision = engine.decide(request);
          EXPECT_EQ(allocations.load(), before) << schema.actions[action] << " " << type.name;
          if (decision) ++decided;
        }
      }
    }
  }
  return decided;
}

TEST(Allocations, DecideMakesNoneForAnyConstruct) {
  long decided = 0;
  for (const char* folder : {"language", "suites", "billing", "hospital", "saas"}) {
    const std::filesystem::path root = std::filesystem::path(test::source_folder()) / "policies" / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".writ") continue;
      const std::string path = entry.path().string();
      const Compilation compiled = compile_files(std::span(&path, 1));
      if (compiled.policy) decided += decide_everything(*compiled.policy);
    }
  }
  EXPECT_GT(decided, 100);
}

// Eight scopes, single resources and prefixes: granted as they are, narrowed to patterns, permissions and resources in
// the data, stepped up and refused. The first call makes the indexes.
TEST(Allocations, NegotiateMakesNoneUpToEightScopes) {
  const std::vector<PolicyText> texts = {{"p.writ", R"(
entity group: staff
entity user in group { permissions: set of scope = [] }
entity agent
entity folder in folder { viewers: set of user or group = [] }
entity doc in folder { owner: user, readers: set of user = [] }
actions read, write, share, print, burn for doc
context { mfa: bool }
allow read:doc_1*
allow read:doc_2* if doc.owner == user
allow write:doc_* if any f in folder above doc: user in f.viewers
allow share:doc_* if user.permissions covers scope
allow print:doc_*
require mfa before print:doc_* ask "acr:mfa"
limit read:doc_* for 60s, audience "https://a.example"
trust any agent with *
)"}};
  const Compilation compiled = compile_texts(texts);
  ASSERT_TRUE(compiled.policy) << compiled.diagnostics;
  const Result<Entities> entities = Entities::from_json(*compiled.policy, R"([
    {"type":"user","id":"alice","parents":["group:staff"],"attributes":{"permissions":["share:doc_1*","share:doc_22"]}},
    {"type":"folder","id":"f","attributes":{"viewers":["group:staff"]}},
    {"type":"doc","id":"21","parents":["folder:f"],"attributes":{"owner":"user:alice"}},
    {"type":"doc","id":"22","parents":["folder:f"],"attributes":{"owner":"user:bob"}}])");
  ASSERT_TRUE(entities) << entities.error().detail();
  const Engine engine(*compiled.policy, *entities);
  const std::string_view scopes[] = {"read:doc_12", "read:doc_1*",  "read:doc_2*", "write:doc_2*",
                                     "share:doc_*", "print:doc_2*", "burn:doc_2*", "burn:doc_1"};
  const std::string_view agents[] = {"agent:a"};
  Negotiation asked;
  asked.by.user = "alice";
  asked.by.agents = agents;
  asked.scopes = scopes;
  OfferPart parts[32];
  char text[512];
  OfferBuffer buffer{parts, text};
  ASSERT_TRUE(engine.negotiate(asked, buffer));
  const long before = allocations.load();
  const Result<OfferTerms> terms = engine.negotiate(asked, buffer);
  EXPECT_EQ(allocations.load(), before);
  ASSERT_TRUE(terms);
  std::string told;
  for (const OfferPart& part : std::span(parts, buffer.count)) {
    told += "gsr"[static_cast<int>(part.kind)];
    told += ":" + std::string(part.scope) + " ";
  }
  EXPECT_EQ(told,
            "g:read:doc_12 g:read:doc_1* g:read:doc_21 g:write:doc_21 g:write:doc_22 g:share:doc_1* g:share:doc_22 "
            "s:print:doc_2* r:burn:doc_2* r:burn:doc_1 ");
}

TEST(Allocations, TheCounterCounts) {
  const long before = allocations.load();
  ::operator delete(::operator new(1));  // called by name, so that no compiler leaves the pair out
  EXPECT_GT(allocations.load(), before);
}

}  // namespace
}  // namespace writ
