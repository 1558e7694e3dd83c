// Closures and new versions, against the slow twin: random hierarchies, random sequences of changes, and every error.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "src/data/shard.h"
#include "tests/support/run_length.h"
#include "tests/unit/data/twin.h"

namespace writ::data {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) {
  return static_cast<std::size_t>(random() % bound);
}

// What an entity of that name may be in, out of a world with so many teams.
std::set<std::string> random_parents(Random& random, const std::string& name, std::size_t teams) {
  std::set<std::string> parents;
  if (name == "settings:") return parents;
  for (std::size_t i = below(random, 4); i > 0; --i) {
    const bool group = has_clearance(name) && below(random, 4) == 0;
    const char* const groups[] = {"accounting", "clerks", "controllers"};
    parents.insert(group ? std::string("group:") + groups[below(random, 3)]
                         : "team:" + std::to_string(below(random, teams)));
  }
  return parents;
}

std::string random_name(Random& random, std::size_t teams, std::size_t users) {
  if (below(random, 20) == 0) return "group:clerks";
  if (below(random, 3) == 0) return "team:" + std::to_string(below(random, teams));
  return "user:" + std::to_string(below(random, users));
}

Twin random_twin(Random& random, std::size_t teams, std::size_t users) {
  Twin twin;
  for (std::size_t i = 0; i < teams; ++i)
    twin.entities["team:" + std::to_string(i)];
  for (std::size_t i = 0; i < users; ++i)
    twin.entities["user:" + std::to_string(i)].clearance = static_cast<int>(i);
  for (auto& [name, entity] : twin.entities) {
    entity.parents = random_parents(random, name, teams);
    // Mostly upwards, so that circles stay rare.
    std::erase_if(entity.parents, [&](const std::string& parent) {
      return name.starts_with("team:") && std::stoi(parent.substr(5)) <= std::stoi(name.substr(5)) &&
             below(random, 200) != 0;
    });
  }
  return twin;
}

