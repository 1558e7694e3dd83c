// Entities as an image holds them: the same again, byte for byte, whatever they are; and bytes that are something else.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "src/data/dump.h"
#include "src/data/packed.h"
#include "src/data/write_image.h"
#include "tests/support/run_length.h"
#include "tests/unit/data/world.h"

namespace writ::data {
namespace {

using Random = std::mt19937_64;
using Bytes = std::vector<std::byte>;

std::size_t below(Random& random, std::size_t bound) {
  return static_cast<std::size_t>(random() % bound);
}

std::string text_of(Random& random) {
  constexpr std::size_t kSizes[] = {0, 1, 7, 40, 128, 129, 300};
  std::string text;
  for (std::size_t left = kSizes[below(random, std::size(kSizes))]; left > 0; --left)
    text += static_cast<char>('a' + below(random, 3));
  return text;
}

std::string scope_of(Random& random) {
  constexpr const char* kScopes[] = {"*",
                                     "*:*",
                                     "read:*",
                                     "*:invoice_*",
                                     "create:invoice",
                                     "write:invoice_*",
                                     "read:settings",
                                     "settings.read",
                                     "invoice_7.read"};
  if (below(random, 2) == 0) return kScopes[below(random, std::size(kScopes))];
  const std::string id = std::to_string(below(random, 30)) + (below(random, 3) == 0 ? "*" : "");
  return (below(random, 4) == 0 ? "*:invoice_" : "read:invoice_") + id;
}

class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed) : random_(seed) {}

  Records records() {
    Records made;
    const std::size_t teams = 1 + below(random_, 20);
    for (std::size_t i = 0; i < teams; ++i)
      made.add("team:" + std::to_string(i), upwards("team:", i, teams));
    for (std::size_t i = 0; i < teams; ++i)
      made.add("folder:" + std::to_string(i), upwards("folder:", i, teams));
    for (std::size_t i = below(random_, 60); i > 0; --i)
      made.add("user:" + std::to_string(i) + text_of(random_), upwards("team:", 0, teams), attributes(made));
    if (below(random_, 2) == 0) made.add("group:clerks", upwards("team:", 0, teams));
    if (below(random_, 2) == 0) made.add("settings", {}, {{"frozen", Value::boolean(below(random_, 2) == 0)}});
    for (std::size_t i = below(random_, 20); i > 0; --i) {
      made.add("invoice:" + std::to_string(i), upwards("folder:", 0, teams),
               {{"owner", Value::entity("user", std::to_string(below(random_, 9)))}});
    }
    return made;
  }

 private:
  std::vector<std::string> upwards(const std::string& type, std::size_t from, std::size_t end) {
    std::vector<std::string> names;
    for (std::size_t i = below(random_, 4); i > 0 && from + 1 < end; --i)
      names.push_back(type + std::to_string(from + 1 + below(random_, end - from - 1)));
    return names;
  }

  bool often() { return below(random_, 3) != 0; }

  std::vector<Value> some(Value (RandomWorld::*make)()) {
    std::vector<Value> items;
    for (std::size_t i = below(random_, 6); i > 0; --i)
      items.push_back((this->*make)());
    return items;
  }
  Value text() { return Value::string(keep(text_of(random_))); }
  Value scope() { return Value::scope(keep(scope_of(random_))); }
  Value somebody() { return Value::entity(below(random_, 2) == 0 ? "user" : "agent", keep("x" + text_of(random_))); }

  Value address() {
    Ip ip;
    ip.v4 = below(random_, 2) == 0;
    ip.prefix = ip.v4 ? 32 : 128;
    for (std::size_t i = 0; i < (ip.v4 ? 4U : 16U); ++i)
      ip.bytes[i] = static_cast<std::uint8_t>(random_());
    return Value::ip(ip);
  }

