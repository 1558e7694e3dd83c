// Look-ups by value, by parent and by id, against a walk over all entities; also in new versions of the data.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "src/data/index.h"
#include "src/data/lookup.h"
#include "src/data/shard.h"
#include "tests/unit/data/world.h"

namespace writ::data {
namespace {

using Ids = std::multiset<std::string>;

Ids ids_of(const Nodes& nodes) {
  Ids ids;
  for (const Node* node : nodes)
    ids.insert(std::string(node->entity.text()));
  return ids;
}

template <class Matches>
Ids walk(const Snapshot& data, Matches&& matches) {
  Ids ids;
  for (const auto& shard : data.shards()) {
    shard->each([&](const Node& node) {
      if (matches(node)) ids.insert(std::string(node.entity.text()));
    });
  }
  return ids;
}

Records made(std::mt19937_64& random, int users) {
  Records records;
  for (int i = 0; i < 20; ++i) {
    std::vector<std::string> parents;
    if (i > 0 && random() % 2 == 0) parents.push_back("folder:" + std::to_string(random() % static_cast<unsigned>(i)));
    records.add("folder:" + std::to_string(i), parents);
  }
  for (int i = 0; i < users; ++i) {
    Records::Attributes attributes;
    if (random() % 4 != 0) attributes.push_back({"clearance", Value::integer(static_cast<int>(random() % 5))});
    if (random() % 2 == 0) {
      attributes.push_back({"tags", records.set({Value::string("a"), Value::string(random() % 2 == 0 ? "b" : "a")})});
    }
    if (random() % 2 == 0) attributes.push_back({"boss", Value::entity("user", random() % 2 == 0 ? "0" : "1")});
    records.add("user:" + std::to_string(i), {}, attributes);
  }
  for (int i = 0; i < users; ++i) {
    records.add("invoice:" + std::to_string(i), {"folder:" + std::to_string(random() % 20)},
                {{"owner", Value::entity("user", std::to_string(random() % 10))}, {"amount", Value::decimal(1)}});
  }
  return records;
}

// So many that all entities are walked over: each found once or more, and nothing else.
void check_many(const Snapshot& data) {
  std::pmr::monotonic_buffer_resource memory;
  const TypeId user = data.schema().find_type("user");
  const TypeId folder = data.schema().find_type("folder");
  const TypeId invoice = data.schema().find_type("invoice");
  std::vector<std::string> ids;
  for (int i = 0; i < 100; ++i)
    ids.push_back(std::to_string(i));
  std::vector<Datum> users;
  std::vector<Datum> folders;
  for (const std::string& id : ids) {
    if (id != "3") users.push_back(entity_datum(user, id));
    folders.push_back(
        entity_datum(folder, id == "0" ? std::string_view("0")
                                       : std::string_view("nowhere")));  // the one that others are below, and none
  }
  const auto owner = static_cast<std::uint16_t>(data.schema().types[invoice].attribute("owner"));
  Nodes found(&memory);
  EXPECT_TRUE(find_holders(data, invoice, owner, users, found));
  EXPECT_EQ(ids_of(found), walk(data, [&](const Node& node) {
              return node.entity.type == invoice && node.attributes[owner].text() != "3";
            }));
  Nodes below(&memory);
  find_below(data, folders, below);
  EXPECT_EQ(ids_of(below),
            walk(data, [&](const Node& node) { return node.within(folders[0], data.hash_of(folder, "0")); }));
}

void check(const Snapshot& data) {
  const Schema& schema = data.schema();
  std::pmr::monotonic_buffer_resource memory;
  const TypeId user = schema.find_type("user");
  const TypeId invoice = schema.find_type("invoice");
  const auto holders = [&](TypeId type, const char* name, const Datum& value) {
    Nodes found(&memory);
    const auto attribute = static_cast<std::uint16_t>(schema.types[type].attribute(name));
    EXPECT_TRUE(find_holders(data, type, attribute, {&value, 1}, found));
    const Ids expected = walk(data, [&](const Node& node) {
      if (node.entity.type != type) return false;
      const Datum& own = node.attributes[attribute];
      if (own.kind != DatumKind::kSet) return own.kind == value.kind && compare(own, value) == 0;
      return std::any_of(own.items, own.items + own.count,
                         [&](const Datum& item) { return compare(item, value) == 0; });
    });
    EXPECT_EQ(ids_of(found), expected) << name;
    return found.size();
  };
  std::size_t found = 0;
  for (int i = 0; i < 6; ++i)
    found += holders(user, "clearance", number_datum(DatumKind::kInt, i));
  for (const char* tag : {"a", "b", "c"})
    found += holders(user, "tags", text_datum(tag));
  for (const char* id : {"0", "1", "7", "nobody"}) {
    found += holders(user, "boss", entity_datum(user, id));
    found += holders(invoice, "owner", entity_datum(user, id));
  }
  EXPECT_GT(found, 0U);
  const TypeId folder = schema.find_type("folder");
  for (const char* id : {"0", "3", "19", "nowhere"}) {
    const Datum parent = entity_datum(folder, id);
    Nodes below(&memory);
    find_below(data, {&parent, 1}, below);
    EXPECT_EQ(ids_of(below),
              walk(data, [&](const Node& node) { return node.within(parent, data.hash_of(folder, id)); }));
  }
  check_many(data);
  for (const char* prefix : {"", "1", "12", "x"}) {
    for (const char* from : {"", "11", "5"}) {
      InOrder order(data, invoice, prefix, from, memory);
      std::vector<std::string> listed;
      while (const Node* const node = order.next())
        listed.emplace_back(node->entity.text());
      const Ids expected = walk(data, [&](const Node& node) {
        return node.entity.type == invoice && node.entity.text().starts_with(prefix) && node.entity.text() >= from;
      });
      EXPECT_EQ(listed, std::vector<std::string>(expected.begin(), expected.end()));
    }
  }
}

TEST(Index, FindsWhatAWalkFinds) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    const Records records = made(random, 10 + static_cast<int>(random() % 300));
    const LoadedSnapshot loaded = load_records(small_world(), records.all(), seeded(seed));
    ASSERT_TRUE(loaded) << loaded.error().detail();
    check(**loaded);
    // What a change leaves alone keeps its indexes; what it replaces is indexed anew.
    Records later;
    later.add("user:0", {}, {{"clearance", Value::integer(4)}});
    later.add("invoice:0", {"folder:3"}, {{"owner", Value::entity("user", "7")}, {"amount", Value::decimal(1)}});
    std::vector<EntityChange> changes;
    for (const EntityRecord& record : later.all())
      changes.push_back({false, record});
    const LoadedSnapshot changed = change(**loaded, changes);
    ASSERT_TRUE(changed) << changed.error().detail();
    check(**changed);
  }
}

TEST(Index, WhatNoIndexHoldsIsSaid) {
  const LoadedSnapshot loaded = load_records(small_world(), {}, seeded());
  std::pmr::monotonic_buffer_resource memory;
  Nodes found(&memory);
  const Datum none;
  EXPECT_FALSE(find_holders(**loaded, (*loaded)->schema().find_type("user"), 0, {&none, 1}, found));
}

}  // namespace
}  // namespace writ::data
