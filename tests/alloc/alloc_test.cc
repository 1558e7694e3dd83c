// decide() and negotiate() into the caller's memory allocate nothing: counted at operator new, for every construct of
// the language: each has a file with tests under policies/language, and what these say of people, resources and context
// is what is decided here. Random policies of tests/reference, whose requests leave gaps, come on top.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <set>

#include "src/data/load_stated.h"
#include "src/policy/compile.h"
#include "src/scope/facts.h"
#include "src/scope/print_scope.h"
#include "src/wire/read_request.h"
#include "tests/support/by_handles.h"
#include "tests/support/paths.h"
#include "tests/support/twins.h"
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
// Its own, for a sanitizer's would not end in the one above.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size);
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const auto unit = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace writ {
namespace {

// What has been met, so that nothing of the language is left out unseen.
struct Met {
  std::set<policy::Op> ops;
  std::set<policy::TestOf> tests;
  std::set<policy::EntryKind> kinds;
  std::set<CellKind> cells;
  std::set<Verdict> verdicts;
  std::set<Refusal> refusals;
  long decided = 0;
  long negotiated = 0;

  void add(const policy::Program& program) {
    for (const policy::NodeRecord& node : program.nodes)
      ops.insert(static_cast<policy::Op>(node.op));
    for (const policy::TestRecord& test : program.tests)
      tests.insert(static_cast<policy::TestOf>(test.of));
    for (const policy::LineRecord& line : program.lines) {
      const auto* const first = reinterpret_cast<const policy::TestRecord*>(line.bytes);
      for (const policy::TestRecord& test : std::span(first, line.test_count))
        tests.insert(static_cast<policy::TestOf>(test.of));
    }
    for (const policy::EntryRecord& entry : program.entries)
      kinds.insert(static_cast<policy::EntryKind>(entry.kind));
    for (const policy::KeyRecord& key : program.keys)
      cells.insert(static_cast<CellKind>(key.kind));
  }
};

// How often `run` asks for memory.
template <class Run>
long asked_for(Run&& run) {
  const long before = allocations.load();
  run();
  return allocations.load() - before;
}

void decide(const Engine& engine, const Request& request, const std::string& what, Met& met) {
  Result<Decision> decision = Error(ErrorCode::kBadScope, "");
  EXPECT_EQ(asked_for([&] { decision = engine.decide(request); }), 0) << what;
  const test::ByHandles by_handles(engine, request);
  if (!by_handles.error()) {
    EXPECT_EQ(asked_for([&] { decision = engine.decide(by_handles.request()); }), 0) << what;
  }
  EXPECT_EQ(asked_for([&] { engine.decide({&request, 1}, {&decision, 1}); }), 0) << what;
  if (!decision) return;
  ++met.decided;
  met.verdicts.insert(decision->verdict);
  met.refusals.insert(decision->refusal);
}

// The first call makes the indexes that it needs.
void negotiate(const Engine& engine, const Negotiation& asked, const std::string& what, Met& met) {
  std::vector<OfferPart> parts(1024);
  std::vector<char> text(65'536);
  OfferBuffer buffer{parts, text};
  if (!engine.negotiate(asked, buffer)) return;
  EXPECT_EQ(asked_for([&] { EXPECT_TRUE(engine.negotiate(asked, buffer)); }), 0) << what;
  ++met.negotiated;
}

// One expectation of a test block, as `writ test` asks it.
class Asking {
 public:
  Asking(const Policy& policy, const policy::TypedExpectation& expectation) : facts_(policy) {
    const Schema& schema = policy.program().schema();
    const auto name = [&](const Datum& entity) {
      return schema.types[entity.type].name + ":" + std::string(entity.text());
    };
    facts_.facts().context = expectation.context;
    user_ = name(expectation.user);
    for (const Datum& agent : expectation.agents)
      agents_.push_back(name(agent));
    agent_views_.assign(agents_.begin(), agents_.end());
    const Cell& cell = expectation.cell;
    const bool one = cell.kind == CellKind::kExact || cell.kind == CellKind::kType;
    if (expectation.alias >= 0) {
      scope_ = schema.aliases[static_cast<std::size_t>(expectation.alias)].name;
    } else {
      scope_ = one ? print_scope(schema, cell).value_or("") : std::string(expectation.scope);
    }
    request.user = user_;
    request.agents = agent_views_;
    request.time = Time{expectation.time};
    request.facts = &facts_;
    request.scope = scope_;
    if (!scope_.empty()) return;
    request.action = schema.actions[cell.action];
    request.resource_type = schema.types[cell.type].name;
    request.resource_id = cell.id;
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  Request request;

 private:
  Facts facts_;
  std::string user_;
  std::string scope_;
  std::vector<std::string> agents_;
  std::vector<std::string_view> agent_views_;
};

void ask_everything(std::span<const PolicyText> texts, const std::string& what, Met& met) {
  const policy::Compiled compiled = policy::compile(texts, policy::Stage::kProgram, true);
  if (compiled.program == nullptr) return;  // a file that is none without others
  const Policy policy(compiled.program);
  met.add(*compiled.program);
  for (const policy::TypedTest& test : compiled.tree->typed.tests) {
    std::vector<data::StatedEntity> stated;
    for (const policy::TypedTestEntity& entity : test.entities)
      stated.push_back({entity_datum(entity.type, entity.id), entity.attributes, entity.parents});
    const auto snapshot = data::load_stated(compiled.program->share_schema(), stated);
    ASSERT_TRUE(snapshot) << what;
    const Engine engine(policy, Entities(*snapshot));
    std::vector<std::unique_ptr<Asking>> all;
    for (const policy::TypedExpectation& expectation : test.expectations) {
      all.push_back(std::make_unique<Asking>(policy, expectation));
      decide(engine, all.back()->request, what, met);
    }
    // Eight scopes of the test at once, for whoever asks for the first of them. Sets are left out: their candidates
    // need not fit the stack (the next test has some that do).
    for (std::size_t first = 0; first < all.size(); first += 8) {
      std::vector<std::string_view> scopes;
      for (std::size_t i = first; i < std::min(first + 8, all.size()); ++i)
        if (!all[i]->request.scope.empty() && !all[i]->request.scope.ends_with('*'))
          scopes.push_back(all[i]->request.scope);
      if (scopes.empty()) continue;
      Negotiation asked;
      asked.by = all[first]->request;
      asked.by.scope = {};
      asked.scopes = scopes;
      negotiate(engine, asked, what, met);
    }
  }
}

// What no file has: sets and records of values, a condition as a value, people in the line of a resource, and the
// refusals for time and audience.
constexpr const char* kRest = R"(
entity user { at: {a: int, b: string}? }
entity doc { owner: user, other: user, level: int, small: bool, name: string }
actions read, write, copy, move, print for doc
context { until: time, c: int }
define same(a: bool, b: bool) = a == b

allow read:doc_*  if user in [doc.owner, doc.other] and user.at == {a: doc.level, b: doc.name}
allow write:doc_* if same(doc.small, doc.level < 5)
allow copy:doc_1  to user:ann if c >= 1
allow move:doc_*  if time < until
allow print:doc_* audience "https://a.example"
limit print:doc_* audience "https://b.example"

test "all of it" {
  at 2026-03-02T09:00:00Z
  user ann { at: {a: 3, b: "x"} }
  doc 1 { owner: user:bob, other: user:ann, level: 3, small: true, name: "x" }
  context { until: 2026-03-02T09:00:00.500000Z, c: 1 }
  allow read:doc_1 to ann
  allow write:doc_1 to ann
  allow copy:doc_1 to ann
  deny copy:doc_1 to bob because "nothing allows it"
  deny move:doc_1 to ann
  deny print:doc_1 to ann
}
)";

TEST(Allocations, AreNotMadeForAnyConstruct) {
  Met met;
  namespace fs = std::filesystem;
  for (const char* folder : {"language", "suites", "billing", "hospital", "saas", "tinytodo", "github", "gdrive"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(test::source_folder()) / "policies" / folder)) {
      if (entry.path().extension() != ".writ") continue;
      const std::string path = entry.path().string();
      std::vector<Diagnostic> unreadable;
      ask_everything(policy::read_texts({&path, 1}, unreadable), path, met);
    }
  }
  const PolicyText rest{"rest.writ", kRest};
  ask_everything({&rest, 1}, rest.name, met);
  EXPECT_GT(met.decided, 500);
  EXPECT_GT(met.negotiated, 100);
  for (int op = 0; op <= static_cast<int>(policy::Op::kBoolOf); ++op)
    EXPECT_TRUE(met.ops.contains(static_cast<policy::Op>(op))) << "no policy has operator " << op;
  for (int of = 0; of <= static_cast<int>(policy::TestOf::kUserIn); ++of)
    EXPECT_TRUE(met.tests.contains(static_cast<policy::TestOf>(of))) << "no policy has test " << of;
  EXPECT_EQ(met.kinds.size(), 5U);
  EXPECT_EQ(met.cells.size(), 4U);
  EXPECT_EQ(met.verdicts.size(), 3U);
  for (int refusal = 0; refusal <= static_cast<int>(Refusal::kNoAudience); ++refusal)
    EXPECT_TRUE(met.refusals.contains(static_cast<Refusal>(refusal))) << "nothing is refused for " << refusal;
}

TEST(Allocations, AreNotMadeForPoliciesAtRandom) {
  Met met;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const reference::Case from = reference::typed_case(seed);
    const auto twins = test::Twins::make(from);
    if (twins == nullptr) continue;
    met.add(twins->policy().program());
    for (const std::string& line : from.requests) {
      Result<wire::WireRequest> read = wire::read_request(twins->policy(), line, 1);
      if (read) decide(twins->engine(), read->view(0), from.policy_text() + line, met);
    }
  }
  EXPECT_GT(met.decided, 1000);
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