  Records::Attributes attributes(Records& records) {
    Records::Attributes all;
    const auto integer = [this] { return static_cast<std::int64_t>(random_()) >> below(random_, 63); };
    if (often()) all.push_back({"clearance", Value::integer(integer())});
    if (often()) all.push_back({"name", text()});
    if (often()) all.push_back({"boss", Value::entity("user", keep("b" + text_of(random_)))});
    if (often()) all.push_back({"tags", records.set(some(&RandomWorld::text))});
    if (often()) all.push_back({"site", address()});
    if (often()) all.push_back({"permissions", records.set(some(&RandomWorld::scope))});
    if (often()) all.push_back({"joined", Value::time(Time{integer() >> 8})});
    if (often()) all.push_back({"shift", Value::duration(Duration{integer()})});
    if (often()) all.push_back({"rate", Value::decimal(integer())});
    if (often()) all.push_back({"active", Value::boolean(often())});
    if (often()) {
      std::vector<NamedValue> fields{{"city", text()}};
      if (often()) fields.push_back({"code", Value::integer(integer())});
      all.push_back({"address", records.record(std::move(fields))});
    }
    if (often()) all.push_back({"friends", records.set(some(&RandomWorld::somebody))});
    return all;
  }

  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  Random random_;
  std::deque<std::string> texts_;
};

LoadedSnapshot loaded(const Bytes& bytes, std::uint64_t seed = 3) {
  return load_image(small_world(), bytes, seeded(seed));
}

TEST(EntitiesImage, HoldsWhateverThereIs) {
  std::size_t most = 0;
  for (std::uint64_t seed = 0; seed < test::drawn(600); ++seed) {
    RandomWorld world(seed);
    const Records records = world.records();
    const LoadedSnapshot from = load_records(small_world(), records.all(), seeded(seed));
    ASSERT_TRUE(from) << seed << ": " << from.error().detail();
    const Bytes bytes = write_image(**from);
    const LoadedSnapshot again = loaded(bytes, seed + 1);
    ASSERT_TRUE(again) << seed << ": " << again.error().detail();
    ASSERT_EQ(describe(**again), describe(**from)) << seed;
    ASSERT_EQ((*again)->size(), (*from)->size());
    ASSERT_EQ(write_image(**again), bytes) << seed;
    most = std::max(most, (*from)->size());
  }
  EXPECT_GT(most, 80U);
}

// A version that came about by changes is written as one that was loaded.
TEST(EntitiesImage, DoesNotDependOnHistory) {
  const auto schema = small_world();
  Records first;
  first.add("team:a").add("team:b", {"team:a"}).add("user:1", {"team:b"}, {{"name", Value::string("one")}});
  first.add("user:gone", {"team:b"});
  Records second;
  second.add("user:1", {"team:a", "team:b"}, {{"name", Value::string("two")}}).add("user:2", {"team:a", "team:b"});
  Records both;
  both.add("user:2", {"team:b", "team:a"}).add("team:b", {"team:a"}).add("team:a");
  both.add("user:1", {"team:b", "team:a", "team:b"}, {{"name", Value::string("two")}});
  const LoadedSnapshot before = load_records(schema, first.all(), seeded(1));
  ASSERT_TRUE(before);
  std::vector<EntityChange> changes;
  for (const EntityRecord& record : second.all())
    changes.push_back({false, record});
  changes.push_back({true, {{"user", "gone"}, {}, {}}});
  const LoadedSnapshot after = change(**before, changes);
  ASSERT_TRUE(after) << after.error().detail();
  const LoadedSnapshot fresh = load_records(schema, both.all(), seeded(2));
  ASSERT_TRUE(fresh);
  EXPECT_EQ(write_image(**after), write_image(**fresh));
}

