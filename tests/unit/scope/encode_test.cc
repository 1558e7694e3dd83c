#include "src/scope/encode.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/scope/fits.h"
#include "tests/unit/scope/world.h"

namespace writ {
namespace {

using Bytes = std::vector<std::byte>;

Bytes encoded(const Schema& schema) {
  Bytes bytes;
  encode(schema, bytes);
  return bytes;
}

Bytes sample() {
  static const Bytes bytes = encoded(*make_world());
  return bytes;
}

std::string told(const Bytes& bytes) {
  const auto schema = decode(bytes);
  return schema ? "decoded" : std::string(schema.error().detail());
}

TEST(EncodeSchema, DecodesToAnEqualOne) {
  const auto schema = decode(sample());
  ASSERT_TRUE(schema) << schema.error().detail();
  EXPECT_EQ(encoded(**schema), sample());
  const auto world = make_world();
  EXPECT_EQ((*schema)->types.size(), world->types.size());
  EXPECT_EQ((*schema)->find_type("profile"), world->find_type("profile"));
  EXPECT_EQ((*schema)->find_alias("repo"), world->find_alias("repo"));
  EXPECT_EQ((*schema)->everything().size(), world->everything().size());
  EXPECT_EQ(shown(**schema, (*schema)->aliases[0].cells), "read:invoice_* read:profile_");
}

TEST(EncodeSchema, IsDeterministicAndAppends) {
  EXPECT_EQ(encoded(*make_world()), sample());
  Bytes bytes(3, std::byte{7});
  encode(*make_world(), bytes);
  EXPECT_EQ(Bytes(bytes.begin() + 3, bytes.end()), sample());
}

TEST(DecodeSchema, RefusesEveryTruncationAndAnythingBehind) {
  const Bytes whole = sample();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<long>(size));
    const auto schema = decode(part);
    ASSERT_FALSE(schema) << size;
    ASSERT_EQ(schema.error().code, ErrorCode::kBadImage);
  }
  Bytes more = whole;
  more.push_back(std::byte{0});
  EXPECT_EQ(told(more), "the declarations: has bytes left over");
}

// What is taken is whole: it is written as the very bytes it came from, and every value in it fits.
void expect_sound(const Bytes& bytes) {
  const auto schema = decode(bytes);
  if (!schema) {
    ASSERT_EQ(schema.error().code, ErrorCode::kBadImage);
    return;
  }
  ASSERT_EQ(encoded(**schema), bytes);
  const Schema& s = **schema;
  ASSERT_EQ(s.types[s.user].name, "user");
  ASSERT_EQ(s.types[s.agent].name, "agent");
  for (const EntityType& type : s.types) {
    for (const Attribute& attribute : type.attributes) {
      ASSERT_FALSE(s.spell(attribute.type).empty());
      if (attribute.fallback.kind != DatumKind::kNone) {
        ASSERT_TRUE(fits(s, attribute.type, attribute.fallback));
      }
    }
  }
  for (const Cell& cell : s.everything())
    ASSERT_TRUE(fits(s, cell));
}

TEST(DecodeSchema, EveryChangedByteIsSoundOrRefused) {
  const Bytes whole = sample();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int change : {1, 2, 0x80, 0xFF}) {
      Bytes bytes = whole;
      bytes[at] ^= static_cast<std::byte>(change);
      expect_sound(bytes);
    }
  }
}

TEST(DecodeSchema, MutationsAreSoundOrRefused) {
  const Bytes whole = sample();
  std::mt19937 random(13);
  for (int round = 0; round < 40000; ++round) {
    Bytes bytes = whole;
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const auto at = static_cast<long>(random() % bytes.size());
      switch (random() % 4) {
        case 0:
          bytes[static_cast<std::size_t>(at)] = static_cast<std::byte>(random() % 256);
          break;
        case 1:
          bytes[static_cast<std::size_t>(at)] = static_cast<std::byte>(random() % 4);
          break;
        case 2:
          bytes.erase(bytes.begin() + at);
          break;
        default:
          bytes.insert(bytes.begin() + at, static_cast<std::byte>(random() % 8));
      }
    }
    expect_sound(bytes);
  }
}

// A count of four billion in a few bytes must not cost memory first.
TEST(DecodeSchema, CountsPastTheEndAreRefusedBeforeMemoryIsTaken) {
  for (std::size_t at = 0; at + 4 <= sample().size(); ++at) {
    Bytes bytes = sample();
    for (std::size_t i = 0; i < 4; ++i)
      bytes[at + i] = std::byte{0xFF};
    expect_sound(bytes);
  }
}

// A schema with a hole: built by hand, written, and to be refused.
template <class Break>
std::string broken(const Break& change) {
  const std::shared_ptr<Schema> schema = make_world();
  change(*schema);
  return told(encoded(*schema));
}

