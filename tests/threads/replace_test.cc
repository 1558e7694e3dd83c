// Policies and data are replaced while other threads decide: each decision is by one policy and one snapshot, and what
// is replaced is given back.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

Policy policy_with(const std::string& lifetime) {
  const PolicyText text{"p.writ",
                        "entity user { clearance: int = 0 }\nentity invoice { owner: user }\nactions read for invoice\n"
                        "allow read:invoice_* if invoice.owner == user for " +
                            lifetime + "\n"};
  Compilation compiled = compile_texts(std::span(&text, 1));
  EXPECT_TRUE(compiled.policy) << render(compiled.diagnostics);
  return *compiled.policy;
}

Entities owned_by(const Policy& policy, const std::string& owner) {
  const std::string json = R"({"type":"user","id":"alice"}
{"type":"user","id":"bob"}
{"type":"invoice","id":"1","attributes":{"owner":"user:)" +
                           owner + "\"}}\n";
  Result<Entities> entities = Entities::from_json(policy, json);
  EXPECT_TRUE(entities) << entities.error().detail();
  return *entities;
}

TEST(Replace, EveryDecisionSeesOneStateFromBeginningToEnd) {
  // Alice owns the invoice exactly while the lifetime is a minute: a mixture of the two would show.
  const Policy minute = policy_with("1m");
  const Policy hour = policy_with("1h");
  const Entities of_alice = owned_by(minute, "alice");
  const Entities of_bob = owned_by(hour, "bob");
  Engine engine(minute, of_alice);
  std::atomic<bool> stop{false};
  std::atomic<long> decided{0};
  std::atomic<long> mixed{0};
  const auto read = [&] {
    Request request;
    request.scope = "read:invoice_1";
    while (!stop.load()) {
      for (const char* user : {"alice", "bob"}) {
        request.user = user;
        const Result<Decision> decision = engine.decide(request);
        if (!decision) ++mixed;
        if (decision && decision->allowed()) {
          const bool fits = decision->lifetime == (std::string_view(user) == "alice" ? 60 : 3600);
          if (!fits) ++mixed;
        }
        ++decided;
      }
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back(read);
  // Until there was enough of both, however the threads are scheduled.
  for (int i = 0; i < 4000 || decided.load() < 1000; ++i) {
    ASSERT_TRUE(i % 2 == 0 ? engine.replace(hour, of_bob) : engine.replace(minute, of_alice));
  }
  stop = true;
  for (std::thread& reader : readers)
    reader.join();
  EXPECT_EQ(mixed.load(), 0);
}

TEST(Replace, OtherDeclarationsAreRefusedAndChangeNothing) {
  const Policy policy = policy_with("1m");
  Engine engine(policy, owned_by(policy, "alice"));
  const PolicyText text{"q.writ",
                        "entity invoice { locked: bool = false }\nactions read for invoice\nallow read:invoice_*\n"};
  const Compilation other = compile_texts(std::span(&text, 1));
  ASSERT_TRUE(other.policy);
  const Result<void> replaced = engine.replace(*other.policy, engine.entities());
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().code, ErrorCode::kSchemaMismatch);
  Request request;
  request.user = "alice";
  request.scope = "read:invoice_1";
  const Result<Decision> decision = engine.decide(request);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->lifetime, 60);
}

// Under a sanitizer fewer, and its own memory is not counted; leaks are its business.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int kReplacements = 5'000;
constexpr bool kCounted = false;
#else
constexpr int kReplacements = 100'000;
constexpr bool kCounted = true;
#endif

std::size_t bytes_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// As engine.h promises.
constexpr int kMostWaiting = 1'024;

long holders(const Entities& entities) {
  return entities.share().use_count() - 1;
}

// While one thread always decides, and others come, decide and go.
TEST(Replace, AHundredThousandTimesKeepMemoryFlat) {
  const Policy minute = policy_with("1m");
  const Policy hour = policy_with("1h");
  const Entities of_alice = owned_by(minute, "alice");
  const Entities of_bob = owned_by(hour, "bob");
  Engine engine(minute, of_alice);
  Request request;
  request.user = "alice";
  request.scope = "read:invoice_1";
  std::atomic<bool> stop{false};
  std::atomic<long> decided{0};
  std::thread always([&] {
    for (; !stop.load(); ++decided)
      EXPECT_TRUE(engine.decide(request));
  });
  const auto replace = [&](int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(i % 2 == 0 ? engine.replace(hour, of_bob) : engine.replace(minute, of_alice));
      if (i % 500 == 0) std::thread([&] { EXPECT_TRUE(engine.decide(request)); }).join();
    }
  };
  replace(1000);
  const std::size_t before = bytes_in_use();
  replace(kReplacements);
  const std::size_t after = bytes_in_use();
  while (decided.load() < 1000) {
  }
  stop = true;
  always.join();
  // Each state that were kept would be five hundred bytes at least; some may wait.
  if (kCounted) {
    EXPECT_LT(after, before + kMostWaiting * std::size_t{4'000});
  }
  // And nobody holds what was replaced, once there were enough replacements.
  for (int i = 0; i < 2 * kMostWaiting; ++i)
    ASSERT_TRUE(engine.replace(hour, of_bob));
  EXPECT_EQ(holders(of_alice), 1);
}

// To find out whether anybody reads a state interrupts those who decide: small states wait until there are many.
TEST(Replace, SmallStatesAreGivenBackTogether) {
  const Policy policy = policy_with("1m");
  const Entities first = owned_by(policy, "alice");
  {
    Engine engine(policy, first);
    ASSERT_TRUE(engine.replace(owned_by(policy, "bob")));
    EXPECT_EQ(holders(first), 2);
    for (int i = 0; i < kMostWaiting; ++i)
      ASSERT_TRUE(engine.replace(engine.entities()));
    EXPECT_EQ(holders(first), 1);
    ASSERT_TRUE(engine.replace(first));
    ASSERT_TRUE(engine.replace(owned_by(policy, "bob")));
    EXPECT_EQ(holders(first), 2);
  }
  EXPECT_EQ(holders(first), 1);  // the engine keeps nothing
}

Entities many(const Policy& policy, std::size_t users) {
  std::string json;
  for (std::size_t i = 0; i < users; ++i)
    json += R"({"type":"user","id":")" + std::to_string(i) + "\",\"attributes\":{\"clearance\":1}}\n";
  Result<Entities> entities = Entities::from_json(policy, json);
  EXPECT_TRUE(entities);
  return *entities;
}

TEST(Replace, ALargeStateIsGivenBackAtOnce) {
  const Policy policy = policy_with("1m");
  const Entities large = many(policy, 150'000);
  Engine engine(policy, large);
  ASSERT_TRUE(engine.replace(owned_by(policy, "alice")));
  EXPECT_EQ(holders(large), 1);
}

// Versions share most of what they hold; what each holds alone adds up to a bound.
TEST(Replace, VersionsOfMuchDataKeepMemoryFlat) {
  const Policy policy = policy_with("1m");
  constexpr int kVersions = kCounted ? 3'000 : 100;
  Engine engine(policy, many(policy, 150'000));
  const std::size_t before = bytes_in_use();
  std::size_t most = 0;
  for (int i = 0; i < kVersions; ++i) {
    const std::string id = std::to_string(i * 7);
    const NamedValue clearance{"clearance", Value::integer(i)};
    const EntityChange change{false, {{"user", id}, {}, std::span(&clearance, 1)}};
    ASSERT_TRUE(engine.replace(*engine.entities().with(std::span(&change, 1))));
    most = std::max(most, bytes_in_use());
  }
  // What was loaded goes slab by slab, and is there once more by then; the states that wait are the rest.
  if (kCounted) {
    EXPECT_LT(most, before + (std::size_t{48} << 20U));
  }
}

TEST(Replace, ThreadsComeAndGo) {
  const Policy policy = policy_with("1m");
  Engine engine(policy, owned_by(policy, "alice"));
  for (int i = 0; i < 200; ++i) {
    std::thread([&engine] {
      Request request;
      request.user = "alice";
      request.scope = "read:invoice_1";
      EXPECT_TRUE(engine.decide(request)->allowed());
    }).join();
  }
}

}  // namespace
}  // namespace writ