// Not a large one, but with some of everything.
Bytes bytes_of_a_world() {
  for (std::uint64_t seed = 0;; ++seed) {
    RandomWorld world(seed);
    const Records records = world.records();
    Bytes bytes = write_image(**load_records(small_world(), records.all(), seeded()));
    if (bytes.size() > 800 && bytes.size() < 1'600) return bytes;
  }
}

TEST(EntitiesImage, CutAnywhereIsRefused) {
  const Bytes bytes = bytes_of_a_world();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const LoadedSnapshot cut = loaded(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    ASSERT_FALSE(cut) << size;
    ASSERT_EQ(cut.error().code, ErrorCode::kBadImage) << size;
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(loaded(longer));
}

// Refused, or the data of somebody; what it holds then is whole, so that it can be told and written, and comes back.
TEST(EntitiesImage, EveryFlippedBitIsRefusedOrSomeData) {
  Bytes bytes = bytes_of_a_world();
  std::size_t taken = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    const LoadedSnapshot forged = loaded(bytes);
    if (forged) {
      ++taken;
      ASSERT_EQ(describe(**loaded(write_image(**forged))), describe(**forged)) << bit;
    } else {
      ASSERT_EQ(forged.error().code, ErrorCode::kBadImage) << bit;
    }
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  }
  EXPECT_GT(taken, 100U);
}

// What only all entities together show. Folders alone: their names, and by folder the number of a list.
struct Folders {
  std::vector<std::string> names;                 // of parents, ascending
  std::vector<std::vector<std::uint64_t>> lists;  // as they are written
  std::vector<std::pair<std::string, std::uint64_t>> entities;
  TypeId of_parents = 4;
};

Bytes spelled(const Folders& folders) {
  const auto schema = small_world();
  PackedWriter out;
  for (const ValueType& type : schema->value_types) {
    if (is_numbered(type.kind)) out.number(0);
  }
  out.number(folders.names.size());
  for (const std::string& name : folders.names) {
    out.number(folders.of_parents);
    out.text(name);
  }
  for (const EntityType& type : schema->types) {
    if (type.name != "folder") {
      out.number(0);
      out.number(0);
      continue;
    }
    out.number(folders.lists.size());
    for (const auto& list : folders.lists) {
      out.number(list.size());
      for (const std::uint64_t number : list)
        out.number(number);
    }
    out.number(folders.entities.size());
    for (const auto& [id, list] : folders.entities) {
      out.text(id);
      out.number(list);
    }
  }
  return out.bytes();
}

std::string refused(const Folders& folders) {
  const LoadedSnapshot found = loaded(spelled(folders));
  if (found) return "taken";
  EXPECT_EQ(found.error().code, ErrorCode::kBadImage);
  return std::string(found.error().detail());
}

TEST(EntitiesImage, IsHeldToWhatJsonIsHeldTo) {
  EXPECT_EQ(refused({{"a"}, {{0}}, {{"a", 0}, {"b", 1}}}), "taken");
  EXPECT_EQ(refused({{"a"}, {{0}}, {{"b", 0}, {"b", 0}}}),
            "its entities: entity 2: `folder:b`: stands twice, before at entity 1; keep one of them");
  EXPECT_EQ(refused({{"a"}, {{0}}, {{"b", 1}}}),
            "its entities: entity 1: `folder:b`: parent `folder:a` is not in the data; add it, or take the parent out");
  EXPECT_EQ(refused({{"a", "b"}, {{0}, {1}}, {{"a", 2}, {"b", 1}}}),
            "its entities: entity 1: `folder:a`: its parents run in a circle: `folder:a` in `folder:b` in `folder:a`; "
            "take one of these parents out");
  Folders deep;
  for (std::size_t i = 0; i < 5'000; ++i) {
    deep.names.push_back(std::to_string(10'000 + i));
    deep.lists.push_back({i});
    deep.entities.emplace_back(deep.names.back(), i);
  }
  EXPECT_NE(refused(deep).find("is below more than 4,096 others"), std::string::npos);
}

TEST(EntitiesImage, NumbersThatLeadNowhere) {
  EXPECT_EQ(refused({{"a"}, {{1}}, {}}), "its entities: no such value");
  EXPECT_EQ(refused({{"a", "b"}, {{0, 1}}, {}}), "its entities: no such value");
  EXPECT_EQ(refused({{"a"}, {{0}}, {{"b", 2}}}), "its entities: no such list of parents");
  EXPECT_EQ(refused({{"a"}, {{}}, {}}), "its entities: a list of no parents");
  EXPECT_EQ(refused({{"b", "a"}, {}, {}}), "its entities: parents are out of order");
  EXPECT_EQ(refused({{"a", "a"}, {}, {}}), "its entities: parents are out of order");
  EXPECT_EQ(refused({{""}, {}, {}}), "its entities: a parent's id is none");
  EXPECT_EQ(refused({{}, {}, {{"", 0}}}), "its entities: an entity's id is none");
  EXPECT_EQ(refused({{"a"}, {{0}}, {}, 2}), "its entities: a parent is of a type that is not declared for it");
  // A list that nobody has is nobody's: the parent in it need not be there.
  EXPECT_EQ(refused({{"a"}, {{0}}, {{"b", 0}}}), "taken");
}

// A user's tags, permissions and address, another's address; and what is said when a text of theirs is replaced.
std::string refused(const std::string& from, const std::string& to) {
  Records records;
  records.add("user:1", {},
              {{"tags", records.set({Value::string("tagA"), Value::string("tagB")})},
               {"permissions", records.set({Value::scope("read:invoice_A"), Value::scope("read:invoice_B")})},
               {"address", records.record({{"city", Value::string("cityA")}})}});
  records.add("user:2", {}, {{"address", records.record({{"city", Value::string("cityB")}})}});
  Bytes bytes = write_image(**load_records(small_world(), records.all(), seeded()));
  const auto as_bytes = [](char c) { return static_cast<std::byte>(c); };
  Bytes wanted(from.size());
  std::transform(from.begin(), from.end(), wanted.begin(), as_bytes);
  const auto at = std::search(bytes.begin(), bytes.end(), wanted.begin(), wanted.end());
  EXPECT_NE(at, bytes.end());
  std::transform(to.begin(), to.end(), at, as_bytes);
  const LoadedSnapshot found = loaded(bytes);
  return found ? "taken" : std::string(found.error().detail());
}

// What is found by halving, or compared by number, must be in order.
TEST(EntitiesImage, OrderIsLookedAt) {
  EXPECT_EQ(refused("tagA", "tag0"), "taken");
  EXPECT_EQ(refused("tagA", "tagB"), "its entities: a set is out of order");
  EXPECT_EQ(refused("tagA", "tagC"), "its entities: a set is out of order");
  EXPECT_EQ(refused("\x01\x41", "\x01\x30"), "taken");
  EXPECT_EQ(refused("\x01\x41", "\x01\x42"), "its entities: scopes are out of order");
  EXPECT_EQ(refused("\x01\x41", "\x01\x43"), "its entities: scopes are out of order");
  EXPECT_EQ(refused("\x01\x41", "\x01*"), "its entities: a scope names what is not declared");
  EXPECT_EQ(refused("cityA", "city0"), "taken");
  EXPECT_EQ(refused("cityA", "cityB"), "its entities: values are out of order");
  EXPECT_EQ(refused("cityA", "cityC"), "its entities: values are out of order");
  EXPECT_EQ(refused("cityA", "cit\xFFZ"), "its entities: a value does not fit its type");
}

TEST(EntitiesImage, CountsPastTheEndTakeNoMemory) {
  PackedWriter out;
  out.number(std::uint64_t{1} << 62U);
  out.text("a");
  const LoadedSnapshot found = loaded(out.bytes());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().detail(), "its entities: a list runs past the end");
}

TEST(Packed, NumbersComeBack) {
  PackedWriter out;
  std::vector<std::int64_t> numbers{0, 1, -1, 63, 64, -64, -65, INT64_MAX, INT64_MIN};
  for (int bit = 0; bit < 63; ++bit)
    numbers.push_back(std::int64_t{1} << bit);
  for (const std::int64_t number : numbers) {
    out.signed_number(number);
    out.number(static_cast<std::uint64_t>(number));
  }
  PackedReader in(out.bytes());
  for (const std::int64_t number : numbers) {
    EXPECT_EQ(in.signed_number(), number);
    EXPECT_EQ(in.number(), static_cast<std::uint64_t>(number));
  }
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.left(), 0U);
  const Bytes endless(20, std::byte{0xFF});
  PackedReader none(endless);
  none.number();
  EXPECT_STREQ(none.fault(), "a number that does not end");
}

}  // namespace
}  // namespace writ::data
