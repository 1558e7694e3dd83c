// Values from JSON and from hosts: what each type takes, every way to be wrong, and that what is written reads back.
#include "src/data/read_datum.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "src/base/civil_time.h"
#include "src/base/ip.h"
#include "src/base/utf8.h"
#include "src/data/bind.h"
#include "src/data/write_datum.h"
#include "src/json/reader.h"
#include "src/json/writer.h"
#include "src/scope/build_datum.h"
#include "src/scope/fits.h"
#include "src/scope/parse_scope.h"

namespace writ::data {
namespace {

using namespace std::string_view_literals;

// entity user; agent; group: clerks, controllers; invoice; settings single
// actions read, write for invoice; create for type invoice; read for settings
// A value of each kind of type under the name it is written as.
class World {
 public:
  World() {
    for (const auto* name : {"user", "agent", "group", "invoice", "settings"})
      schema_.types.emplace_back().name = name;
    schema_.types[2].closed = true;
    schema_.types[2].ids = {"clerks", "controllers"};
    schema_.types[4].single = true;
    schema_.actions = {"read", "write", "create"};
    schema_.types[3].resource_actions = {0, 1};
    schema_.types[3].type_actions = {2};
    schema_.types[4].resource_actions = {0};
    schema_.user = 0;
    schema_.agent = 1;
    schema_.index_names();
    schema_.index_cells();
    using Kind = DatumKind;
    for (const Kind kind : {Kind::kBool, Kind::kInt, Kind::kDecimal, Kind::kString, Kind::kTime, Kind::kDuration,
                            Kind::kIp, Kind::kScope}) {
      add({kind, {}, kNoValueType, {}});
    }
    add({Kind::kEntity, {0}, kNoValueType, {}});
    add({Kind::kEntity, {0, 2}, kNoValueType, {}});
    add({Kind::kEntity, {4}, kNoValueType, {}});
    for (const auto* inner : {"int", "decimal", "string", "scope", "user or group"}) {
      add({Kind::kSet, {}, type(inner), {}});
    }
    add({Kind::kRecord, {}, kNoValueType, {{"city", type("string"), false}, {"code", type("int"), true}}});
    add({Kind::kSet, {}, type("{city: string, code: int?}"), {}});
    add({Kind::kRecord,
         {},
         kNoValueType,
         {{"home", type("{city: string, code: int?}"), true}, {"tags", type("set of string"), true}}});
    add({Kind::kRecord, {}, kNoValueType, {}});
  }

  ValueTypeId type(std::string_view spelled) const {
    for (const auto& [name, id] : types_) {
      if (name == spelled) return id;
    }
    ADD_FAILURE() << "no type " << spelled;
    return 0;
  }
  const Schema& schema() const { return schema_; }
  const std::vector<std::pair<std::string, ValueTypeId>>& types() const { return types_; }

 private:
  void add(const ValueType& value_type) {
    const ValueTypeId id = schema_.intern(value_type);
    types_.emplace_back(schema_.spell(id), id);
  }

