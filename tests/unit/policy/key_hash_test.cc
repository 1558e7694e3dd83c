#include "src/policy/key_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace writ::policy {
namespace {

constexpr std::uint64_t kSeed = 0x1234;

Schema schema_of(std::string action, std::string type) {
  Schema schema;
  schema.actions = {std::move(action)};
  schema.types.resize(1);
  schema.types[0].name = std::move(type);
  return schema;
}

std::uint64_t of_scope(std::string_view scope) {
  return hash_scope(scope_words(scope), scope.size(), ScopeSeeds(kSeed));
}

TEST(KeyHash, AnIdIsHashedAsTheScopeThatAsksForIt) {
  for (const std::string action : {"r", "read", "contents.read"}) {
    const Schema schema = schema_of(action, "doc");
    KeyHasher hash_of(schema, 0, 0, 7, kSeed);
    for (std::size_t size = 0; size <= 40; ++size) {
      const std::string id = std::string("0123456789abcdefghijklmnopqrstuvwxyzABCD").substr(0, size);
      const std::string scope = action + ":doc_" + id;
      const std::uint64_t wanted =
          scope.size() <= kMostOfScope ? of_scope(scope) : hash_apart(7, CellKind::kExact, id, kSeed);
      EXPECT_EQ(hash_of(CellKind::kExact, id), wanted) << scope;
      EXPECT_EQ(hash_of(CellKind::kPrefix, id), hash_apart(7, CellKind::kPrefix, id, kSeed)) << scope;
    }
  }
}

TEST(KeyHash, ANameWithoutRoomIsNotRead) {
  const Schema schema = schema_of(std::string(100, 'a'), std::string(100, 't'));
  KeyHasher hash_of(schema, 0, 0, 3, kSeed);
  EXPECT_EQ(hash_of(CellKind::kExact, "1"), hash_apart(3, CellKind::kExact, "1", kSeed));
}

TEST(KeyHash, EveryByteAndEveryLengthCounts) {
  std::set<std::uint64_t> seen;
  std::size_t texts = 0;
  for (std::size_t size = 0; size <= kMostOfScope; ++size) {
    const std::string text(size, 'a');
    seen.insert(of_scope(text));
    ++texts;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      seen.insert(of_scope(other));
      ++texts;
    }
  }
  EXPECT_EQ(seen.size(), texts);
}

TEST(KeyHash, WhatStandsBehindATextIsNotRead) {
  for (std::size_t size = 0; size <= kMostOfScope; ++size) {
    const std::string one = std::string(size, 'x') + "1";
    const std::string other = std::string(size, 'x') + "2";
    EXPECT_EQ(of_scope(std::string_view(one).substr(0, size)), of_scope(std::string_view(other).substr(0, size)));
  }
}

}  // namespace
}  // namespace writ::policy
