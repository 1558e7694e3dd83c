// decide() allocates nothing: counted at operator new, for every construct that a policy under policies/ uses.
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
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

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

TEST(Allocations, TheCounterCounts) {
  const long before = allocations.load();
  ::operator delete(::operator new(1));  // called by name, so that no compiler leaves the pair out
  EXPECT_GT(allocations.load(), before);
}

}  // namespace
}  // namespace writ