  Schema schema_;
  std::vector<std::pair<std::string, ValueTypeId>> types_;
};

const World& world() {
  static const World made;
  return made;
}

std::string shown(const Result<Datum>& datum, ValueTypeId type) {
  if (!datum) {
    EXPECT_TRUE(is_utf8(datum.error().detail()));
    return std::string(code_name(datum.error().code)) + ": " + std::string(datum.error().detail());
  }
  EXPECT_TRUE(fits(world().schema(), type, *datum));
  std::string text;
  json::Writer writer(text);
  write_datum(world().schema(), type, *datum, writer);
  return text;
}

// The value as it is written again.
std::string read(std::string_view spelled, std::string_view json, std::uint32_t most_items = 0xFFFFFFFFU) {
  json::Document document;
  const Result<void> parsed = json::read(json, document);
  if (!parsed) return "json: " + std::string(parsed.error().detail());
  Arena arena;
  const ValueTypeId type = world().type(spelled);
  return shown(read_datum(world().schema(), type, document.root(), arena, most_items), type);
}

TEST(ReadDatum, EachTypeTakesItsSpelling) {
  EXPECT_EQ(read("bool", "true"), "true");
  EXPECT_EQ(read("int", "-42"), "-42");
  EXPECT_EQ(read("int", "-0"), "0");
  EXPECT_EQ(read("int", "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(read("decimal", "40.00"), "\"40.00\"");
  EXPECT_EQ(read("decimal", "\"40.00\""), "\"40.00\"");
  EXPECT_EQ(read("decimal", "40"), "\"40.00\"");
  EXPECT_EQ(read("decimal", "922337203685477.5807"), "\"922337203685477.5807\"");
  EXPECT_EQ(read("string", "\"\""), "\"\"");
  EXPECT_EQ(read("string", "\"a\\u00e9\\n\""), "\"a\xC3\xA9\\n\"");
  EXPECT_EQ(read("time", "\"2026-03-02T10:00:00+01:00\""), "\"2026-03-02T09:00:00Z\"");
  EXPECT_EQ(read("duration", "\"90m\""), "\"1h30m\"");
  EXPECT_EQ(read("duration", "\"-5h\""), "\"-5h\"");
  EXPECT_EQ(read("ip", "\"10.0.0.0/8\""), "\"10.0.0.0/8\"");
  EXPECT_EQ(read("ip", "\"2001:DB8::1\""), "\"2001:db8::1\"");
  EXPECT_EQ(read("scope", "\"invoice_1.read\""), "\"read:invoice_1\"");
  EXPECT_EQ(read("scope", "\"*:invoice_*\""), "\"*:invoice_*\"");
  EXPECT_EQ(read("user", "\"user:a:b\""), "\"user:a:b\"");
  EXPECT_EQ(read("user or group", "\"group:clerks\""), "\"group:clerks\"");
  EXPECT_EQ(read("settings", "\"settings\""), "\"settings\"");
  EXPECT_EQ(read("settings", "\"settings:\""), "\"settings\"");
}

TEST(ReadDatum, NumbersNeverGoThroughADouble) {
  EXPECT_EQ(read("int", "9223372036854775808"), "bad_value: `9223372036854775808` is out of range");
  EXPECT_EQ(read("int", "18446744073709551616"), "bad_value: `18446744073709551616` is out of range");
  EXPECT_EQ(read("int", "1.0"), "bad_value: `1.0` is no whole number");
  EXPECT_EQ(read("int", "1e3"), "bad_value: `1e3` is no whole number");
  EXPECT_EQ(read("decimal", "4e1"), "bad_value: `4e1` is no decimal like 40.00");
  EXPECT_EQ(read("decimal", "0.00001"), "bad_value: `0.00001` has more decimal places than are kept");
  EXPECT_EQ(read("decimal", "922337203685477.5808"), "bad_value: `922337203685477.5808` is out of range");
  EXPECT_EQ(read("decimal", "0.1"), "\"0.10\"");
  EXPECT_EQ(read("decimal", "123456789012.3456"), "\"123456789012.3456\"");
}

TEST(ReadDatum, TypesDoNotMix) {
  EXPECT_EQ(read("int", "\"1\""), "wrong_type: int is needed, not a string");
  EXPECT_EQ(read("bool", "1"), "wrong_type: bool is needed, not a number");
  EXPECT_EQ(read("string", "1"), "wrong_type: string is needed, not a number");
  EXPECT_EQ(read("time", "1772442000"), "wrong_type: time is needed, not a number");
  EXPECT_EQ(read("duration", "300"), "wrong_type: duration is needed, not a number");
  EXPECT_EQ(read("user", "{\"type\":\"user\",\"id\":\"a\"}"), "wrong_type: user is needed, not an object");
  EXPECT_EQ(read("set of string", "\"a\""), "wrong_type: set of string is needed, not a string");
  EXPECT_EQ(read("set of string", "[[\"a\"]]"), "wrong_type: string is needed, not an array");
  EXPECT_EQ(read("{city: string, code: int?}", "[]"), "wrong_type: {city: string, code: int?} is needed, not an array");
  for (const auto& [name, id] : world().types()) {
    EXPECT_EQ(read(name, "null"), "wrong_type: " + name + " is needed, not null");
  }
}

TEST(ReadDatum, TextsThatAreNone) {
  EXPECT_EQ(read("time", "\"2026-03-02\""), "bad_value: `2026-03-02` is no time like 2026-03-02T09:00:00Z");
  EXPECT_EQ(read("time", "\"2026-03-02T09:00:60Z\""),
            "bad_value: `2026-03-02T09:00:60Z` is no time like 2026-03-02T09:00:00Z");
  EXPECT_EQ(read("duration", "\"5 minutes\""), "bad_value: `5 minutes` is no duration like 1h30m");
  EXPECT_EQ(read("duration", "\"99999999999w\""), "bad_value: `99999999999w` is out of range");
  EXPECT_EQ(read("ip", "\"10.0.0.1/8\""),
            "bad_value: `10.0.0.1/8` is no address, and no network without bits past its prefix");
  EXPECT_EQ(read("scope", "\"raed:invoice_1\""), "unknown_action: invoice has no action `raed`");
  EXPECT_EQ(read("decimal", "\"\""), "bad_value: `` is no decimal like 40.00");
  EXPECT_EQ(read("decimal", "\"40.00\\u001b[31m\""), "bad_value: `40.00?[31m` is no decimal like 40.00");
}

TEST(ReadDatum, References) {
  EXPECT_EQ(read("user", "\"alice\""), "bad_value: `alice` is no reference: write `type:id`");
  EXPECT_EQ(read("user", "\"agent:claude\""), "wrong_type: user is needed, not agent");
  EXPECT_EQ(read("user or group", "\"invoice:1\""), "wrong_type: user or group is needed, not invoice");
  EXPECT_EQ(read("user or group", "\"group:cleaners\""), "unknown_id: group does not list the id `cleaners`");
  EXPECT_EQ(read("user", "\"ghost:1\""), "unknown_type: there is no type `ghost`");
  EXPECT_EQ(read("user", "\"user:\""), "bad_id: user needs an id");
  EXPECT_EQ(read("user", "\"user:" + std::string(1025, 'x') + "\""),
            "bad_id: user has ids of 1 to 1024 bytes of UTF-8 without NUL");
}

TEST(ReadDatum, SetsAreSortedAndUnique) {
  EXPECT_EQ(read("set of string", "[\"b\",\"a\",\"b\",\"\"]"), "[\"\",\"a\",\"b\"]");
  EXPECT_EQ(read("set of decimal", "[\"1.5\",1.50,0.10,\"0.1\"]"), "[\"0.10\",\"1.50\"]");
  EXPECT_EQ(read("set of int", "[]"), "[]");
  EXPECT_EQ(read("set of user or group", "[\"user:b\",\"group:clerks\",\"user:a\"]"),
            "[\"user:a\",\"user:b\",\"group:clerks\"]");
  EXPECT_EQ(read("set of scope", "[\"read:invoice_2\",\"*\",\"invoice_2.read\"]"), "[\"*\",\"read:invoice_2\"]");
  EXPECT_EQ(read("set of int", "[1,null]"), "wrong_type: int is needed, not null");
  EXPECT_EQ(read("set of int", "[1,1,1]", 3), "[1]");
  EXPECT_EQ(read("set of int", "[1,1,1]", 2), "too_many: a set of too many items");
}

TEST(ReadDatum, RecordsAreWholeAndNothingMore) {
  const std::string_view address = "{city: string, code: int?}";
  EXPECT_EQ(read(address, R"({"code":7,"city":"Ulm"})"), R"({"city":"Ulm","code":7})");
  EXPECT_EQ(read(address, R"({"city":"Ulm"})"), R"({"city":"Ulm"})");
  EXPECT_EQ(read(address, R"({"code":7})"), "missing_member: the field `city` is missing");
  EXPECT_EQ(read(address, R"({"city":"Ulm","zip":1})"),
            "unknown_member: there is no field `zip` in {city: string, code: int?}");
  EXPECT_EQ(read(address, R"({"city":"Ulm","code":null})"), "wrong_type: in `code`: int is needed, not null");
  EXPECT_EQ(read(address, R"({"city":"Ulm","city":"Ulm"})"), "json: the member `city` stands twice");
  EXPECT_EQ(read("{}", "{}"), "{}");
  EXPECT_EQ(read("set of {city: string, code: int?}", R"([{"city":"b"},{"city":"a","code":1},{"city":"b"}])"),
            R"([{"city":"a","code":1},{"city":"b"}])");
  const std::string_view nested = "{home: {city: string, code: int?}?, tags: set of string?}";
  EXPECT_EQ(read(nested, R"({"home":{"city":"Ulm","code":"x"}})"),
            "wrong_type: in `home`: in `code`: int is needed, not a string");
  EXPECT_EQ(read(nested, R"({"tags":["b","a"]})"), R"({"tags":["a","b"]})");
}

TEST(ReadDatum, ErrorsCarryTheLine) {
  json::Document document;
  ASSERT_TRUE(json::read("[1,\n2,\n\"x\"]", document, 10));
  Arena arena;
  EXPECT_EQ(read_datum(world().schema(), world().type("set of int"), document.root(), arena).error().line, 12U);
  ASSERT_TRUE(json::read("[\"user:a\",\n\"user:b\",\n\"ghost:x\"]", document, 10));
  EXPECT_EQ(read_datum(world().schema(), world().type("set of user or group"), document.root(), arena).error().line,
            12U);
}

TEST(ReadDatum, NothingPointsIntoTheDocument) {
  Arena arena;
  Datum datum;
  const ValueTypeId type = world().type("set of user or group");
  {
    json::Document document;
    ASSERT_TRUE(json::read("[\"user:somebody with a long name\",\"group:clerks\"]", document));
    datum = *read_datum(world().schema(), type, document.root(), arena);
    ASSERT_TRUE(json::read("[\"################################################\"]", document));
  }
  EXPECT_EQ(shown(datum, type), "[\"user:somebody with a long name\",\"group:clerks\"]");
}

// ------------------------------------------------------------------------------------------------------ bind

std::string bound(std::string_view spelled, const Value& value, std::uint32_t most_items = 0xFFFFFFFFU) {
  Arena arena;
  const ValueTypeId type = world().type(spelled);
  return shown(bind(world().schema(), type, value, arena, most_items), type);
}

TEST(Bind, EachTypeTakesItsValue) {
  EXPECT_EQ(bound("bool", Value::boolean(true)), "true");
  EXPECT_EQ(bound("int", Value::integer(-3)), "-3");
  EXPECT_EQ(bound("decimal", Value::decimal(400000)), "\"40.00\"");
  EXPECT_EQ(bound("string", Value::string("x\xC3\xA9")), "\"x\xC3\xA9\"");
  EXPECT_EQ(bound("string", Value::string({})), "\"\"");
  EXPECT_EQ(bound("time", Value::time({0})), "\"1970-01-01T00:00:00Z\"");
  EXPECT_EQ(bound("duration", Value::duration(Duration::seconds(90))), "\"1m30s\"");
  EXPECT_EQ(bound("duration", Value::duration({std::numeric_limits<std::int64_t>::min()})),
            "\"-15250284w3d4h54s775ms808us\"");
  EXPECT_EQ(bound("ip", Value::ip(*parse_ip("::1"))), "\"::1\"");
  EXPECT_EQ(bound("scope", Value::scope("profile.read")), "unknown_type: there is no type `profile`");
  EXPECT_EQ(bound("scope", Value::scope("settings.read")), "\"read:settings\"");
  EXPECT_EQ(bound("user or group", Value::entity("group", "clerks")), "\"group:clerks\"");
  EXPECT_EQ(bound("settings", Value::entity("settings", "")), "\"settings\"");
  const std::vector<Value> items = {Value::string("b"), Value::string("a"), Value::string("b")};
  EXPECT_EQ(bound("set of string", Value::set(items)), "[\"a\",\"b\"]");
  EXPECT_EQ(bound("set of string", Value::set({})), "[]");
  const std::vector<NamedValue> fields = {{"code", Value::integer(7)}, {"city", Value::string("Ulm")}};
  EXPECT_EQ(bound("{city: string, code: int?}", Value::record(fields)), R"({"city":"Ulm","code":7})");
}

TEST(Bind, TypesDoNotMix) {
  EXPECT_EQ(bound("decimal", Value::integer(40)), "wrong_type: decimal is needed, not an int");
  EXPECT_EQ(bound("time", Value::duration({1})), "wrong_type: time is needed, not a duration");
  EXPECT_EQ(bound("scope", Value::string("read:invoice_1")), "wrong_type: scope is needed, not a string");
  EXPECT_EQ(bound("ip", Value::string("10.0.0.1")), "wrong_type: ip is needed, not a string");
  EXPECT_EQ(bound("user", Value::string("user:alice")), "wrong_type: user is needed, not a string");
  EXPECT_EQ(bound("user", Value::entity("group", "clerks")), "wrong_type: user is needed, not group");
  EXPECT_EQ(bound("string", Value::set({})), "wrong_type: string is needed, not a set");
  EXPECT_EQ(bound("set of string", Value::record({})), "wrong_type: set of string is needed, not a record");
}

TEST(Bind, NothingOutOfRange) {
  EXPECT_EQ(bound("bool",
                  [] {
                    Value two = Value::boolean(true);
                    two.number = 2;
                    return two;
                  }()),
            "true");
  EXPECT_EQ(bound("time", Value::time({kLatestTime + 1})), "bad_value: a time outside the years 1 to 9999");
  EXPECT_EQ(bound("time", Value::time({kEarliestTime - 1})), "bad_value: a time outside the years 1 to 9999");
  EXPECT_EQ(bound("string", Value::string("a\0b"sv)), "bad_value: a string is UTF-8 without NUL");
  EXPECT_EQ(bound("string", Value::string("\xFF")), "bad_value: a string is UTF-8 without NUL");
  Ip odd = *parse_ip("10.0.0.0/8");
  odd.bytes[3] = 1;
  EXPECT_EQ(bound("ip", Value::ip(odd)), "bad_value: an address with bits past its prefix");
  odd.prefix = 33;
  EXPECT_EQ(bound("ip", Value::ip(odd)), "bad_value: an address with bits past its prefix");
  EXPECT_EQ(bound("user", Value::entity("user", "")), "bad_id: user needs an id");
  EXPECT_EQ(bound("user", Value::entity("user", "a\0"sv)),
            "bad_id: user has ids of 1 to 1024 bytes of UTF-8 without NUL");
  EXPECT_EQ(bound("user", Value::entity("ghost", "a")), "unknown_type: there is no type `ghost`");
  const std::vector<Value> items(3, Value::integer(1));
  EXPECT_EQ(bound("set of int", Value::set(items), 2), "too_many: a set of too many items");
}

TEST(Bind, RecordsAreWholeAndNothingMore) {
  const std::string_view address = "{city: string, code: int?}";
  const NamedValue city = {"city", Value::string("Ulm")};
  const std::vector<NamedValue> twice = {city, city};
  const std::vector<NamedValue> unknown = {city, {"zip", Value::integer(1)}};
  const std::vector<NamedValue> missing = {{"code", Value::integer(1)}};
  const std::vector<NamedValue> wrong = {{"city", Value::integer(1)}};
  EXPECT_EQ(bound(address, Value::record(twice)), "repeated: the field `city` stands twice");
  EXPECT_EQ(bound(address, Value::record(unknown)),
            "unknown_member: there is no field `zip` in {city: string, code: int?}");
  EXPECT_EQ(bound(address, Value::record(missing)), "missing_member: the field `city` is missing");
  EXPECT_EQ(bound(address, Value::record(wrong)), "wrong_type: in `city`: string is needed, not an int");
}

// ------------------------------------------------------------------------------------------------------ properties

class Generator {
 public:
  Generator(std::mt19937& random, Arena& arena) : random_(random), arena_(arena) {}

  Datum value(ValueTypeId id) {
    const ValueType& type = world().schema().value_types[id];
    switch (type.kind) {
      case DatumKind::kBool:
        return number_datum(type.kind, static_cast<std::int64_t>(random_() % 2));
      case DatumKind::kInt:
      case DatumKind::kDecimal:
      case DatumKind::kDuration:
        return number_datum(type.kind, number());
      case DatumKind::kTime:
        return number_datum(type.kind, kEarliestTime + (number() & 0x3FFFFFFFFFFFFFF));
      case DatumKind::kString:
        return text_datum(text());
      case DatumKind::kIp:
        return address_datum(*parse_ip(pick({"10.0.0.0/8", "::1", "2001:db8::/32", "192.0.2.1"})), arena_);
      case DatumKind::kEntity:
        return entity(type);
      case DatumKind::kScope:
        return scope();
      case DatumKind::kSet: {
        const auto items = arena_.array<Datum>(random_() % 5);
        for (Datum& item : items)
          item = value(type.inner);
        return set_datum(items);
      }
      default: {
        const auto fields = arena_.array<Datum>(type.fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
          if (!type.fields[i].optional || random_() % 2 == 0) fields[i] = value(type.fields[i].type);
        }
        return record_datum(fields);
      }
    }
  }

 private:
  std::string_view pick(std::vector<std::string_view> from) { return from[random_() % from.size()]; }
  std::int64_t number() {
    const auto wide = (static_cast<std::uint64_t>(random_()) << 32U) | random_();
    return static_cast<std::int64_t>(wide) >> (random_() % 64);
  }
  std::string_view text() {
    std::string made;
    for (auto size = random_() % 6; size > 0; --size)
      made += pick({"a", "\"", "\\", "\n", "\x7F", "\xC3\xA9", ":", "\x01"});
    return arena_.copy(made);
  }
  Datum entity(const ValueType& type) {
    const TypeId chosen = type.entities[random_() % type.entities.size()];
    const EntityType& declared = world().schema().types[chosen];
    if (declared.single) return entity_datum(chosen, {});
    if (declared.closed) return entity_datum(chosen, declared.ids[random_() % declared.ids.size()]);
    return entity_datum(chosen, arena_.copy("x" + std::string(text())));
  }
  Datum scope() {
    return scope_datum(
        *parse_permission(world().schema(),
                          pick({"*", "*:*_*", "read:*", "*:invoice", "*:invoice_*", "*:invoice_a*", "read:invoice_7",
                                "create:invoice", "settings.read", "write:invoice_b*"}),
                          arena_));
  }

  std::mt19937& random_;
  Arena& arena_;
};

TEST(WriteDatum, WhatIsWrittenIsReadBack) {
  std::mt19937 random(14);
  json::Document document;
  for (int round = 0; round < 3000; ++round) {
    Arena arena;
    for (const auto& [name, type] : world().types()) {
      const Datum datum = Generator(random, arena).value(type);
      ASSERT_TRUE(fits(world().schema(), type, datum)) << name;
      std::string text;
      json::Writer writer(text);
      write_datum(world().schema(), type, datum, writer);
      ASSERT_TRUE(json::read(text, document)) << name << " " << text;
      const Result<Datum> back = read_datum(world().schema(), type, document.root(), arena);
      ASSERT_TRUE(back) << name << " " << text << " " << back.error().detail();
      ASSERT_EQ(compare(*back, datum), 0) << name << " " << text;
    }
  }
}

// Any JSON for any type is a value that fits, or an error.
TEST(ReadDatum, AnyJsonForAnyType) {
  const std::vector<std::string> pieces = {"null",
                                           "true",
                                           "0",
                                           "-1.5",
                                           "1e9",
                                           "\"user:a\"",
                                           "\"group:clerks\"",
                                           "\"10.0.0.0/8\"",
                                           "\"5m\"",
                                           "\"2026-03-02T09:00:00Z\"",
                                           "\"read:invoice_1\"",
                                           "\"*\"",
                                           "[]",
                                           "{}",
                                           "[1,2,1]",
                                           "[\"a\",\"user:b\"]",
                                           "[[1]]",
                                           R"({"city":"Ulm"})",
                                           R"({"city":"Ulm","code":1.5})",
                                           R"([{"city":"a"},{"city":1}])",
                                           R"({"home":{"city":"x"},"tags":["a"]})",
                                           R"({"home":null})",
                                           "\"\"",
                                           "\"settings\"",
                                           "99999999999999999999"};
  int taken = 0;
  for (const auto& [name, type] : world().types()) {
    for (const std::string& piece : pieces) {
      const std::string answer = read(name, piece);
      taken += answer.find(": ") == std::string::npos || answer.starts_with("{") || answer.starts_with("[") ? 1 : 0;
      for (const std::string& inner : pieces)
        read(name, "[" + piece + "," + inner + "]");
    }
  }
  EXPECT_GT(taken, 30);
}

}  // namespace
}  // namespace writ::data