TEST(DecodeSchema, EveryInvariantIsChecked) {
  const auto prefix = std::string("the declarations: ");
  EXPECT_EQ(broken([](Schema&) {}), "decoded");
  EXPECT_EQ(broken([](Schema& s) { s.actions[1] = "read"; }), prefix + "a name stands twice");
  EXPECT_EQ(broken([](Schema& s) { s.actions[1] = "wr ite"; }), prefix + "a name is not well-formed");
  EXPECT_EQ(broken([](Schema& s) { s.types[4].name = "in_voice"; }), prefix + "a name is not well-formed");
  EXPECT_EQ(broken([](Schema& s) { s.types[4].name = "folder"; }), prefix + "a name stands twice");
  EXPECT_EQ(broken([](Schema& s) { std::swap(s.types[0].ids[0], s.types[0].ids[1]); }),
            prefix + "the ids of a type are out of order");
  EXPECT_EQ(broken([](Schema& s) { s.types[0].closed = false; }), prefix + "only closed types list ids");
  EXPECT_EQ(broken([](Schema& s) { s.types[0].single = true; }), prefix + "a type is both single and closed");
  EXPECT_EQ(broken([](Schema& s) { s.types[1].parents = {99}; }), prefix + "no such type or action");
  EXPECT_EQ(broken([](Schema& s) { s.types[1].reaches.clear(); }), prefix + "a type does not reach its parents");
  EXPECT_EQ(broken([](Schema& s) { s.types[1].parents = {0, 0}; }), prefix + "a parent type stands twice");
  EXPECT_EQ(broken([](Schema& s) { s.types[4].resource_actions = {1, 0}; }), prefix + "a list is out of order");
  EXPECT_EQ(broken([](Schema& s) { s.types[4].type_actions = {0}; }),
            prefix + "an action belongs to a type and to its resources");
  EXPECT_EQ(broken([](Schema& s) { s.user = s.agent; }), prefix + "no user or no agent");
  EXPECT_EQ(broken([](Schema& s) { s.user = 200; }), prefix + "no such type");
  EXPECT_EQ(broken([](Schema& s) { s.types[1].attributes[0].fallback = text_datum("x"); }),
            prefix + "a value does not fit its type");
  EXPECT_EQ(broken([](Schema& s) {
              s.types[1].attributes[1].fallback.count = 0xFFFF;
              s.types[1].attributes.resize(1);
              s.types[1].attributes[0].type = 4096;
            }),
            prefix + "no such value type");
  EXPECT_EQ(broken([](Schema& s) { s.types[2].attributes[0].fallback = text_datum("x"); }),
            prefix + "an optional attribute has a default");
  EXPECT_EQ(broken([](Schema& s) { s.context[0].absent_none = true; }),
            prefix + "a context key that is not optional cannot mean none");
  EXPECT_EQ(broken([](Schema& s) { s.aliases[0].cells.clear(); }), prefix + "a scope of nothing");
  EXPECT_EQ(broken([](Schema& s) { std::swap(s.aliases[0].cells[0], s.aliases[0].cells[1]); }),
            prefix + "cells are out of order");
  EXPECT_EQ(broken([](Schema& s) { s.aliases[0].cells[0].kind = CellKind::kType; }),
            prefix + "a cell names what is not declared");
  EXPECT_EQ(broken([](Schema& s) { s.aliases[1].name = "repo"; }), prefix + "a name stands twice");
  EXPECT_EQ(broken([](Schema& s) { s.aliases[1].name = std::string(2000, 'a'); }),
            prefix + "a name is not well-formed");
  EXPECT_EQ(broken([](Schema& s) { s.value_types.push_back(s.value_types[0]); }), prefix + "a value type stands twice");
}

// Types that nest for ever, or that few bytes make endless to spell.
TEST(DecodeSchema, ValueTypesAreBounded) {
  const auto records = [](int depth, int width) {
    return broken([=](Schema& s) {
      auto inner = static_cast<ValueTypeId>(0);
      for (int i = 0; i < depth; ++i) {
        ValueType type{DatumKind::kRecord, {}, kNoValueType, {}};
        for (int k = 0; k < width; ++k)
          type.fields.push_back({"f" + std::to_string(k), inner, false});
        inner = s.intern(type);
      }
    });
  };
  EXPECT_EQ(records(60, 1), "decoded");
  EXPECT_EQ(records(70, 1), "the declarations: a value type is too large");
  EXPECT_EQ(records(10, 2), "decoded");
  EXPECT_EQ(records(30, 2), "the declarations: a value type is too large");
  EXPECT_EQ(broken([](Schema& s) {
              s.value_types.push_back({DatumKind::kSet, {}, 4095, {}});
            }),
            "the declarations: no such value type");
}

}  // namespace
}  // namespace writ
