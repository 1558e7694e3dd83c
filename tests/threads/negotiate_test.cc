// Several threads negotiate and list at once over data whose indexes nobody has made yet, while it is replaced.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "writ/engine.h"

namespace writ {
namespace {

TEST(Negotiate, IndexesAreMadeOnceOrTwiceAndAlwaysWhole) {
  const std::vector<PolicyText> texts = {
      {"p.writ",
       "entity user\nentity folder in folder\nentity doc in folder { owner: user }\nactions read, write for doc\n"
       "allow read:doc_* if doc.owner == user\nallow write:doc_* if doc in folder:f\n"}};
  const Compilation compiled = compile_texts(texts);
  ASSERT_TRUE(compiled.policy) << compiled.diagnostics;
  std::string json = R"({"type":"folder","id":"f"})";
  for (int i = 0; i < 200; ++i) {
    json += "\n{\"type\":\"doc\",\"id\":\"" + std::to_string(i) +
            R"(","parents":["folder:f"],"attributes":{"owner":"user:)" + (i % 50 == 0 ? "alice" : "bob") + "\"}}";
  }
  std::atomic<int> wrong{0};
  for (int round = 0; round < 30; ++round) {
    Engine engine(*compiled.policy, *Entities::from_json(*compiled.policy, json));
    const auto ask = [&] {
      const std::string_view scopes[] = {"read:doc_*"};
      Negotiation asked;
      asked.by.user = "alice";
      asked.scopes = scopes;
      Listing listing;
      listing.by.user = "alice";
      listing.action = "write";
      listing.type = "doc";
      listing.limit = 1000;
      for (int i = 0; i < 3; ++i) {
        const Result<Offer> offer = engine.negotiate(asked);
        if (!offer || offer->granted.size() != 4) ++wrong;
        const Result<Page> page = engine.list(listing);
        if (!page || page->ids.size() != 200) ++wrong;
      }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back(ask);
    const EntityRecord record{{"user", "carol"}, {}, {}};
    const EntityChange change{false, record};
    EXPECT_TRUE(engine.replace(*engine.entities().with({&change, 1})));
    for (std::thread& thread : threads)
      thread.join();
  }
  EXPECT_EQ(wrong.load(), 0);
}

}  // namespace
}  // namespace writ
