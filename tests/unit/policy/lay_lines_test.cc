#include "src/policy/lay_lines.h"

#include <gtest/gtest.h>

#include <string>

#include "src/policy/compile.h"

namespace writ::policy {
namespace {

std::shared_ptr<const Program> program_of(const std::string& rules) {
  const PolicyText text{"p.writ",
                        "entity user\nentity agent\nentity doc { level: int }\nactions read, write for doc\n" + rules};
  Compiled compiled = compile({&text, 1});
  EXPECT_NE(compiled.program, nullptr) << compiled.diagnostics;
  return std::move(compiled.program);
}

const LineRecord* line_of(const Program& program, std::uint32_t pair, CellKind kind, std::string_view id) {
  const PaddedWords words = id.size() <= kMostPadded ? padded_words(id) : PaddedWords();
  return program.find_line(pair, kind, id, words, program.hash_of(pair, kind, id));
}

TEST(LayLines, WhatIsSaidOfAnIdLiesInItsLineWhereItFits) {
  const auto program = program_of("allow read:doc_7 to user:ann if doc.level < 5\n");
  const LineRecord* const line = line_of(*program, 0, CellKind::kExact, "7");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->entry, static_cast<std::uint8_t>(EntryKind::kAllow));
  ASSERT_EQ(line->test_count, 2U);
  const std::span<const TestRecord> tests = line->tests();
  EXPECT_EQ(tests[0].of, static_cast<std::uint8_t>(TestOf::kUserHere));
  EXPECT_EQ(std::string_view(line->bytes + tests[0].number, tests[0].index), "ann");
  EXPECT_EQ(program->entries[0].tests, kNoNode);
}

TEST(LayLines, WhatDoesNotFitIsElsewhere) {
  const std::string whole = "allow read:doc_7\nallow read:doc_7 if doc.level < 5\n";
  const auto two = program_of(whole);
  const LineRecord* line = line_of(*two, 0, CellKind::kExact, "7");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->entry, LineRecord::kElsewhere);
  EXPECT_EQ(two->entries_of(two->keys[line->key]).size(), 2U);

  const std::string longer(sizeof(LineRecord::bytes) + 1, 'x');
  const auto of_long = program_of("allow read:doc_" + longer + "\n");
  line = line_of(*of_long, 0, CellKind::kExact, longer);
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->id_size, LineRecord::kElsewhere);
  EXPECT_EQ(line_of(*of_long, 0, CellKind::kExact, longer + "x"), nullptr);

  const std::string longest(sizeof(LineRecord::bytes), 'x');
  const auto of_longest = program_of("allow read:doc_" + longest + "\n");
  line = line_of(*of_longest, 0, CellKind::kExact, longest);
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->id_size, longest.size());
}

TEST(LayLines, AUserWithoutRoomStaysAConstant) {
  const std::string user(sizeof(LineRecord::bytes) - sizeof(TestRecord) - LineRecord::room_of_id(1) + 1,
                         'u');  // with the id one byte too many
  const auto program = program_of("allow read:doc_7 to user:" + user + "\n");
  const LineRecord* const line = line_of(*program, 0, CellKind::kExact, "7");
  ASSERT_NE(line, nullptr);
  ASSERT_EQ(line->test_count, 1U);
  EXPECT_EQ(line->tests()[0].of, static_cast<std::uint8_t>(TestOf::kUserIs));
}

TEST(LayLines, WhatIsJudgedForEachAgentAndWhatLimitsIsElsewhere) {
  const auto program = program_of("allow read:doc_1\ntrust any agent with write:doc_1\nlimit read:doc_2 for 5m\n");
  for (std::uint32_t at = 0; at < program->keys.size(); ++at) {
    const KeyRecord& key = program->keys[at];
    const LineRecord* const line = line_of(*program, key.pair, CellKind::kExact, program->text(key.id));
    ASSERT_NE(line, nullptr);
    const bool allow = program->entries_of(key)[0].kind == static_cast<std::uint8_t>(EntryKind::kAllow);
    EXPECT_EQ(line->entry != LineRecord::kElsewhere, allow);
  }
}

TEST(LayLines, EveryKeyHasItsLineAndNothingElseHasOne) {
  std::string rules;
  for (int i = 0; i < 3000; ++i) {
    const std::string id = std::to_string(i);
    rules += "allow read:doc_" + id + "\nallow write:doc_" + id + "*\n";
  }
  const auto program = program_of(rules);
  ASSERT_EQ(program->keys.size(), 6000U);
  for (std::uint32_t at = 0; at < program->keys.size(); ++at) {
    const KeyRecord& key = program->keys[at];
    const auto kind = static_cast<CellKind>(key.kind);
    const auto other = kind == CellKind::kExact ? CellKind::kPrefix : CellKind::kExact;
    const std::string_view id = program->text(key.id);
    const LineRecord* const line = line_of(*program, key.pair, kind, id);
    ASSERT_NE(line, nullptr) << id;
    EXPECT_EQ(line->key, at);
    EXPECT_EQ(line_of(*program, key.pair, other, id), nullptr) << id;
    EXPECT_EQ(line_of(*program, key.pair, kind, std::string(id) + "x"), nullptr) << id;
  }
}

}  // namespace
}  // namespace writ::policy
