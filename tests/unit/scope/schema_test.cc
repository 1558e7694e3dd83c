// The schema's look-ups and orders, references, and what fits.
#include "src/scope/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/scope/build_datum.h"
#include "src/scope/fits.h"
#include "src/scope/parse_entity.h"
#include "tests/unit/scope/world.h"

namespace writ {
namespace {

using namespace std::string_view_literals;

const Schema& world() {
  static const std::shared_ptr<Schema> schema = make_world();
  return *schema;
}

TEST(Schema, FindsByName) {
  EXPECT_EQ(world().types[world().find_type("invoice")].name, "invoice");
  EXPECT_EQ(world().find_type("Invoice"), kNoId);
  EXPECT_EQ(world().find_type(""), kNoId);
  EXPECT_EQ(world().actions[world().find_action("read_all")], "read_all");
  EXPECT_EQ(world().find_action("read "), kNoId);
  EXPECT_EQ(world().context[static_cast<std::size_t>(world().find_context("task"))].name, "task");
  EXPECT_EQ(world().find_context("Task"), -1);
  EXPECT_EQ(world().find_alias("nothing"), -1);
  const EntityType& region = world().types[world().find_type("region")];
  EXPECT_TRUE(region.lists("us"));
  EXPECT_FALSE(region.lists("u"));
  EXPECT_FALSE(region.lists(""));
  EXPECT_TRUE(world().types[world().user].can_reach(world().find_type("group")));
  EXPECT_FALSE(world().types[world().user].can_reach(world().user));
}

TEST(Schema, SpellsTypesAsTheyAreWritten) {
  const EntityType& user = world().types[world().user];
  const auto spelled = [&](std::string_view name) {
    const Attribute& attribute = user.attributes[static_cast<std::size_t>(user.attribute(name))];
    return world().spell(attribute.type, attribute.optional);
  };
  EXPECT_EQ(spelled("clearance"), "int");
  EXPECT_EQ(spelled("tags"), "set of string");
  EXPECT_EQ(spelled("boss"), "group or user?");
  EXPECT_EQ(spelled("limits"), "{day: decimal, note: string?}");
  EXPECT_EQ(spelled("seen"), "set of {at: time, from: ip?}");
  EXPECT_EQ(spelled("permissions"), "set of scope");
}

TEST(Schema, EqualTypesHaveEqualIds) {
  Schema schema;
  const ValueType text{DatumKind::kString, {}, kNoValueType, {}};
  schema.value_types.push_back(text);  // by hand
  EXPECT_EQ(schema.intern(text), 0U);
  std::vector<ValueTypeId> ids;
  for (int round = 0; round < 2; ++round) {
    for (std::uint16_t i = 0; i < 500; ++i) {
      const ValueTypeId entity = schema.intern({DatumKind::kEntity, {i}, kNoValueType, {}});
      const ValueTypeId record =
          schema.intern({DatumKind::kRecord, {}, kNoValueType, {{"f" + std::to_string(i), entity, i % 2 == 0}}});
      if (round == 0) ids.push_back(record);
      EXPECT_EQ(record, ids[i]);
    }
  }
  EXPECT_EQ(schema.value_types.size(), 1001U);
}

TEST(Schema, EverythingIsSortedAndWhole) {
  const std::span<const Cell> all = world().everything();
  std::size_t of_types = 0;
  for (std::size_t type = 0; type < world().types.size(); ++type) {
    of_types += world().everything_of(static_cast<TypeId>(type)).size();
  }
  EXPECT_EQ(of_types, all.size());
  EXPECT_EQ(all.size(), 8U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(fits(world(), all[i]));
    if (i > 0) {
      EXPECT_LT(compare(all[i - 1], all[i]), 0);
    }
  }
}

TEST(Ids, BareAndAny) {
  EXPECT_TRUE(is_bare_id("a.B9_~@/+=-"));
  for (const auto id : {""sv, "a b"sv, "a:b"sv, "a*"sv, "a\""sv, "\xC3\xA9"sv, "a\0"sv, "a%"sv, "a,b"sv}) {
    EXPECT_FALSE(is_bare_id(id)) << id;
  }
  EXPECT_TRUE(is_id("The Gleaming: \xC3\xA9*"));
  EXPECT_FALSE(is_id(""));
  EXPECT_FALSE(is_id("a\0b"sv));
  EXPECT_FALSE(is_id("\xED\xA0\x80"));
  EXPECT_TRUE(is_id(std::string(1024, 'x')) && is_bare_id(std::string(1024, 'x')));
  EXPECT_FALSE(is_id(std::string(1025, 'x')) || is_bare_id(std::string(1025, 'x')));
}

TEST(Entities, References) {
  const auto parsed = [](std::string_view text) {
    const Result<Datum> entity = parse_entity(world(), text);
    if (!entity) return std::string(code_name(entity.error().code)) + ": " + std::string(entity.error().detail());
    return world().types[entity->type].name + "|" + std::string(entity->text());
  };
  EXPECT_EQ(parsed("user:alice"), "user|alice");
  EXPECT_EQ(parsed("user:a:b"), "user|a:b");
  EXPECT_EQ(parsed("invoice:The Gleaming"), "invoice|The Gleaming");
  EXPECT_EQ(parsed("group:clerks"), "group|clerks");
  EXPECT_EQ(parsed("profile"), "profile|");
  EXPECT_EQ(parsed("profile:"), "profile|");
  EXPECT_EQ(parsed("profile:x"), "bad_id: profile is a single resource and has no id");
  EXPECT_EQ(parsed("group:cleaners"), "unknown_id: group does not list the id `cleaners`");
  EXPECT_EQ(parsed("group:"), "bad_id: group needs an id");
  EXPECT_EQ(parsed("user:"), "bad_id: user needs an id");
  EXPECT_EQ(parsed("user"), "bad_value: `user` is no reference: write `type:id`");
  EXPECT_EQ(parsed(""), "bad_value: `` is no reference: write `type:id`");
  EXPECT_EQ(parsed(":x"), "unknown_type: there is no type ``");
  EXPECT_EQ(parsed("User:alice"), "unknown_type: there is no type `User`");
  EXPECT_EQ(parsed("user:a\0b"sv), "bad_id: user has ids of 1 to 1024 bytes of UTF-8 without NUL");
}

TEST(Entities, Principals) {
  const auto parsed = [](TypeId type, std::string_view text) {
    const Result<Datum> entity = parse_principal(world(), type, text);
    return entity ? std::string(entity->text())
                  : std::string(code_name(entity.error().code)) + ": " + std::string(entity.error().detail());
  };
  EXPECT_EQ(parsed(world().user, "user:alice"), "alice");
  EXPECT_EQ(parsed(world().agent, "agent:a:b"), "a:b");
  EXPECT_EQ(parsed(world().user, "alice"), "wrong_type: `alice` is no user: write `user:id`");
  EXPECT_EQ(parsed(world().user, "agent:claude"), "wrong_type: `agent:claude` is no user: write `user:id`");
  EXPECT_EQ(parsed(world().agent, "user:alice"), "wrong_type: `user:alice` is no agent: write `agent:id`");
  EXPECT_EQ(parsed(world().user, "users:alice"), "wrong_type: `users:alice` is no user: write `user:id`");
  EXPECT_EQ(parsed(world().user, "user:"), "bad_id: user needs an id");
}

// ------------------------------------------------------------------------------------------------------ orders

std::vector<Datum> samples(Arena& arena) {
  std::vector<Datum> all = {Datum()};
  for (const std::int64_t number : {-5, 0, 1, 7}) {
    all.push_back(number_datum(DatumKind::kInt, number));
    all.push_back(number_datum(DatumKind::kTime, number));
  }
  for (const auto text : {""sv, "a"sv, "b"sv, "aa"sv, "\xFF"sv, "\x7F"sv})
    all.push_back(text_datum(text));
  for (const TypeId type : {TypeId{1}, TypeId{2}}) {
    for (const auto id : {"a"sv, "b"sv})
      all.push_back(entity_datum(type, id));
  }
  for (const auto* text : {"10.0.0.0/8", "10.0.0.0/9", "9.0.0.1", "::1", "::"}) {
    all.push_back(address_datum(*parse_ip(text), arena));
  }
  const auto cells = arena.array<Cell>(3);
  cells[0] = {0, 1, CellKind::kAll, {}};
  cells[1] = {0, 1, CellKind::kPrefix, "a"};
  cells[2] = {1, 1, CellKind::kAll, {}};
  for (std::size_t first = 0; first < 3; ++first) {
    for (std::size_t count = 1; first + count <= 3; ++count)
      all.push_back(scope_datum(cells.subspan(first, count)));
  }
  const std::size_t plain = all.size();
  for (std::size_t i = 1; i + 2 < plain; i += 2) {
    const auto items = arena.array<Datum>(2);
    items[0] = all[i];
    items[1] = all[i + 1];
    all.push_back(record_datum(items));
    all.push_back(record_datum(items.subspan(0, 1)));
  }
  return all;
}

TEST(Compare, IsATotalOrder) {
  Arena arena;
  const std::vector<Datum> all = samples(arena);
  const auto sign = [](int order) { return order == 0 ? 0 : (order < 0 ? -1 : 1); };
  for (std::size_t a = 0; a < all.size(); ++a) {
    for (std::size_t b = 0; b < all.size(); ++b) {
      ASSERT_EQ(sign(compare(all[a], all[b])), -sign(compare(all[b], all[a])));
      ASSERT_EQ(compare(all[a], all[b]) == 0, a == b) << a << " " << b;
      for (const Datum& c : all) {
        if (compare(all[a], all[b]) < 0 && compare(all[b], c) < 0) {
          ASSERT_LT(compare(all[a], c), 0);
        }
      }
    }
  }
}

TEST(Compare, LooksAtContentNotAtAddresses) {
  const std::string one = "alice";
  const std::string other = "alice";
  EXPECT_EQ(compare(text_datum(one), text_datum(other)), 0);
  EXPECT_LT(compare(text_datum("\x7F"), text_datum("\x80")), 0);  // bytes are unsigned
}

TEST(SetDatum, IsSortedAndUnique) {
  Arena arena;
  const std::vector<Datum> pool = samples(arena);
  std::mt19937 random(12);
  for (int round = 0; round < 2000; ++round) {
    const auto items = arena.array<Datum>(random() % 12);
    for (Datum& item : items)
      item = pool[random() % pool.size()];
    const std::vector<Datum> given(items.begin(), items.end());
    const Datum set = set_datum(items);
    for (std::uint32_t i = 1; i < set.count; ++i)
      ASSERT_LT(compare(set.items[i - 1], set.items[i]), 0);
    for (const Datum& item : given) {
      bool found = false;
      for (std::uint32_t i = 0; i < set.count; ++i)
        found = found || compare(set.items[i], item) == 0;
      ASSERT_TRUE(found);
    }
  }
}

// ------------------------------------------------------------------------------------------------------ overlap

// Against what the words say, over all ids of a small universe.
TEST(Overlap, IsWhatItSaysOverAllSmallIds) {
  std::vector<std::string> ids;
  for (const std::string a : {"", "a", "b"}) {
    for (const std::string b : {"", "a", "b"}) {
      for (const std::string c : {"", "a", "b"})
        ids.push_back(a + b + c);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Cell> cells;
  for (const CellKind kind : {CellKind::kPrefix, CellKind::kExact}) {
    for (const std::string& id : ids) {
      if (!id.empty() && id.size() < 3) cells.push_back({0, 0, kind, id});
    }
  }
  cells.push_back({0, 0, CellKind::kAll, {}});
  cells.push_back({0, 0, CellKind::kType, {}});
  const auto has = [](const Cell& cell, const std::string& id) {
    if (cell.kind == CellKind::kType || id.empty()) return false;
    return cell.kind == CellKind::kAll || (cell.kind == CellKind::kExact ? id == cell.id : id.starts_with(cell.id));
  };
  for (const Cell& pattern : cells) {
    for (const Cell& asked : cells) {
      bool all = true;
      bool some = false;
      for (const std::string& id : ids) {
        if (!has(asked, id)) continue;
        all = all && has(pattern, id);
        some = some || has(pattern, id);
      }
      if (asked.kind == CellKind::kType) all = some = pattern.kind == CellKind::kType;
      const Overlap expected = all ? Overlap::kCovers : some ? Overlap::kPartly : Overlap::kDisjoint;
      EXPECT_EQ(overlap(pattern, asked), expected)
          << static_cast<int>(pattern.kind) << pattern.id << " " << static_cast<int>(asked.kind) << asked.id;
      Cell elsewhere = asked;
      elsewhere.action = 1;
      EXPECT_EQ(overlap(pattern, elsewhere), Overlap::kDisjoint);
      elsewhere = asked;
      elsewhere.type = 1;
      EXPECT_EQ(overlap(pattern, elsewhere), Overlap::kDisjoint);
    }
  }
}

// ------------------------------------------------------------------------------------------------------ fits

TEST(Fits, DefaultsOfTheWorldDo) {
  for (const EntityType& type : world().types) {
    for (const Attribute& attribute : type.attributes) {
      if (attribute.fallback.kind == DatumKind::kNone) continue;
      EXPECT_TRUE(fits(world(), attribute.type, attribute.fallback)) << attribute.name;
    }
  }
}

TEST(Fits, NothingThatIsOutOfRange) {
  const std::shared_ptr<Schema> own = make_world();
  Schema& schema = *own;
  Arena arena;
  const auto plain = [&](DatumKind kind) { return schema.intern({kind, {}, kNoValueType, {}}); };
  EXPECT_FALSE(fits(schema, plain(DatumKind::kBool), number_datum(DatumKind::kBool, 2)));
  EXPECT_FALSE(fits(schema, plain(DatumKind::kBool), number_datum(DatumKind::kInt, 1)));
  EXPECT_FALSE(fits(schema, plain(DatumKind::kTime), number_datum(DatumKind::kTime, kLatestTime + 1)));
  EXPECT_FALSE(fits(schema, plain(DatumKind::kString), text_datum("a\0"sv)));
  EXPECT_FALSE(fits(schema, plain(DatumKind::kString), text_datum("\xFF")));
  EXPECT_FALSE(fits(schema, plain(DatumKind::kString), Datum()));
  Ip ip = *parse_ip("10.0.0.0/8");
  ip.bytes[3] = 1;
  EXPECT_FALSE(fits(schema, plain(DatumKind::kIp), address_datum(ip, arena)));
  const ValueTypeId user = schema.intern({DatumKind::kEntity, {schema.user}, kNoValueType, {}});
  EXPECT_TRUE(fits(schema, user, entity_datum(schema.user, "a")));
  EXPECT_FALSE(fits(schema, user, entity_datum(schema.agent, "a")));
  EXPECT_FALSE(fits(schema, user, entity_datum(schema.user, "")));
  const ValueTypeId strings = schema.intern({DatumKind::kSet, {}, plain(DatumKind::kString), {}});
  const auto items = arena.array<Datum>(2);
  items[0] = text_datum("b");
  items[1] = text_datum("a");
  Datum set = record_datum(items);
  set.kind = DatumKind::kSet;
  EXPECT_FALSE(fits(schema, strings, set));
  items[0] = text_datum("a");
  EXPECT_FALSE(fits(schema, strings, set));
  items[1] = text_datum("b");
  EXPECT_TRUE(fits(schema, strings, set));
  EXPECT_FALSE(fits(schema, plain(DatumKind::kScope), scope_datum({})));
}

}  // namespace
}  // namespace writ
