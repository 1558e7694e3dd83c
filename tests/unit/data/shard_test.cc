// Places without collisions, blocks of records, and what happens where two hashes are one.
#include "src/data/bytes_apart.h"
#include "src/data/shard.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <set>
#include <string>

#include "src/base/place.h"
#include "tests/unit/data/world.h"

namespace writ::data {
using pilot::bucket_of;
using pilot::buckets_of;
using pilot::place;
using pilot::place_of;
using pilot::Places;
namespace {

void expect_placed(const std::vector<std::uint64_t>& hashes) {
  const Places placed = place(hashes);
  ASSERT_EQ(placed.places.size(), hashes.size());
  ASSERT_EQ(placed.pilots.size(), buckets_of(placed.capacity));
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    ASSERT_LT(placed.places[i], placed.capacity);
    EXPECT_TRUE(seen.insert(placed.places[i]).second);
    const std::uint8_t pilot = placed.pilots[bucket_of(hashes[i], placed.capacity)];
    EXPECT_EQ(place_of(hashes[i], pilot, placed.capacity), placed.places[i]);
  }
}

TEST(Place, EveryHashHasAPlaceOfItsOwn) {
  std::mt19937_64 random(1);
  for (std::size_t count = 0; count < 300; ++count) {
    std::vector<std::uint64_t> hashes(count);
    for (std::uint64_t& hash : hashes)
      hash = random();
    expect_placed(hashes);
  }
  for (const std::size_t count : {1000U, 5000U, 40000U}) {
    std::vector<std::uint64_t> hashes(count);
    for (std::uint64_t& hash : hashes)
      hash = random();
    expect_placed(hashes);
    const Places placed = place(hashes);
    EXPECT_LT(placed.capacity, count + count / 3);
  }
}

TEST(Place, HashesThatBeginAlikeAsThoseOfAShardDo) {
  std::mt19937_64 random(2);
  std::vector<std::uint64_t> hashes(1000);
  for (std::uint64_t& hash : hashes)
    hash = (random() >> 20U) | 0xABC0000000000000ULL;
  expect_placed(hashes);
}

TEST(Place, EqualHashesAreLeftOver) {
  const std::vector<std::uint64_t> hashes = {5, 77777777777ULL, 5, 5, 1234567890123456789ULL};
  const Places placed = place(hashes);
  std::set<std::uint32_t> taken;
  std::size_t without = 0;
  for (const std::uint32_t at : placed.places) {
    without += at == kNone ? 1 : 0;
    EXPECT_TRUE(at == kNone || taken.insert(at).second);
  }
  EXPECT_GE(without, 2U);
}

// Nodes of a type with so many texts as attributes.
struct Nodes {
  std::deque<std::string> texts;
  std::deque<std::vector<Datum>> attributes;
  std::vector<Node> nodes;

  void add(std::uint64_t hash, std::string id, std::vector<std::string> values) {
    Node& node = nodes.emplace_back();
    node.hash = hash;
    node.entity = entity_datum(0, texts.emplace_back(std::move(id)));
    auto& list = attributes.emplace_back();
    for (std::string& value : values)
      list.push_back(text_datum(texts.emplace_back(std::move(value))));
    node.attributes = list;
  }
};

const Node* find(const Shard& shard, const Node& wanted) {
  const auto* const pilots = reinterpret_cast<const std::uint8_t*>(shard.records) - buckets_of(shard.capacity);
  const std::uint32_t at = place_of(wanted.hash, pilots[bucket_of(wanted.hash, shard.capacity)], shard.capacity);
  const auto* const node = reinterpret_cast<const Node*>(shard.records + std::size_t{at} * shard.stride);
  if (node->hash == wanted.hash && same_entity(node->entity, wanted.entity)) return node;
  return shard.find_spilled(wanted.entity.type, wanted.entity.text(), wanted.hash);
}

void expect_holds(const Shard& shard, const Nodes& expected) {
  std::size_t count = 0;
  shard.each([&count](const Node&) { ++count; });
  EXPECT_EQ(count, expected.nodes.size());
  for (const Node& node : expected.nodes) {
    const Node* const found = find(shard, node);
    ASSERT_NE(found, nullptr) << node.entity.text();
    EXPECT_EQ(found->entity.text(), node.entity.text());
    ASSERT_EQ(found->attributes.size(), node.attributes.size());
    for (std::size_t i = 0; i < node.attributes.size(); ++i)
      EXPECT_EQ(found->attributes[i].text(), node.attributes[i].text());
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(found) % 64, 0U);
  }
}

TEST(BuildShard, RecordsOfAllSizes) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    Nodes nodes;
    for (std::size_t i = random() % 200; i > 0; --i) {
      std::vector<std::string> values(random() % 20);
      for (std::string& value : values)
        value.assign(random() % (kLongestTextInRecord + 1), 'v');
      nodes.add(random(), std::to_string(i) + std::string(random() % 3 == 0 ? random() % 900 : 0, 'i'), values);
    }
    Blocks blocks(random() % 2 == 0 ? 0 : std::size_t{64} << 20U);
    expect_holds(*build_shard(nodes.nodes, {}, blocks), nodes);
  }
}

TEST(BuildShard, SlabsAreCutWithoutOverlap) {
  Blocks blocks(std::size_t{64} << 20U);
  std::deque<Nodes> all;
  std::vector<std::shared_ptr<const Shard>> shards;
  std::mt19937_64 random(4);
  for (int i = 0; i < 100; ++i) {
    Nodes& nodes = all.emplace_back();
    for (int k = 0; k < 1000; ++k)
      nodes.add(random(), std::to_string(k), {std::to_string(i)});
    shards.push_back(build_shard(nodes.nodes, {}, blocks));
  }
  for (std::size_t i = 0; i < shards.size(); ++i)
    expect_holds(*shards[i], all[i]);
}

TEST(BuildShard, EqualHashesAreToldApart) {
  Nodes nodes;
  for (int i = 0; i < 20; ++i)
    nodes.add(i % 3 == 0 ? 42 : static_cast<std::uint64_t>(i) << 58U, std::to_string(i), {"v" + std::to_string(i)});
  Blocks blocks;
  const auto shard = build_shard(nodes.nodes, {}, blocks);
  EXPECT_GE(shard->spilled.size(), 6U);
  expect_holds(*shard, nodes);
  Nodes absent;
  absent.add(42, "x", {});
  EXPECT_EQ(find(*shard, absent.nodes.front()), nullptr);
}

// What a replaced version holds alone, so that whoever keeps it knows what that costs.
TEST(BytesApart, AreThoseThatTheNextVersionDoesNotShare) {
  Records records;
  for (int i = 0; i < 20'000; ++i)
    records.add("user:" + std::to_string(i), {}, {{"name", Value::string("a name")}});
  const auto schema = small_world();
  const LoadedSnapshot first = load_records(schema, records.all(), seeded());
  const LoadedSnapshot other = load_records(schema, records.all(), seeded());
  Records one;
  one.add("user:7", {}, {{"name", Value::string("another")}});
  const EntityChange change_of_one{false, one.all().front()};
  const LoadedSnapshot next = change(**first, std::span(&change_of_one, 1));
  ASSERT_TRUE(first && other && next);
  const std::size_t all = bytes_apart(**first, **other);
  EXPECT_GT(all, 20'000U * 128);
  EXPECT_LT(all, 20'000U * 1'000);
  const std::size_t of_one = bytes_apart(**first, **next);
  EXPECT_GT(of_one, 1'000U);
  EXPECT_LT(of_one, all / 20);
}

}  // namespace
}  // namespace writ::data