TEST(Closure, AsTheTwinSays) {
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Random random(seed);
    const std::size_t teams = 2 + below(random, 60);
    const Twin twin = random_twin(random, teams, below(random, 200));
    const LoadedSnapshot loaded = load_records(small_world(), twin.records().all(), seeded(seed));
    ASSERT_EQ(static_cast<bool>(loaded), twin.sound()) << seed;
    refused += loaded ? 0 : 1;
    if (loaded) {
      expect_same(**loaded, twin, "loaded");
    } else {
      EXPECT_EQ(loaded.error().code, ErrorCode::kCycle);
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GE(refused, 2);
}

// A batch of changes for the snapshot, and the same for the twin.
struct Batch {
  Records records;
  std::vector<bool> erase;

  std::vector<EntityChange> changes() const {
    std::vector<EntityChange> list;
    for (std::size_t i = 0; i < erase.size(); ++i)
      list.push_back({erase[i], records.all()[i]});
    return list;
  }
};

Batch random_batch(Random& random, Twin& twin, std::size_t teams, std::size_t users) {
  Batch batch;
  std::set<std::string> named;
  for (std::size_t i = 1 + below(random, below(random, 10) == 0 ? 100 : 4); i > 0; --i) {
    const std::string name = random_name(random, teams, users);
    if (!named.insert(name).second) continue;
    const bool erase = twin.entities.contains(name) && below(random, 4) == 0;
    batch.erase.push_back(erase);
    if (erase) {
      batch.records.add(name);
      twin.entities.erase(name);
      if (is_declared(name)) twin.entities[name];
      continue;
    }
    Twin::Entity entity;
    entity.parents = random_parents(random, name, teams);
    entity.clearance = static_cast<int>(below(random, 1000));
    twin.entities[name] = entity;
    Records::Attributes attributes;
    if (has_clearance(name)) attributes.push_back({"clearance", Value::integer(entity.clearance)});
    batch.records.add(name, {entity.parents.begin(), entity.parents.end()}, attributes);
  }
  return batch;
}

// Long sequences, so that pools are merged and shards split; what is refused changes nothing.
void random_sequence(std::uint64_t seed, std::size_t teams, std::size_t users, int steps, int check_every) {
  Random random(seed);
  Twin twin;
  for (std::size_t i = 0; i < teams; ++i)
    twin.entities["team:" + std::to_string(i)];
  LoadedSnapshot loaded = load_records(small_world(), twin.records().all(), seeded(seed));
  ASSERT_TRUE(loaded);
  std::shared_ptr<const Snapshot> now = *loaded;
  int taken = 0;
  for (int step = 0; step < steps; ++step) {
    Twin next = twin;
    const Batch batch = random_batch(random, next, teams, users);
    const std::shared_ptr<const Snapshot> before = now;
    const LoadedSnapshot changed = change(*now, batch.changes());
    ASSERT_EQ(static_cast<bool>(changed), next.sound())
        << "seed " << seed << " step " << step << ": " << (changed ? "" : changed.error().detail());
    if (!changed) continue;
    ++taken;
    now = *changed;
    EXPECT_EQ(now->version(), before->version() + 1);
    if (step % check_every == 0) {
      expect_same(*now, next, "the new version");
      expect_same(*before, twin, "the old version");
      const LoadedSnapshot fresh = load_records(small_world(), next.records().all(), seeded(seed + 1));
      ASSERT_TRUE(fresh);
      EXPECT_EQ(describe(*now), describe(**fresh));
    }
    twin = std::move(next);
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << " step " << step;
  }
  expect_same(*now, twin, "the last version");
  EXPECT_GT(taken, steps / 10);
}

TEST(Change, RandomSequencesEqualAFreshLoad) {
  for (std::uint64_t seed = 0; seed < test::drawn(40); ++seed) {
    random_sequence(seed, 6, 60, 60, 1);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(Change, LongSequencesEqualAFreshLoad) {
  random_sequence(100, 30, 1500, 600, 50);
  random_sequence(101, 200, 100, 300, 25);
}

std::shared_ptr<const Snapshot> billing() {
  Records records;
  records.add("team:a").add("team:b", {"team:a"}).add("team:c", {"team:b"}).add("team:lonely");
  records.add("group:clerks", {"team:c"}).add("user:alice", {"group:clerks"}, {{"clearance", Value::integer(3)}});
  records.add("user:bob", {"team:b"});
  const LoadedSnapshot loaded = load_records(small_world(), records.all(), seeded());
  EXPECT_TRUE(loaded);
  return *loaded;
}

std::vector<EntityChange> putting(const Records& records) {
  std::vector<EntityChange> list;
  for (const EntityRecord& record : records.all())
    list.push_back({false, record});
  return list;
}

std::vector<EntityChange> erasing(const Records& records) {
  std::vector<EntityChange> list = putting(records);
  for (EntityChange& change : list)
    change.erase = true;
  return list;
}

std::string detail(const LoadedSnapshot& changed) {
  return changed ? "changed" : std::string(changed.error().detail());
}

TEST(Change, NothingIsANewVersionOfTheSame) {
  const auto base = billing();
  const LoadedSnapshot changed = change(*base, {});
  ASSERT_TRUE(changed);
  EXPECT_EQ(describe(**changed), describe(*base));
  EXPECT_EQ((*changed)->version(), 2U);
  EXPECT_EQ((*changed)->seed(), base->seed());
}

TEST(Change, MovingATeamMovesWhoIsBelowIt) {
  const auto base = billing();
  const std::string before = describe(*base);
  Records records;
  records.add("team:c", {"team:lonely"});
  const LoadedSnapshot changed = change(*base, putting(records));
  ASSERT_TRUE(changed) << detail(changed);
  EXPECT_EQ(describe(**changed, *find(**changed, "user:alice")),
            "user:alice in group:clerks < group:clerks, team:c, team:lonely {3, -, -, -, -, -, -, -, -, -, -, -}\n");
  EXPECT_EQ(describe(**changed, *find(**changed, "user:bob")), describe(*base, *find(*base, "user:bob")));
  EXPECT_EQ(describe(*base), before);
}

TEST(Change, WhatIsPutReplacesTheWholeEntity) {
  const auto base = billing();
  Records records;
  records.add("user:alice");
  const LoadedSnapshot changed = change(*base, putting(records));
  ASSERT_TRUE(changed);
  EXPECT_EQ(describe(**changed, *find(**changed, "user:alice")), "user:alice {-, -, -, -, -, -, -, -, -, -, -, -}\n");
}

TEST(Change, WhatIsDeclaredCanBeEmptiedButNotErased) {
  const auto base = billing();
  Records records;
  records.add("group:clerks").add("settings");
  const LoadedSnapshot changed = change(*base, erasing(records));
  ASSERT_TRUE(changed) << detail(changed);
  EXPECT_EQ((*changed)->size(), base->size());
  EXPECT_EQ(describe(**changed, *find(**changed, "user:alice")),
            "user:alice in group:clerks < group:clerks {3, -, -, -, -, -, -, -, -, -, -, -}\n");
}

TEST(Change, AParentAndItsChildCanGoTogetherInAnyOrder) {
  const auto base = billing();
  for (const bool parent_first : {true, false}) {
    Records records;
    records.add(parent_first ? "team:b" : "user:bob").add(parent_first ? "user:bob" : "team:b");
    std::vector<EntityChange> changes = erasing(records);
    Records more;
    more.add("team:c");
    changes.push_back(putting(more).front());
    const LoadedSnapshot changed = change(*base, changes);
    ASSERT_TRUE(changed) << detail(changed);
    EXPECT_EQ((*changed)->size(), base->size() - 2);
    EXPECT_EQ(find(**changed, "team:b"), nullptr);
    EXPECT_NE(find(*base, "team:b"), nullptr);
  }
}

TEST(Change, WhatCannotBeChangedChangesNothing) {
  const auto base = billing();
  const std::string before = describe(*base);
  const auto refuse = [&](const std::vector<EntityChange>& changes, ErrorCode code, const std::string& expected) {
    const LoadedSnapshot changed = change(*base, changes);
    ASSERT_FALSE(changed) << expected;
    EXPECT_EQ(changed.error().detail(), expected);
    EXPECT_EQ(changed.error().code, code) << expected;
    EXPECT_EQ(describe(*base), before);
  };
  Records team;
  team.add("team:b");
  refuse(erasing(team), ErrorCode::kUnknownParent,
         "change 1: `team:b`: cannot be taken out: `team:c` names it as parent; change that first");
  Records gone;
  gone.add("user:zoe");
  refuse(erasing(gone), ErrorCode::kUnknownId, "change 1: `user:zoe`: is not in the data, so it cannot be taken out");
  Records circle;
  circle.add("user:carol").add("team:a", {"team:c"});
  refuse(putting(circle), ErrorCode::kCycle,
         "change 2: `team:a`: its parents run in a circle: `team:a` in `team:c` in `team:b` in `team:a`; take one of "
         "these parents out");
  Records twice;
  twice.add("user:carol").add("user:carol");
  refuse(putting(twice), ErrorCode::kRepeated,
         "change 2: `user:carol`: stands twice, before at change 1; keep one of them");
  Records parentless;
  parentless.add("user:carol", {"team:x"});
  refuse(putting(parentless), ErrorCode::kUnknownParent,
         "change 1: `user:carol`: parent `team:x` is not in the data; add it, or take the parent out");
  Records vanishing;
  vanishing.add("team:lonely").add("user:carol", {"team:lonely"});
  std::vector<EntityChange> changes = putting(vanishing);
  changes[0].erase = true;
  refuse(changes, ErrorCode::kUnknownParent,
         "change 2: `user:carol`: parent `team:lonely` is not in the data; add it, or take the parent out");
}

TEST(Change, DeepHierarchiesStayWithinTheBound) {
  Records records;
  for (int i = 0; i < 4000; ++i)
    records.add("team:" + std::to_string(i),
                i == 0 ? std::vector<std::string>() : std::vector<std::string>{"team:" + std::to_string(i - 1)});
  for (int i = 0; i < 200; ++i)
    records.add("team:t" + std::to_string(i),
                i == 0 ? std::vector<std::string>() : std::vector<std::string>{"team:t" + std::to_string(i - 1)});
  const LoadedSnapshot loaded = load_records(small_world(), records.all(), seeded());
  ASSERT_TRUE(loaded);
  Records join;
  join.add("team:0", {"team:t50"});
  EXPECT_TRUE(change(**loaded, putting(join)));
  Records too_deep;
  too_deep.add("team:0", {"team:t150"});
  const LoadedSnapshot changed = change(**loaded, putting(too_deep));
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::kTooMany);
  EXPECT_TRUE(detail(changed).ends_with("is below more than 4,096 others; make the hierarchy flatter"));
}

TEST(Change, ASingleChangeSharesAllOtherShards) {
  Records records;
  for (int i = 0; i < 5000; ++i)
    records.add("user:" + std::to_string(i), {"group:clerks"});
  const LoadedSnapshot loaded = load_records(small_world(), records.all(), seeded());
  ASSERT_TRUE(loaded);
  Records one;
  one.add("user:new", {"group:clerks"});
  const LoadedSnapshot changed = change(**loaded, putting(one));
  ASSERT_TRUE(changed);
  const auto before = (*loaded)->shards();
  const auto after = (*changed)->shards();
  ASSERT_EQ(before.size(), after.size());
  int different = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    different += before[i] == after[i] ? 0 : 1;
  EXPECT_EQ(different, 1);
}

TEST(Change, ManyVersionsKeepFewPools) {
  Records records;
  records.add("team:a").add("team:b");
  LoadedSnapshot now = load_records(small_world(), records.all(), seeded());
  for (int i = 0; i < 2000; ++i) {
    Records one;
    one.add("user:" + std::to_string(i % 100), {i % 3 == 0 ? "team:a" : "team:b"},
            {{"tags", one.set({Value::string(std::to_string(i))})},
             {"name", Value::string(std::string(300, static_cast<char>('a' + i % 26)))}});
    now = change(**now, putting(one));
    ASSERT_TRUE(now);
  }
  std::size_t bytes = 0;
  for (const auto& shard : (*now)->shards()) {
    EXPECT_LE(shard->pools.size(), 17U);
    for (const auto& pool : shard->pools)
      bytes += pool->arena.bytes();
  }
  EXPECT_LT(bytes, 2000U * 1024U);
  for (int i = 1900; i < 2000; ++i) {
    const Node* const node = find(**now, "user:" + std::to_string(i % 100));
    ASSERT_NE(node, nullptr);
    EXPECT_EQ(node->attributes[3].items[0].text(), std::to_string(i));
    EXPECT_EQ(node->attributes[1].text(), std::string(300, static_cast<char>('a' + i % 26)));
  }
}

}  // namespace
}  // namespace writ::data
